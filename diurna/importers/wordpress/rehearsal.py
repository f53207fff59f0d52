"""`--dry-run`: what an import would do, without writing a row or asking another machine."""

import uuid

from diurna.importers.models import Decision, ImportedSite, ImportRecord, RecordState
from diurna.importers.touched import page_touched
from diurna.importers.wordpress.fates import Way
from diurna.importers.wordpress.item_writer import REMOVED
from diurna.importers.wordpress.left_behind import TEXT_KINDS, is_written, still_public
from diurna.importers.wordpress.mapper import Circumstances, fate, map_item
from diurna.importers.wordpress.media import MediaSource
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.page_writer import DECIDED, DELETED_HERE, ONLY_A_PART
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.snax import vote_notes
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan
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
        self._site = site = ImportedSite.objects.filter(address=survey.site.key).first()
        self._hashes = (
            {
                key: (source_hash, state)
                for key, source_hash, state in ImportRecord.objects.filter(site=site).values_list(
                    "source_id", "source_hash", "state"
                )
            }
            if site
            else {}
        )
        own = ImportRecord.objects.filter(site=site)
        bare = own.filter(page=None)
        self._without_page = set(
            bare.filter(kind__in=TEXT_KINDS).values_list("source_id", flat=True)
        )
        self._only_kept = set(bare.exclude(kind__in=TEXT_KINDS).values_list("source_id", flat=True))
        self._files = set(
            own.exclude(image=None, document=None).values_list("source_id", flat=True)
        )

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
            if is_written(self._record(key)):
                return self._left(report)
            report.notes = vote_notes(item.meta_by_key)
            if becomes.way is Way.PART:
                report.outcome = self._compared(key, item)
        elif becomes.way is Way.FILE:
            self._attachment(item, report)
        elif becomes.way is Way.MENU_ENTRY:
            self._menu_entry(report)
        else:
            mapped = map_item(item, self._survey, self._plan, self._world)
            report.title, report.notes = mapped.headline, mapped.notes
            report.outcome = self._compared(key, item)
            if key in self._only_kept:
                report.outcome = Outcome.CREATED
            elif key in self._without_page:
                report.outcome, report.reason = Outcome.SKIPPED, DELETED_HERE
            elif report.outcome in {Outcome.UPDATED, Outcome.CONFLICT}:
                self._settle(report, item)
        return report

    def _left(self, report: ItemReport) -> ItemReport:
        record = self._record(report.source_id)
        if record is not None and is_written(record):
            report.reason = f"{report.reason} {still_public(record.page)}".strip()
        return report

    def _settle(self, report: ItemReport, item: Item) -> None:
        """What the import would not write although it has changed over there, as it would say it.

        Whether only comments have changed is known to the import alone, which then writes them
        beside the page and finds no conflict.
        """
        record = self._record(report.source_id)
        if record is None or record.page is None:
            return
        if not item.is_whole:
            report.outcome, report.reason = Outcome.SKIPPED, ONLY_A_PART
        elif report.outcome is Outcome.CONFLICT:
            source = self._survey.source_hash(item)
            decided = record.conflicts.filter(decision=Decision.OURS)
            if decided.filter(incoming__source_hash=source).exists():
                report.outcome, report.reason = Outcome.UNCHANGED, DECIDED
            else:
                report.reason = page_touched(record, record.page)

    def _compared(self, key: str, item: Item) -> Outcome:
        known, state = self._hashes.get(key, ("", ""))
        if not state or state == RecordState.RESERVED:
            return Outcome.CREATED
        if known == self._survey.source_hash(item):
            return Outcome.UNCHANGED
        record = self._record(key)
        if record is not None and record.page is not None and page_touched(record, record.page):
            return Outcome.CONFLICT
        return Outcome.UPDATED

    def _record(self, key: str) -> ImportRecord | None:
        if key not in self._hashes:
            return None
        found = ImportRecord.objects.filter(site=self._site, source_id=key)
        return found.select_related("page").first()

    def _uuid(self, key: str) -> uuid.UUID | None:
        return self._site.uuid_for(key) if self._site is not None else None

    def _attachment(self, item: Item, report: ItemReport) -> None:
        if report.source_id in self._files:
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
        if report.source_id in self._hashes:
            report.outcome = Outcome.UNCHANGED
        elif refused := self._menus.refusal(entry):
            report.reason = refused
        else:
            report.outcome = Outcome.CREATED
