"""The import records of one site, in memory for the length of a run."""

from typing import Any

from diurna.importers.models import ImportedSite, ImportRecord, ImportRun, RecordState


class RecordsKept:
    """Records by source id. They are read once, so that an unchanged item costs no query."""

    def __init__(self, site: ImportedSite, run: ImportRun) -> None:
        self.site = site
        self.run = run
        self._records = {
            record.source_id: record
            for record in ImportRecord.objects.filter(site=site).defer("payload").iterator()
        }
        self._live = set(
            ImportRecord.objects.filter(site=site, page__live=True).values_list(
                "source_id", flat=True
            )
        )

    def get(self, source_id: str) -> ImportRecord | None:
        """The record of an item, if it was brought in before or in this run."""
        return self._records.get(source_id)

    def save(self, source_id: str, kind: str, **fields: Any) -> ImportRecord:
        """Write the record of an item, and know it from now on."""
        record, _created = ImportRecord.objects.update_or_create(
            site=self.site,
            source_id=source_id,
            defaults={"kind": kind, "run": self.run, **fields},
        )
        self._records[source_id] = record
        return record

    def note_revision(self, record: ImportRecord, revision_id: int | None) -> None:
        """Remember which revision the import left."""
        record.revision_id = revision_id
        ImportRecord.objects.filter(pk=record.pk).update(revision_id=revision_id)

    def forget(self, source_id: str) -> None:
        """Read the record again, after a transaction that wrote it was rolled back."""
        found = ImportRecord.objects.filter(site=self.site, source_id=source_id).first()
        self._live.discard(source_id)
        if found is not None:
            self._records[source_id] = found
            if found.page is not None and found.page.live:
                self._live.add(source_id)
            return
        self._records.pop(source_id, None)

    def is_live(self, source_id: str) -> bool:
        """Whether the item's page is public."""
        return source_id in self._live

    def mark_live(self, source_id: str) -> None:
        """Know that the item's page is public now."""
        self._live.add(source_id)

    def is_settled(self, source_id: str) -> bool:
        """Whether the item is public, or is finished and never will be."""
        record = self._records.get(source_id)
        return self.is_live(source_id) or (record is not None and record.state == RecordState.DONE)

    def waiting(self) -> list[ImportRecord]:
        """Records whose pages are written but wait for others."""
        return [r for r in self._records.values() if r.state == RecordState.WAITING]
