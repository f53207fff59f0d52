"""What became of each item: the rows that the report is made of."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What an import did with an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(slots=True)
class ItemReport:
    """One `<item>` of the export. `reason` says why, where the outcome alone does not."""

    source_id: str
    kind: str
    line: int
    title: str
    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()
    old_address: str = ""
    new_address: str = ""


@dataclass(slots=True)
class Ledger:
    """All items of a run, and what is to be said of the run as a whole."""

    items: list[ItemReport] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, report: ItemReport) -> ItemReport:
        """Count an item."""
        self.items.append(report)
        return report

    def remark(self, sentence: str) -> None:
        """Say something about the whole run, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def counts(self) -> dict[str, int]:
        """Items by outcome; every outcome is there, in a fixed order."""
        found = Counter(item.outcome for item in self.items)
        return {outcome.value: found[outcome] for outcome in Outcome}

    def kinds(self) -> dict[str, dict[str, int]]:
        """Items by kind and outcome."""
        table: dict[str, Counter[str]] = {}
        for item in self.items:
            table.setdefault(item.kind, Counter())[item.outcome.value] += 1
        return {kind: dict(counter) for kind, counter in sorted(table.items())}
