"""The import records of one site: in memory those that were used last, the others on demand."""

from collections import OrderedDict
from collections.abc import Collection, Iterator
from typing import Any, Final

from django.db.models import F, QuerySet
from wagtail.models import Page

from diurna.importers.models import (
    ImportedSite,
    ImportRecord,
    ImportRun,
    ImportUpdate,
    RecordState,
)
from diurna.importers.touched import field_hash
from diurna.importers.wordpress.perhaps_known import PerhapsKnown

# About 5 MB. Items link mostly to their neighbours.
MAX_KEPT: Final = 4_096
_CHUNK: Final = 500


class RecordsKept:
    """Records by source id, without their payload.

    Of all records only some bits are kept, by which an item that is new costs no query. `expected`
    is how many records the run may add.
    """

    def __init__(self, site: ImportedSite, run: ImportRun, expected: int) -> None:
        self.site = site
        self.run = run
        self._kept: OrderedDict[str, ImportRecord] = OrderedDict()
        every = ImportRecord.objects.filter(site=site)
        self._known = PerhapsKnown(self.count() + expected)
        for source_id in every.values_list("source_id", flat=True).iterator():
            self._known.add(source_id)

    def count(self) -> int:
        """How many records of the site are stored."""
        return ImportRecord.objects.filter(site=self.site).count()

    def get(self, source_id: str) -> ImportRecord | None:
        """The record of an item, if it was brought in before or in this run."""
        record = self._kept.get(source_id)
        if record is not None:
            self._kept.move_to_end(source_id)
            return record
        if source_id not in self._known:
            return None
        found = self._query().filter(source_id=source_id).first()
        return self._keep(found) if found is not None else None

    def fetch(self, source_ids: Collection[str]) -> None:
        """Read several records at once, so that `get` finds them in memory."""
        wanted = [key for key in source_ids if key not in self._kept and key in self._known]
        # One alone costs no more when it is asked for, and may never be.
        if len(wanted) > 1:
            for start in range(0, len(wanted), _CHUNK):
                for record in self._query().filter(source_id__in=wanted[start : start + _CHUNK]):
                    self._keep(record)

    def save(self, source_id: str, kind: str, **fields: Any) -> ImportRecord:
        """Write the record of an item, and know it from now on."""
        record = self.get(source_id)
        fields |= _hash_of_target(fields)
        if record is None:
            record = ImportRecord(
                site=self.site,
                source_id=source_id,
                kind=kind,
                run=self.run,
                created_by=self.run,
                **fields,
            )
            # In bulk, even for one: there is nothing that a signal could be for.
            ImportRecord.objects.bulk_create([record])
            self._known.add(source_id)
        else:
            fields |= {"kind": kind, "run": self.run}
            if fields.get("page") is not None and record.page_id is None:
                # The run that made the page is the one that takes it back.
                fields["created_by"] = self.run
            for name, value in fields.items():
                setattr(record, name, value)
            ImportRecord.objects.filter(pk=record.pk).update(**fields)
        # Neither the comments of an item nor the text of its page: whoever needs them reads them.
        record.__dict__.pop("payload", None)
        record._state.fields_cache.clear()
        if "page" in fields:
            page = fields["page"]
            _note_page(record, page.live if page else False, _revision_of(page))
        return self._keep(record)

    def remember_before(self, source_id: str, page: Page) -> None:
        """Keep what a page of an earlier run was before this one changes it, for an undo."""
        record = self.get(source_id)
        if record is None or record.created_by_id == self.run.pk or page.pk is None:
            return
        ImportUpdate.objects.get_or_create(
            run=self.run,
            record=record,
            defaults={
                "revision_before": page.latest_revision_id,
                "source_hash_before": record.source_hash,
                "content_hash_before": record.content_hash,
                "payload_before": self.payload(record),
                "run_before": record.run,
            },
        )

    def payload(self, record: ImportRecord) -> dict[str, Any]:
        """What is kept of an item for later, read anew."""
        payload: dict[str, Any] = ImportRecord.objects.values_list("payload", flat=True).get(
            pk=record.pk
        )
        return payload

    def forget(self, source_id: str) -> None:
        """Read the record again, after a transaction that wrote it was rolled back."""
        self._kept.pop(source_id, None)

    def forget_all(self) -> None:
        """Read every record again, after a transaction that wrote several was rolled back."""
        self._kept.clear()

    def is_live(self, source_id: str) -> bool:
        """Whether the item's page is public."""
        record = self.get(source_id)
        return record is not None and bool(getattr(record, "page_live", False))

    def mark_live(self, source_id: str) -> None:
        """Know that the item's page is public now."""
        record = self.get(source_id)
        if record is not None:
            _note_page(record, True, getattr(record, "page_revision", None))

    def is_settled(self, source_id: str) -> bool:
        """Whether the item is public, or is finished and never will be."""
        record = self.get(source_id)
        return record is not None and (self.is_live(source_id) or record.state == RecordState.DONE)

    def waiting(self) -> Iterator[tuple[int, str, list[str]]]:
        """Id, source id and what it waits for, of each record whose page waits for others."""
        rows = ImportRecord.objects.filter(site=self.site, state=RecordState.WAITING)
        for pk, source_id, waits in (
            rows.order_by("pk").values_list("pk", "source_id", "payload__waits_for").iterator()
        ):
            yield pk, source_id, waits or []

    def by_id(self, keys: Collection[int]) -> list[ImportRecord]:
        """The records with these ids, with their payloads, in this order; none is kept."""
        found = ImportRecord.objects.in_bulk(keys)
        return [found[key] for key in keys]

    def _query(self) -> "QuerySet[ImportRecord]":
        return (
            ImportRecord.objects.filter(site=self.site)
            .defer("payload")
            .annotate(page_live=F("page__live"), page_revision=F("page__latest_revision_id"))
        )

    def _keep(self, record: ImportRecord) -> ImportRecord:
        self._kept[record.source_id] = record
        self._kept.move_to_end(record.source_id)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return record


def page_revision(record: ImportRecord) -> int | None:
    """The latest revision of a kept record's page, as it was when the record was read."""
    revision: int | None = getattr(record, "page_revision", None)
    return revision


def _hash_of_target(fields: dict[str, Any]) -> dict[str, str]:
    """The hash of the fields of what a record came to stand for; empty when it has none."""
    targets = (fields.get(name) for name in ImportRecord.TARGETS)
    hashes = (field_hash(target) for target in targets if target is not None)
    return {"field_hash": found} if (found := next(filter(None, hashes), "")) else {}


def _note_page(record: ImportRecord, live: bool, revision: int | None) -> None:
    record.page_live = live  # type: ignore[attr-defined]  # an annotation of `_query`
    record.page_revision = revision  # type: ignore[attr-defined]


def _revision_of(page: Any) -> int | None:
    return page.latest_revision_id if page is not None else None
