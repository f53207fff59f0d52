"""Reading the log: checkpoint, tiles, bundles, proofs, and how far behind it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet

from diurna.common.errors import Missing
from diurna.ledger.models import Checkpoint, Entry, Log, PendingEntry
from diurna.ledger.proof import EntryProof
from diurna.ledger.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Frontier,
    TileAddress,
    TileTree,
    encode_bundle,
    width_at,
)

# Promised in the documentation, an alarm in doctor and metrics, and `diurna verify` fails on it.
MAX_MERGE_DELAY = timedelta(minutes=10)
# Votes on comments wait for the end of their hour first.
MAX_MERGE_DELAY_KEPT_BACK = timedelta(minutes=70)


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How far the log is behind: entries that wait, and for how long the oldest (seconds).

    `overdue` when one waits longer than promised.
    """

    waiting: int
    oldest_seconds: float
    overdue: bool


def active_log() -> Log | None:
    """The log of this newsroom; None before it is founded."""
    return Log.objects.filter(active=True).first()


def latest_checkpoint(log: Log) -> Checkpoint:
    """The log's last checkpoint."""
    return log.checkpoints.latest("size")


def frontier(log: Log) -> Frontier:
    """The right edge of the log as it is stored; at most 255 rows are read for each level."""
    partial = []
    level = 0
    while log.size >> TILE_HEIGHT * level:
        index = log.size >> TILE_HEIGHT * (level + 1)
        width = width_at(level, index, log.size)
        partial.append(_hashes(log, level, index, width))
        level += 1
    return Frontier(log.size, partial)


def tile(log: Log, address: TileAddress) -> bytes:
    """The hashes or entries of a tile; Missing when the log is not that long.

    A partial tile is also given when the full one exists by now: a checkpoint that needs it may
    be in somebody's hands.
    """
    level = address.level or 0
    if width_at(level, address.index, log.size) < address.width:
        raise Missing("The log has no such tile yet; ask for one that the checkpoint names.")
    if address.level is None:
        begin = address.index * TILE_WIDTH
        return encode_bundle(
            bytes(data)
            for data in _entries(log, begin, address.width).values_list("data", flat=True)
        )
    if address.width == TILE_WIDTH:
        row = log.tiles.values_list("data", flat=True).get(level=level, index=address.index)
        return bytes(row)
    return _hashes(log, level, address.index, address.width)


def tree(log: Log) -> TileTree:
    """The log's tree, for proofs."""
    return TileTree(log.size, lambda address: tile(log, address))


def proof_of(log: Log, leaf: bytes) -> EntryProof:
    """The offline proof of an entry, by its leaf hash; Missing when it is not in the log (yet)."""
    entry = log.entries.filter(leaf=leaf, index__lt=log.size).order_by("index").first()
    if entry is None:
        raise Missing("This entry is not in the log; if it is new, ask again in ten minutes.")
    checkpoint = log.checkpoints.get(size=log.size)
    return EntryProof(
        index=entry.index,
        hashes=tuple(tree(log).inclusion_proof(entry.index)),
        checkpoint=checkpoint.note.encode(),
        extra=bytes(entry.data),
    )


def lag(now: datetime) -> Lag:
    """How far the log is behind at this moment."""
    oldest = PendingEntry.objects.aggregate(
        any=Min("created_at"),
        prompt=Min("created_at", filter=_prompt()),
    )
    first, prompt = oldest["any"], oldest["prompt"]
    return Lag(
        waiting=PendingEntry.objects.count(),
        oldest_seconds=(now - first).total_seconds() if first else 0.0,
        overdue=bool(
            (prompt and now - prompt > MAX_MERGE_DELAY)
            or (first and now - first > MAX_MERGE_DELAY_KEPT_BACK)
        ),
    )


def _prompt() -> Q:
    return Q(not_before__isnull=True)


def _hashes(log: Log, level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a tile: leaves of entries, or roots of the tiles below."""
    if not width:
        return b""
    begin = index * TILE_WIDTH
    if level == 0:
        return b"".join(map(bytes, _entries(log, begin, width).values_list("leaf", flat=True)))
    below = log.tiles.filter(level=level - 1, index__gte=begin, index__lt=begin + width)
    return b"".join(map(bytes, below.order_by("index").values_list("root", flat=True)))


def _entries(log: Log, begin: int, count: int) -> QuerySet[Entry]:
    return log.entries.filter(index__gte=begin, index__lt=begin + count).order_by("index")
