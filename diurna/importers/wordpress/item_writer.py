"""Writes one item of whatever kind, and says what became of it."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from diurna.importers.wordpress.library import Library, media_address
from diurna.importers.wordpress.linking import page_of
from diurna.importers.wordpress.mapper import Circumstances, map_item, old_path, reason_to_skip
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.navigation import NavigationWriter
from diurna.importers.wordpress.outcomes import ItemReport, Ledger, Outcome
from diurna.importers.wordpress.page_writer import PageWriter, Written
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan

_NOT_HAD = "Its file could not be had; the old address is kept. {reason}"


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
    ) -> None:
        self._records = records
        self._survey = survey
        self._plan = plan
        self._menus = menus
        self._library = library
        self._pages = pages
        self._navigation = navigation
        self._world = world
        self.sticky: list[str] = []
        self._attachment_paths: list[tuple[Item, ItemReport]] = []
        self._late: list[tuple[str, ItemReport]] = []

    def write(self, item: Item) -> ItemReport:
        """Write an item; what is wrong with it is raised, and nothing of it was kept then."""
        report = ItemReport(
            self._survey.key_of(item),
            item.kind,
            item.line,
            item.title,
            Outcome.SKIPPED,
            reason_to_skip(item),
            old_address=item.link,
        )
        if report.reason:
            return report
        if item.kind == "attachment":
            return self._attachment(item, report)
        if item.kind == "nav_menu_item":
            self._late.append((report.source_id, report))
            return report
        return self._page(item, report)

    def finish(self, ledger: Ledger, redirects: Redirects) -> None:
        """What needs all items: menu entries, the addresses of attachments, new addresses."""
        # All entries or none: half a menu would look as if the desk had set it up.
        with transaction.atomic():
            for key, report in self._late:
                self._menu_entry(key, report)
        with transaction.atomic():
            for item, report in self._attachment_paths:
                self._lead_attachment(item, report, redirects)
        for report in ledger.items:
            if report.kind in {"post", "page"} and not report.new_address:
                self._say_new_address(report)

    def _menu_entry(self, key: str, report: ItemReport) -> None:
        try:
            written = self._navigation.write(self._menus.entries[key])
        except (DatabaseError, ValidationError) as error:
            written = Written(Outcome.FAILED, str(error))
        _take_over(report, written)

    def _page(self, item: Item, report: ItemReport) -> ItemReport:
        mapped = map_item(item, self._survey, self._plan, self._world)
        try:
            written = self._pages.write(item, mapped)
        except Exception:
            self._records.forget(report.source_id)
            raise
        report.title = mapped.headline
        _take_over(report, written, mapped.notes)
        if mapped.is_sticky:
            self.sticky.append(report.source_id)
        return report

    def _attachment(self, item: Item, report: ItemReport) -> ItemReport:
        known = self._survey.attachments.get(item.source_id)
        url = known.url if known else item.attachment_url
        record = self._library.bring(url, item.source_id)
        self._attachment_paths.append((item, report))
        if record is None:
            reason = self._library.missing.get(url, "The export does not say where it is.")
            report.reason = _NOT_HAD.format(reason=reason)
            report.notes = (url,)
            if known is not None:
                self._library.remember_missing(known)
            return report
        is_new = record.source_id in self._library.brought
        report.outcome = Outcome.CREATED if is_new else Outcome.UNCHANGED
        report.new_address = media_address(record)
        return report

    def _lead_attachment(self, item: Item, report: ItemReport, redirects: Redirects) -> None:
        """An attachment's old page leads to the page it hung on, else to the file itself."""
        path = old_path(item)
        if not path:
            return
        above = self._records.get(item.parent)
        page = page_of(above) if above is not None else None
        problem = ""
        if page is not None and page.live:
            problem = redirects.to_page(path, page)
        elif report.new_address.startswith("/"):
            problem = redirects.to_path(path, report.new_address)
        report.notes += (problem,) if problem else ()

    def _say_new_address(self, report: ItemReport) -> None:
        record = self._records.get(report.source_id)
        page = page_of(record) if record is not None else None
        if page is not None:
            report.new_address = str(page.url or "")


def _take_over(report: ItemReport, written: Written, notes: tuple[str, ...] = ()) -> None:
    report.outcome = written.outcome
    report.reason = written.reason
    report.notes = (*written.notes, *notes)
