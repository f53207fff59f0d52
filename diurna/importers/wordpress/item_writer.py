"""Writes one item of whatever kind, and says what became of it."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from diurna.importers.models import ImportOutcome
from diurna.importers.wordpress.addresses import number_in, path_of
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.fates import Way
from diurna.importers.wordpress.kept_items import keep_item
from diurna.importers.wordpress.left_behind import is_written, still_public
from diurna.importers.wordpress.library import Library, media_address
from diurna.importers.wordpress.linking import page_of
from diurna.importers.wordpress.mapper import Circumstances, fate, map_item
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.navigation import NavigationWriter
from diurna.importers.wordpress.outcomes import ItemReport, Ledger, Outcome, as_report
from diurna.importers.wordpress.page_writer import PageWriter
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects
from diurna.importers.wordpress.snax import ENTRY_KIND
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan
from diurna.importers.wordpress.written import Written
from diurna.newsroom.models import PublicRevision

# Attachments whose old addresses are led on in one transaction.
_BATCH: Final = 200
# What has an address of its own on the old site, but hangs on a page.
_HANGING: Final = ("attachment", ENTRY_KIND)
REMOVED: Final = "It was removed here for legal reasons, and is not brought back."
_NOT_HAD: Final = "Its file could not be had; the old address is kept. {reason}"


class ItemWriter:
    """Hands each item to who writes its kind. `sticky` collects the keys of sticky posts.

    Menu entries wait for the end of the run, since what they lead to may come after them.
    """

    def __init__(
        self,
        records: RecordsKept,
        survey: Survey,
        plan: TermPlan,
        menus: MenuPlan,
        library: Library,
        pages: PageWriter,
        navigation: NavigationWriter,
        world: Circumstances,
        batch: Batch,
    ) -> None:
        self._records = records
        self._survey = survey
        self._plan = plan
        self._menus = menus
        self._library = library
        self._pages = pages
        self._navigation = navigation
        self._world = world
        self._batch = batch
        self._removed = PublicRevision.objects.removed_articles()
        self.sticky: list[str] = []
        self._late: list[tuple[str, ItemReport]] = []

    def write(self, item: Item) -> ItemReport:
        """Write an item; what is wrong with it is raised, and nothing of it was kept then."""
        becomes = fate(item, self._survey)
        report = ItemReport(
            self._survey.key_of(item),
            item.kind,
            item.line,
            item.title,
            Outcome.SKIPPED,
            becomes.reason,
            old_address=item.link,
        ).placed_as(item)
        if self._records.site.uuid_for(report.source_id) in self._removed:
            # Not even its title comes back.
            report.title = report.old_address = ""
            report.reason = REMOVED
            return report
        if becomes.way is Way.LEFT:
            return self._left(report)
        if becomes.way in {Way.KEPT, Way.PART}:
            if is_written(self._records.get(report.source_id)):
                # An earlier map file had it as a page, which its text must not replace.
                return self._left(report)
            return keep_item(self._records, self._batch, item, becomes, report)
        if becomes.way is Way.FILE:
            return self._attachment(item, report)
        if becomes.way is Way.MENU_ENTRY:
            self._late.append((report.source_id, report))
            return report
        return self._page(item, report)

    def finish(self, ledger: Ledger, redirects: Redirects) -> None:
        """What needs all items: menu entries, and where the pages of attachments lead."""
        ledger.flush()
        # All entries or none: half a menu would look as if the desk had set it up.
        with transaction.atomic():
            for key, report in self._late:
                self._menu_entry(key, report)
                ledger.amend(report, Outcome.SKIPPED)
        self._lead_attachments(ledger, redirects)
        self._know_failed(ledger)

    def _left(self, report: ItemReport) -> ItemReport:
        """Leave an item behind; when an earlier import brought it, say what readers still see."""
        record = self._records.get(report.source_id)
        page = page_of(record) if record is not None and is_written(record) else None
        if record is not None and page is not None:
            report.record = record.pk
            if words := still_public(page):
                report.reason = f"{report.reason} {words}"
                report.new_address = str(page.url or "")
        return report

    def _know_failed(self, ledger: Ledger) -> None:
        """Items that failed are in the export all the same: name the record of an earlier run."""
        rows = ImportOutcome.objects.filter(run=ledger.run, outcome=Outcome.FAILED, record=None)
        last = 0
        while batch := list(rows.filter(ordinal__gt=last).order_by("ordinal")[:_BATCH]):
            last = batch[-1].ordinal
            self._records.fetch([row.source_id for row in batch])
            for row in batch:
                row.record = self._records.get(row.source_id)
            ImportOutcome.objects.bulk_update(batch, ["record"])

    def _menu_entry(self, key: str, report: ItemReport) -> None:
        try:
            # Its own savepoint: a refused entry must not spoil the transaction of the others.
            with transaction.atomic():
                written = self._navigation.write(self._menus.entries[key])
        except (DatabaseError, ValidationError) as error:
            written = Written(Outcome.FAILED, str(error))
        _take_over(report, written)

    def _page(self, item: Item, report: ItemReport) -> ItemReport:
        mapped = map_item(item, self._survey, self._plan, self._world)
        try:
            written = self._pages.write(item, mapped)
        except Exception:
            # Not its record alone: the place of the page above was rolled back with it.
            self._pages.forget()
            raise
        report.title = mapped.headline
        if written.page is not None:
            report.new_address = str(written.page.url or "")
        record = self._records.get(report.source_id)
        report.record = record.pk if record is not None else 0
        _take_over(report, written, mapped.notes)
        if mapped.is_sticky:
            self.sticky.append(report.source_id)
        return report

    def _attachment(self, item: Item, report: ItemReport) -> ItemReport:
        known = self._survey.attachments.get(item.source_id)
        url = known.url if known else item.attachment_url
        record = self._library.bring(url, item.source_id)
        if record is None:
            reason = self._library.missing.get(url, "The export does not say where it is.")
            report.reason = _NOT_HAD.format(reason=reason)
            report.notes = (url,)
            if known is not None:
                with self._batch.item():
                    self._library.remember_missing(known)
            return report
        is_new = self._library.was_brought(record.source_id)
        report.outcome = Outcome.CREATED if is_new else Outcome.UNCHANGED
        report.new_address = media_address(record)
        report.record = record.pk
        report.notes = self._library.notes_of(record.source_id)
        return report

    def _lead_attachments(self, ledger: Ledger, redirects: Redirects) -> None:
        """An attachment's or list entry's old page leads to the page it hung on, else the file."""
        rows = ImportOutcome.objects.filter(run=ledger.run, kind__in=_HANGING).order_by("ordinal")
        last = 0
        while batch := list(rows.filter(ordinal__gt=last)[:_BATCH]):
            last = batch[-1].ordinal
            with transaction.atomic():
                for row in batch:
                    self._lead_attachment(as_report(row), ledger, redirects)

    def _lead_attachment(self, report: ItemReport, ledger: Ledger, redirects: Redirects) -> None:
        link = report.old_address
        path = path_of(link) if link and not number_in(link) else ""
        if not path.strip("/"):
            return
        stub = self._survey.stubs.get(report.source_id)
        above = self._records.get(stub.parent) if stub is not None else None
        page = page_of(above) if above is not None else None
        problem = ""
        if page is not None and page.live:
            problem = redirects.to_page(path, page)
        elif report.new_address.startswith("/"):
            problem = redirects.to_path(path, report.new_address)
        if problem:
            report.notes += (problem,)
            ledger.amend(report, report.outcome)


def _take_over(report: ItemReport, written: Written, notes: tuple[str, ...] = ()) -> None:
    report.outcome = written.outcome
    report.reason = written.reason
    report.notes = (*written.notes, *notes)
