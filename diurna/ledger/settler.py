"""The settler: what waits becomes entries, tiles and a checkpoint, in one transaction.

One settler works at a time: on PostgreSQL by an advisory lock, on SQLite because a transaction that
writes has the file for itself; and the log's row changes only from the size that was read. Its cost
depends on the batch alone: of the log it reads the right edge.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from diurna.common.errors import DiurnaError
from diurna.ledger import consumers, keys
from diurna.ledger import note as notes
from diurna.ledger.consumers import Told
from diurna.ledger.faults import reach
from diurna.ledger.models import Checkpoint, Haste, Log, PendingEntry, Tile
from diurna.ledger.note import SignedNote, SigningKey
from diurna.ledger.reading import active_log, frontier
from diurna.ledger.tiles import Frontier
from diurna.ledger.tree import leaf_hash, merkle_root

# Few enough that other writers on SQLite wait for a third of a second at most (bin/bench ledger).
BATCH: Final = 1000
# Entries that go together wait until this many are there, or the oldest has waited this long.
TOGETHER_COUNT: Final = 20
TOGETHER_WAIT: Final = timedelta(minutes=5)
# Any number that nothing else in the database uses: "ledger" in ASCII.
ADVISORY_LOCK: Final = 0x6C6564676572
# A thousand at once: making and storing objects took as long as everything else together.
_INSERT_ENTRY: Final = (
    'INSERT INTO ledger_entry (log_id, "index", type, name, data, leaf)'
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
FAULTS: Final = (
    "counted",
    "locked",
    "chosen",
    "consumed",
    "entries",
    "tiles",
    "checkpoint",
    "log",
    "forgotten",
    "committed",
)

# Another process may count what this one waits for, and cannot say so: then the rows are asked.
_ASK_AGAIN_SECONDS: Final = 0.05

_shuffle = secrets.SystemRandom().shuffle
_woken = threading.Event()
_counted = threading.Condition()
_rounds = 0
_on_duty = 0


class Outpaced(DiurnaError):
    """Another settler has written the log meanwhile; nothing was changed, and it is tried again."""

    code = "outpaced"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An entry on its way into the log."""

    type: str
    data: bytes
    name: str = ""
    pending: int = 0


def wake() -> None:
    """Say that there may be work, so that this process's settler looks at once."""
    _woken.set()


def wait(seconds: float) -> bool:
    """Sleep until somebody calls `wake`, at most so long; whether somebody did."""
    is_woken = _woken.wait(seconds)
    _woken.clear()
    return is_woken


@contextmanager
def on_duty() -> Iterator[None]:
    """Say that this thread settles whenever it is woken, so that others may wait for it."""
    global _on_duty
    with _counted:
        _on_duty += 1
    try:
        yield
    finally:
        with _counted:
            _on_duty -= 1
            _counted.notify_all()


def await_counted(is_counted: Callable[[], bool], seconds: float) -> bool:
    """Wake this process's settler and wait until `is_counted` says that the caller's entry was
    told to its consumers, at most so long; what it said last.

    Outside any transaction, since the settler has to see the entry and the caller what became of
    it. Where this process has no settler on duty, nobody is waited for.
    """
    until = time.monotonic() + seconds
    wake()
    while True:
        with _counted:
            seen = _rounds
        # Asked without the lock: the settler must not wait for somebody who reads.
        if is_counted():
            return True
        left = until - time.monotonic()
        with _counted:
            if left <= 0 or not _on_duty:
                return False
            _counted.wait_for(
                lambda: _rounds != seen or not _on_duty,  # noqa: B023  (called before it changes)
                min(left, _ASK_AGAIN_SECONDS),
            )


def settle(now: datetime | None = None) -> int:
    """Count what has arrived and integrate what is due: one batch each; how many entries entered.

    0 when there is nothing to do, no log yet, or another settler at work.
    """
    moment = now or timezone.now()
    count()
    log = active_log()
    if log is None or not _due(moment):
        return 0
    key = keys.load(log.verifier_key)
    with transaction.atomic():
        if not _take_lock():
            return 0
        log = Log.objects.get(pk=log.pk)
        reach("locked")
        batch = _choose(moment)
        reach("chosen")
        if not batch:
            return 0
        integrate(log, batch, key=key, at=moment)
        PendingEntry.objects.filter(pk__in=[one.pending for one in batch]).delete()
        reach("forgotten")
    reach("committed")
    return len(batch)


def count() -> None:
    """Tell the consumers of what has arrived, one batch of it; nothing enters the log."""
    if PendingEntry.objects.filter(counted=False).exists():
        _count_arrived()
        _say_counted()


def settle_all(now: datetime | None = None) -> int:
    """Settle batch after batch until nothing is due; how many entries entered."""
    total = 0
    while settled := settle(now):
        total += settled
    return total


def lock_log(log: Log) -> Log:
    """The log's row as it is now, and no settler until the end of the caller's transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    return Log.objects.get(pk=log.pk)


def integrate(log: Log, batch: Sequence[Waiting], *, key: SigningKey, at: datetime) -> None:
    """Give the batch its indexes, and write entries, tiles, checkpoint and the log's new size.

    Inside the caller's transaction. Raises Outpaced when the log has another size than `log` says.
    """
    edge = frontier(log)
    leaves = [leaf_hash(one.data) for one in batch]
    for leaf in leaves:
        edge.append(leaf)
    consumers.tell_settled(
        [
            Told(pending=one.pending, type=one.type, name=one.name, data=one.data, index=index)
            for index, one in enumerate(batch, log.size)
        ]
    )
    reach("consumed")
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT_ENTRY,
            [
                (log.pk, index, one.type, one.name, one.data, leaf)
                for index, (one, leaf) in enumerate(zip(batch, leaves, strict=True), log.size)
            ],
        )
    reach("entries")
    write_tiles(log, edge)
    reach("tiles")
    _write_checkpoint(log, edge, key=key, at=at)
    _advance(log, edge)


def _count_arrived() -> None:
    with transaction.atomic():
        # Whoever locks these rows first tells of them; on SQLite the transaction is alone anyway.
        rows = list(
            PendingEntry.objects.select_for_update(skip_locked=_can_skip())
            .filter(counted=False)
            .order_by("pk")
            .values_list("pk", "type", "name", "data")[:BATCH]
        )
        consumers.tell_arrived(
            [
                Told(pending=pending, type=type_, name=name, data=bytes(data))
                for pending, type_, name, data in rows
            ]
        )
        PendingEntry.objects.filter(pk__in=[row[0] for row in rows]).update(counted=True)
        reach("counted")


def _say_counted() -> None:
    global _rounds
    with _counted:
        _rounds += 1
        _counted.notify_all()


def _can_skip() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _take_lock() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def _ready(now: datetime) -> QuerySet[PendingEntry]:
    # Nothing enters the log before its consumers know of it.
    return PendingEntry.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=now), counted=True
    )


def _due(now: datetime) -> bool:
    return _ready(now).filter(haste=Haste.AT_ONCE).exists() or _due_together(now)


def _due_together(now: datetime) -> bool:
    together = _ready(now).filter(haste=Haste.TOGETHER)
    oldest = together.order_by("pk").first()
    if oldest is None:
        return False
    # What was kept back until its time has waited long enough.
    since = oldest.not_before or oldest.created_at + TOGETHER_WAIT
    if since <= now:
        return True
    return len(together.values_list("pk")[:TOGETHER_COUNT]) == TOGETHER_COUNT


def _choose(now: datetime) -> list[Waiting]:
    waiting = _ready(now).order_by("pk").values_list("pk", "type", "name", "data")
    rows = list(waiting.filter(haste=Haste.AT_ONCE)[:BATCH])
    if len(rows) < BATCH and _due_together(now):
        together = list(waiting.filter(haste=Haste.TOGETHER)[: BATCH - len(rows)])
        _shuffle(together)
        rows += together
    return [
        Waiting(type=type_, name=name, data=bytes(data), pending=pending)
        for pending, type_, name, data in rows
    ]


def write_tiles(log: Log, edge: Frontier) -> None:
    """Write the tiles that have become full, inside the caller's transaction."""
    Tile.objects.bulk_create(
        Tile(
            log=log,
            level=address.level or 0,
            index=address.index,
            data=data,
            root=merkle_root(data),
        )
        for address, data in edge.full
    )


def _write_checkpoint(log: Log, edge: Frontier, *, key: SigningKey, at: datetime) -> None:
    text = notes.Checkpoint(log.origin, edge.size, edge.root()).text()
    Checkpoint.objects.create(
        log=log,
        size=edge.size,
        root=edge.root(),
        note=str(SignedNote.sign(text, key)),
        at=at,
    )
    reach("checkpoint")


def _advance(log: Log, edge: Frontier) -> None:
    changed = Log.objects.filter(pk=log.pk, size=log.size).update(size=edge.size, root=edge.root())
    if not changed:
        raise Outpaced("The log has grown meanwhile; nothing was changed, and it is tried again.")
    log.size, log.root = edge.size, edge.root()
    reach("log")
