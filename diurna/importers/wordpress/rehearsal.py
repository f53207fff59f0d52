"""`--dry-run`: what an import would do, without writing a row or asking another machine."""

from diurna.importers.models import ImportedSite, ImportRecord, RecordState
from diurna.importers.touched import page_touched
from diurna.importers.wordpress.fates import Way
from diurna.importers.wordpress.mapper import Circumstances, fate, map_item
from diurna.importers.wordpress.media import MediaSource
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.snax import vote_notes
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan


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
        self._files = set(
            ImportRecord.objects.filter(site=site)
            .exclude(image=None, document=None)
            .values_list("source_id", flat=True)
        )

    def write(self, item: Item) -> ItemReport:
        """What would become of an item."""
        key = self._survey.key_of(item)
        report = ItemReport(key, item.kind, item.line, item.title, Outcome.SKIPPED).placed_as(item)
        report.old_address = item.link
        becomes = fate(item, self._survey)
        report.reason = becomes.reason
        if becomes.way is Way.LEFT:
            return report
        if becomes.way in {Way.KEPT, Way.PART}:
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
        return report

    def _compared(self, key: str, item: Item) -> Outcome:
        known, state = self._hashes.get(key, ("", ""))
        if not state or state == RecordState.RESERVED:
            return Outcome.CREATED
        if known == self._survey.source_hash(item):
            return Outcome.UNCHANGED
        found = ImportRecord.objects.filter(site=self._site, source_id=key).select_related("page")
        record = found.first()
        if record is not None and record.page is not None and page_touched(record, record.page):
            return Outcome.CONFLICT
        return Outcome.UPDATED

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
        elif self._menus.place_of(entry) and not entry.is_nested:
            report.outcome = Outcome.CREATED
        else:
            report.reason = "It would not become navigation."
