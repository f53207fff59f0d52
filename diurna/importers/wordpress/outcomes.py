"""What became of each item: rows that are written while the run goes on.

The run keeps no list of its items, so that its memory does not grow with the export; whoever wants
them (the report, the desk, a test) reads them back.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from django.db.models import Count
from django.utils import timezone

from diurna.importers.models import ImportOutcome, ImportRun

# Few enough to lose when a process is killed, many enough to cost nothing beside the items.
BATCH: Final = 100
MAX_SOURCE_ID: Final = 255
MAX_KIND: Final = 64
MAX_NAME: Final = 500


class Outcome(StrEnum):
    """What an import did with an item (`models.OutcomeKind`, for code without a database)."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    CONFLICT = "conflict"
    FAILED = "failed"


class Placed(Protocol):
    """What a reader's record says of where it stands."""

    @property
    def line(self) -> int:
        """The line where the item begins, from 1."""
        ...


@dataclass(slots=True)
class ItemReport:
    """One `<item>` of the export. `reason` says why, where the outcome alone does not.

    `ordinal` is the item's place in the export, from 1; 0 until it is added to a ledger. `record`
    is the id of its `ImportRecord`, 0 for none.
    """

    source_id: str
    kind: str
    line: int
    title: str
    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()
    old_address: str = ""
    new_address: str = ""
    file: str = ""
    column: int = 0
    ordinal: int = 0
    record: int = 0

    def placed_as(self, item: Placed) -> "ItemReport":
        """This report, with file, column and ordinal of the reader's record."""
        self.file = getattr(item, "file", "")
        self.column = getattr(item, "column", 0)
        self.ordinal = getattr(item, "ordinal", 0)
        return self


class Ledger:
    """The outcomes of one run, counted as they come and stored in batches."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.remarks: list[str] = []
        self._last = 0
        self._waiting: dict[int, ItemReport] = {}
        self._counts: Counter[tuple[str, Outcome]] = Counter()

    def add(self, report: ItemReport) -> ItemReport:
        """Count an item; it is stored with the next batch."""
        report.ordinal = report.ordinal or self._last + 1
        self._last = max(self._last, report.ordinal)
        self._waiting[report.ordinal] = report
        self._counts[report.kind, report.outcome] += 1
        if len(self._waiting) >= BATCH:
            self.flush()
        return report

    def amend(self, report: ItemReport, outcome: Outcome) -> None:
        """Store an item anew that was added before with `outcome`, and has become another."""
        self._counts[report.kind, outcome] -= 1
        self._counts[report.kind, report.outcome] += 1
        if report.ordinal in self._waiting:
            return
        row = as_row(self.run, report)
        fields = ("outcome", "reason", "notes", "new_address", "title", "record_id")
        values = {name: getattr(row, name) for name in fields}
        ImportOutcome.objects.filter(run=self.run, ordinal=report.ordinal).update(**values)

    def flush(self) -> None:
        """Store what waits; inside a transaction with the items themselves, if there is one."""
        rows = [as_row(self.run, report) for report in self._waiting.values()]
        self._waiting.clear()
        if rows:
            ImportOutcome.objects.bulk_create(rows)
            ImportRun.objects.filter(pk=self.run.pk).update(seen_at=timezone.now())

    def remark(self, sentence: str) -> None:
        """Say something about the whole run, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def finish(self, at: datetime) -> None:
        """Store what waits, and how the run has ended."""
        self.flush()
        self.run.counts = self.counts()
        self.run.kinds = self.kinds()
        self.run.remarks = [storable(sentence) for sentence in self.remarks]
        self.run.finished_at = at
        self.run.save(update_fields=["counts", "kinds", "remarks", "finished_at"])

    def counts(self) -> dict[str, int]:
        """Items by outcome; every outcome is there, in a fixed order."""
        found: Counter[Outcome] = Counter()
        for (_kind, outcome), number in self._counts.items():
            found[outcome] += number
        return {outcome.value: found[outcome] for outcome in Outcome}

    def kinds(self) -> dict[str, dict[str, int]]:
        """Items by kind and outcome."""
        table: dict[str, dict[str, int]] = {}
        for (kind, outcome), number in sorted(self._counts.items()):
            if number:
                table.setdefault(kind, {})[outcome.value] = number
        return table

    @property
    def items(self) -> Iterator[ItemReport]:
        """All items in the order of the export, read back one after the other."""
        self.flush()
        for row in ImportOutcome.objects.filter(run=self.run).order_by("ordinal").iterator():
            yield as_report(row)


def count_again(run: ImportRun) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Counts by outcome, and by kind and outcome, of the rows: for a run that was cut off."""
    rows = (
        ImportOutcome.objects.filter(run=run)
        .order_by()
        .values_list("kind", "outcome")
        .annotate(number=Count("pk"))
    )
    counts = {outcome.value: 0 for outcome in Outcome}
    kinds: dict[str, dict[str, int]] = {}
    for kind, outcome, number in sorted(rows):
        counts[outcome] += number
        kinds.setdefault(kind, {})[outcome] = number
    return counts, kinds


def as_row(run: ImportRun, report: ItemReport) -> ImportOutcome:
    """The row of an item, not yet stored."""
    return ImportOutcome(
        run=run,
        ordinal=report.ordinal,
        source_id=storable(report.source_id)[:MAX_SOURCE_ID],
        kind=storable(report.kind)[:MAX_KIND],
        file=storable(report.file)[:MAX_NAME],
        line=report.line,
        column=report.column,
        title=storable(report.title)[:MAX_NAME],
        outcome=report.outcome.value,
        reason=storable(report.reason),
        notes=[storable(note) for note in report.notes],
        old_address=storable(report.old_address),
        new_address=storable(report.new_address),
        record_id=report.record or None,
    )


def as_report(row: ImportOutcome) -> ItemReport:
    """The item of a row."""
    return ItemReport(
        source_id=row.source_id,
        kind=row.kind,
        line=row.line,
        title=row.title,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        notes=tuple(row.notes),
        old_address=row.old_address,
        new_address=row.new_address,
        file=row.file,
        column=row.column,
        ordinal=row.ordinal,
        record=row.record_id or 0,
    )


def storable(text: str) -> str:
    """Text without what a database refuses: the zero character, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
