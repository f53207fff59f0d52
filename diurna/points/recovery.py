"""Votes after a restore: counted anew from the log, or entered into the log that begins anew."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from diurna.accounts.ledger_names import voter_name
from diurna.accounts.models import Guest, User
from diurna.delivery.surrogate import touch_everything
from diurna.ledger import entry
from diurna.ledger.consumers import Told
from diurna.ledger.models import Entry, Haste, Log, PendingEntry
from diurna.ledger.reading import active_log
from diurna.ledger.settler import lock_log
from diurna.ledger.tree import leaf_hash
from diurna.points import tallies
from diurna.points.lost_presses import write_decisions, write_presses
from diurna.points.models import Cast, HourSum, Reason, Tally, Vote
from diurna.points.standings import mark_all_stale
from diurna.points.tally_rows import FIGURES

_BATCH: Final = 1000

Progress = Callable[[int], None]
"""Called with how many entries have been counted."""


def rebuild(*, progress: Progress | None = None) -> int:
    """Count all votes again from the log and from what waits for it; how many entries.

    Votes that only the log knows get their rows, with their presses and what was decided about
    them, and their readers where these are known. In one transaction, in which no other vote is
    written.
    """
    with transaction.atomic():
        log = active_log()
        if log is None:
            return 0
        _lock(log)
        last = Vote.objects.aggregate(last=Max("pk"))["last"] or 0
        _forget_figures()
        count = 0
        for told in _in_batches(_logged(log)):
            tallies.replayed(told)
            write_presses(told)
            write_decisions(log, told)
            count += len(told)
            if progress is not None:
                progress(count)
        for told in _in_batches(_waiting()):
            tallies.arrived(told)
        mark_all_stale()
        _find_readers(Vote.objects.filter(pk__gt=last, user__isnull=True, guest__isnull=True))
        # Also what nobody had voted for after all.
        touch_everything()
    return count


def enter_again(old: Log) -> int:
    """Write the present vote of every reader for the log that follows `old`; how many.

    Each as it counts by now: what moderators decided is in it, since their entries name indexes
    of the old log. To be called once the new log is active, before anything settles in it.
    """
    with transaction.atomic():
        PendingEntry.objects.filter(type__in=("void", "unvoid")).delete()
        count = 0
        votes = Vote.objects.filter(logged_index__isnull=False).order_by("pk")
        rows: list[Vote] = []
        for vote in votes.iterator(chunk_size=_BATCH):
            rows.append(vote)
            if len(rows) == _BATCH:
                count += _enter(old, rows)
                rows = []
        count += _enter(old, rows)
        Cast.objects.update(entry_index=None)
        Vote.objects.update(logged_n=0, logged_value=0, logged_class="", logged_index=None)
        Tally.objects.update(**{f"logged_{name}": 0 for name in FIGURES})
    return count


def _lock(log: Log) -> None:
    lock_log(log)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE points_vote, points_cast, points_tally IN EXCLUSIVE MODE")


def _forget_figures() -> None:
    Cast.objects.filter(entry_index__isnull=False).update(entry_index=None)
    Vote.objects.update(
        shown_n=0,
        shown_value=0,
        shown_class="",
        logged_n=0,
        logged_value=0,
        logged_class="",
        logged_index=None,
    )
    Tally.objects.update(**{f"{logged}{name}": 0 for name in FIGURES for logged in ("", "logged_")})
    HourSum.objects.all().delete()


def _logged(log: Log) -> Iterator[Told]:
    rows = Entry.objects.filter(log=log, type__in=tallies.TYPES).order_by("index")
    for index, kind, data in rows.values_list("index", "type", "data").iterator(chunk_size=_BATCH):
        yield Told(pending=0, type=kind, name="", data=bytes(data), index=index)


def _waiting() -> Iterator[Told]:
    # What nobody was told of yet, the settler tells itself.
    rows = PendingEntry.objects.filter(counted=True, type__in=tallies.TYPES).order_by("pk")
    for pk, kind, data in rows.values_list("pk", "type", "data").iterator(chunk_size=_BATCH):
        yield Told(pending=pk, type=kind, name="", data=bytes(data))


def _in_batches(told: Iterator[Told]) -> Iterator[list[Told]]:
    batch: list[Told] = []
    for one in told:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _find_readers(votes: Any) -> None:
    """Give votes that came back from the log to the readers whose keys lead to their names."""
    by_target: dict[str, dict[str, int]] = {}
    for vote in votes.select_related("tally"):
        by_target.setdefault(vote.tally.on(), {})[vote.voter] = vote.pk
    if not by_target:
        return
    for model, column in ((User, "user"), (Guest, "guest")):
        readers = model._default_manager.filter(ledger_key__isnull=False)
        for pk, key in readers.values_list("pk", "ledger_key").iterator():
            for on, names in by_target.items():
                found = names.pop(voter_name(bytes(key or b""), on), None)
                if found is not None:
                    Vote.objects.filter(pk=found).update(**{f"{column}_id": pk})


def _enter(old: Log, votes: list[Vote]) -> int:
    rows = Entry.objects.filter(log=old, index__in=[vote.logged_index for vote in votes])
    data = {index: bytes(found) for index, found in rows.values_list("index", "data")}
    now = timezone.now()
    pending = []
    for vote in votes:
        bytes_now = _as_it_counts(vote, data[vote.logged_index or 0])
        pending.append(
            PendingEntry(
                type="vote", data=bytes_now, haste=Haste.TOGETHER, created_at=now, counted=True
            )
        )
    PendingEntry.objects.bulk_create(pending)
    return len(pending)


def _as_it_counts(vote: Vote, data: bytes) -> bytes:
    """The entry with what was decided since, if it is still the reader's last word."""
    fields = json.loads(data)
    if vote.logged_n != vote.n or fields["counted"] == (vote.reason == Reason.COUNTED):
        return data
    fields["counted"] = vote.reason == Reason.COUNTED
    changed = entry.canonical(fields)
    Cast.objects.filter(vote=vote, n=vote.n).update(leaf=leaf_hash(changed))
    return changed
