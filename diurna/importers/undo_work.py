"""What one undo knows and has done so far: shared by all that takes a part of a run back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import models, transaction
from django.db.models import ProtectedError

from diurna.accounts.models import User
from diurna.importers.models import ImportRecord, ImportRun

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that an undo leaves, and why: both for people."""

    what: str
    why: str


@dataclass(slots=True)
class Taken:
    """What an undo does, or would do: numbers by kind, and what stays."""

    removed: dict[str, int] = field(default_factory=dict)
    reverted: int = 0
    stays: list[Stay] = field(default_factory=list)

    def remove(self, kind: str) -> None:
        """Count a removed thing."""
        self.removed[kind] = self.removed.get(kind, 0) + 1


@dataclass(slots=True)
class UndoWork:
    """One undo at work; with `dry_run` it only counts."""

    run: ImportRun
    actor: User | None
    dry_run: bool
    progress: Callable[[int, int], None]
    taken: Taken = field(default_factory=Taken)
    # Pages that go: what only they use, and links between them, keep nothing here.
    going: set[int] = field(default_factory=set)
    links_going: set[int] = field(default_factory=set)

    def stay(self, what: str, why: str) -> None:
        """Note that something stays, and why."""
        self.taken.stays.append(Stay(what, why))

    def records(self, *kinds: str) -> Iterator[ImportRecord]:
        """The records that this run brought, in batches: deleting while reading is safe so."""
        found = ImportRecord.objects.filter(created_by=self.run, kind__in=kinds).order_by("pk")
        last = 0
        while batch := list(found.filter(pk__gt=last)[:BATCH]):
            last = batch[-1].pk
            yield from batch

    def going_now(self) -> set[int]:
        """The pages to count out: nothing was deleted in a rehearsal; else they are gone."""
        return self.going if self.dry_run else set()

    def remove(self, record: ImportRecord, thing: models.Model | None) -> None:
        """Delete a thing and its record; what the database protects stays, and is noted."""
        try:
            with transaction.atomic():
                if thing is not None:
                    thing.delete()
                record.delete()
        except ProtectedError as error:
            self.stay(str(thing), str(error.args[0]))
