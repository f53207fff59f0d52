"""The settler: what waits becomes entries, tiles and a checkpoint, in one transaction.

One settler works at a time: on PostgreSQL by an advisory lock, on SQLite because a transaction that
writes has the file for itself; and the log's row changes only from the size that was read. Its cost
depends on the batch alone: of the log it reads the right edge.

What goes in at once is chosen, and shuffled, as a batch. On SQLite it goes in by turns, each a
transaction of its own, so that whoever waits at the writer's gate waits for one turn only.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import DateTimeField, Q, QuerySet
from django.utils import timezone

from diurna.common.errors import DiurnaError
from diurna.common.prepared import Prepared, Slot
from diurna.ledger import consumers, keys
from diurna.ledger import note as notes
from diurna.ledger.consumers import Told
from diurna.ledger.faults import reach
from diurna.ledger.models import Checkpoint, Haste, Log, PendingEntry, Tile
from diurna.ledger.note import SignedNote, SigningKey
from diurna.ledger.reading import active_log, frontier
from diurna.ledger.tiles import Frontier
from diurna.ledger.tree import leaf_hash, merkle_root

BATCH: Final = 1000
# Of a batch so many are written at a time where there is one writer: a vote that comes meanwhile
# waits for them. Counting takes 2 ms and 23 µs for each, entering some 3 ms and 40 µs.
TURN: Final = 150
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
    "turned",
    "committed",
)

# Another process may count what this one waits for, and cannot say so: then the rows are asked.
_ASK_AGAIN_SECONDS: Final = 0.05

_shuffle = secrets.SystemRandom().shuffle
_woken = threading.Event()
_counted = threading.Condition()
_rounds = 0
_on_duty = 0
# The right edge as the last turn left it, under the log's key, size and root: a log that has become
# another one meanwhile is not found here.
_edges: dict[tuple[int, int, bytes], list[bytes]] = {}


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
    if log is None:
        return 0
    chosen = _choose(moment)
    if not chosen:
        return 0
    # Before anything is begun: without its key the log stands still.
    keys.load(log.verifier_key)
    settled = 0
    for turn in turns(chosen):
        entered = _enter(log.pk, turn, moment)
        reach("turned")
        settled += entered
        if not entered:
            break
    reach("committed")
    return settled


def count() -> None:
    """Tell the consumers of what has arrived, one batch of it; nothing enters the log."""
    counted = 0
    while counted < BATCH and _ARRIVED.run():
        told = _count_arrived()
        _say_counted()
        counted += told
        # What comes meanwhile waits for the next look.
        if told < _most():
            break


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
    edge = _edge_of(log)
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
    root = edge.root()
    _write_checkpoint(log, edge.size, root, key=key, at=at)
    _advance(log, edge.size, root)
    _edges[log.pk, log.size, root] = edge.partial()


def _edge_of(log: Log) -> Frontier:
    """The right edge of the log, as the last turn left it or read anew."""
    partial = _edges.pop((log.pk, log.size, bytes(log.root)), None)
    _edges.clear()
    return frontier(log) if partial is None else Frontier(log.size, partial)


def _most() -> int:
    """How many entries one transaction takes at most."""
    return min(TURN, BATCH) if connection.vendor == "sqlite" else BATCH


def turns(chosen: Sequence[int]) -> Iterator[Sequence[int]]:
    """The batch in turns of about the same size."""
    size = ceil(len(chosen) / ceil(len(chosen) / _most()))
    return (chosen[begin : begin + size] for begin in range(0, len(chosen), size))


def _enter(log_pk: int, chosen: Sequence[int], at: datetime) -> int:
    """Integrate those that still wait among these, in this order; how many that were.

    0 as well where another settler is at work.
    """
    with transaction.atomic():
        if not _take_lock():
            return 0
        log = Log.objects.get(pk=log_pk)
        reach("locked")
        batch = _waiting(chosen)
        reach("chosen")
        if not batch:
            return 0
        integrate(log, batch, key=keys.load(log.verifier_key), at=at)
        _with_keys("DELETE FROM ledger_pendingentry", [one.pending for one in batch])
        reach("forgotten")
    return len(batch)


def _waiting(chosen: Sequence[int]) -> list[Waiting]:
    """The entries with these keys, in this order; without those that somebody else has settled."""
    rows = _with_keys("SELECT id, type, name, data FROM ledger_pendingentry", chosen)
    found = {row[0]: row for row in rows}
    return [
        Waiting(type=type_, name=name, data=bytes(data), pending=pending)
        for pending, type_, name, data in (found[key] for key in chosen if key in found)
    ]


def _with_keys(statement: str, keys: Sequence[int]) -> list[Any]:
    """Run this on the entries with these keys; the rows that it answers with.

    The ORM looks at each key, which takes as long as the database does.
    """
    is_sqlite = connection.vendor == "sqlite"
    among = "IN (SELECT value FROM json_each(%s))" if is_sqlite else "= ANY(%s)"
    with connection.cursor() as cursor:
        given = json.dumps(keys) if is_sqlite else list(keys)
        cursor.execute(f"{statement} WHERE id {among}", [given])
        return cursor.fetchall() if cursor.description else []


def _count_arrived() -> int:
    with transaction.atomic():
        # Whoever locks these rows first tells of them; on SQLite the transaction is alone anyway.
        rows = list(
            PendingEntry.objects.select_for_update(skip_locked=_can_skip())
            .filter(counted=False)
            .order_by("pk")
            .values_list("pk", "type", "name", "data")[: _most()]
        )
        consumers.tell_arrived(
            [
                Told(pending=pending, type=type_, name=name, data=bytes(data))
                for pending, type_, name, data in rows
            ]
        )
        _with_keys("UPDATE ledger_pendingentry SET counted = TRUE", [row[0] for row in rows])
        reach("counted")
    return len(rows)


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


def _ready() -> QuerySet[PendingEntry]:
    # Nothing enters the log before its consumers know of it.
    return PendingEntry.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=Slot("now", DateTimeField())), counted=True
    ).order_by("pk")


# Asked several times a second while readers vote.
_ARRIVED: Final[Prepared[Any]] = Prepared(
    lambda: PendingEntry.objects.filter(counted=False).order_by().values_list("pk")[:1]
)
_KEYS: Final[Prepared[Any]] = Prepared(
    lambda haste, most: _ready().filter(haste=haste).values_list("pk")[:most],
)
_OLDEST_TOGETHER: Final[Prepared[Any]] = Prepared(
    lambda: _ready().filter(haste=Haste.TOGETHER).values_list("not_before", "created_at")[:1]
)


def _due_together(now: datetime) -> bool:
    for not_before, created_at in _OLDEST_TOGETHER.run(now=now):
        # What was kept back until its time has waited long enough.
        if (not_before or created_at + TOGETHER_WAIT) <= now:
            return True
        return len(_KEYS.run(Haste.TOGETHER, TOGETHER_COUNT, now=now)) == TOGETHER_COUNT
    return False


def _choose(now: datetime) -> list[int]:
    """The keys of what is due, one batch of it, in the order in which it enters."""
    chosen = [key for (key,) in _KEYS.run(Haste.AT_ONCE, BATCH, now=now)]
    left = BATCH - len(chosen)
    if left and _due_together(now):
        together = [key for (key,) in _KEYS.run(Haste.TOGETHER, BATCH, now=now)[:left]]
        _shuffle(together)
        chosen += together
    return chosen


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


def _write_checkpoint(log: Log, size: int, root: bytes, *, key: SigningKey, at: datetime) -> None:
    text = notes.Checkpoint(log.origin, size, root).text()
    Checkpoint.objects.create(
        log=log, size=size, root=root, note=str(SignedNote.sign(text, key)), at=at
    )
    reach("checkpoint")


def _advance(log: Log, size: int, root: bytes) -> None:
    changed = Log.objects.filter(pk=log.pk, size=log.size).update(size=size, root=root)
    if not changed:
        raise Outpaced("The log has grown meanwhile; nothing was changed, and it is tried again.")
    log.size, log.root = size, root
    reach("log")
