"""`--dry-run`: what an import would do, without writing a row or asking another machine."""

import uuid

from wagtail.models import Page

from diurna.importers.models import Decision, ImportedSite, ImportRecord, RecordState
from diurna.importers.touched import page_touched
from diurna.importers.wordpress.fates import Way
from diurna.importers.wordpress.item_writer import REMOVED
from diurna.importers.wordpress.left_behind import is_written, still_public
from diurna.importers.wordpress.mapper import Circumstances, fate, map_item
from diurna.importers.wordpress.media import MediaSource
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.navigation import why_taken
from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.snax import vote_notes
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan
from diurna.importers.wordpress.written import DECIDED, DELETED_HERE, ONLY_A_PART
from diurna.newsroom.models import PublicRevision


class Rehearsal:
    """Maps every item and compares it with what an earlier import wrote."""

    def __init__(
        self,
        survey: Survey,
        plan: TermPlan,
        menus: MenuPlan,
        source: MediaSource,
        world: Circumstances,
    ) -> None:
        self._survey = survey
        self._plan = plan
        self._menus = menus
        self._source = source
        self._world = world
        self._removed = PublicRevision.objects.removed_articles()
        self._taken = why_taken()
        self._site = ImportedSite.objects.filter(address=survey.site.key).first()

    def write(self, item: Item) -> ItemReport:
        """What would become of an item."""
        key = self._survey.key_of(item)
        report = ItemReport(key, item.kind, item.line, item.title, Outcome.SKIPPED).placed_as(item)
        report.old_address = item.link
        becomes = fate(item, self._survey)
        report.reason = becomes.reason
        if self._uuid(key) in self._removed:
            report.title = report.old_address = ""
            report.reason = REMOVED
            return report
        if becomes.way is Way.LEFT:
            return self._left(report)
        if becomes.way in {Way.KEPT, Way.PART}:
            record = self._record(key)
            if is_written(record):
                return self._left(report)
            report.notes = vote_notes(item.meta_by_key)
            if becomes.way is Way.PART:
                report.outcome = self._compared(record, item)
        elif becomes.way is Way.FILE:
            self._attachment(item, report)
        elif becomes.way is Way.MENU_ENTRY:
            self._menu_entry(report)
        else:
            mapped = map_item(item, self._survey, self._plan, self._world)
            report.title, report.notes = mapped.headline, mapped.notes
            self._text(self._record(key), item, report)
        return report

    def _text(self, record: ImportRecord | None, item: Item, report: ItemReport) -> None:
        report.outcome = self._compared(record, item)
        if record is None:
            return
        if record.page is None and not is_written(record):
            report.outcome = Outcome.CREATED
        elif record.page is None:
            report.outcome, report.reason = Outcome.SKIPPED, DELETED_HERE
        elif report.outcome in {Outcome.UPDATED, Outcome.CONFLICT}:
            self._settle(record, record.page, item, report)

    def _left(self, report: ItemReport) -> ItemReport:
        record = self._record(report.source_id)
        if record is not None and is_written(record):
            report.reason = f"{report.reason} {still_public(record.page)}".strip()
        return report

    def _settle(self, record: ImportRecord, page: Page, item: Item, report: ItemReport) -> None:
        """What the import would not write although it has changed over there, as it would say it.

        Whether only comments have changed is known to the import alone, which then writes them
        beside the page and finds no conflict.
        """
        if not item.is_whole:
            report.outcome, report.reason = Outcome.SKIPPED, ONLY_A_PART
        elif report.outcome is Outcome.CONFLICT:
            source = self._survey.source_hash(item)
            decided = record.conflicts.filter(decision=Decision.OURS)
            if decided.filter(incoming__source_hash=source).exists():
                report.outcome, report.reason = Outcome.UNCHANGED, DECIDED
            else:
                report.reason = page_touched(record, page)

    def _compared(self, record: ImportRecord | None, item: Item) -> Outcome:
        if record is None or record.state == RecordState.RESERVED:
            return Outcome.CREATED
        if record.source_hash == self._survey.source_hash(item):
            return Outcome.UNCHANGED
        if record.page is not None and page_touched(record, record.page):
            return Outcome.CONFLICT
        return Outcome.UPDATED

    def _record(self, key: str) -> ImportRecord | None:
        if self._site is None:
            return None
        found = ImportRecord.objects.filter(site=self._site, source_id=key)
        return found.select_related("page").defer("payload").first()

    def _uuid(self, key: str) -> uuid.UUID | None:
        return self._site.uuid_for(key) if self._site is not None else None

    def _attachment(self, item: Item, report: ItemReport) -> None:
        record = self._record(report.source_id)
        if record is not None and (record.image_id or record.document_id):
            report.outcome = Outcome.UNCHANGED
            return
        known = self._survey.attachments.get(item.source_id)
        found = self._source.has(known.url if known else item.attachment_url)
        if found is False:
            report.reason = "Its file is not there."
            return
        report.outcome = Outcome.CREATED
        if found is None:
            report.reason = "If the old site hands its file out."

    def _menu_entry(self, report: ItemReport) -> None:
        entry = self._menus.entries[report.source_id]
        if self._record(report.source_id) is not None:
            report.outcome = Outcome.UNCHANGED
        elif refused := self._menus.refusal(entry) or self._taken:
            report.reason = refused
        else:
            report.outcome = Outcome.CREATED
