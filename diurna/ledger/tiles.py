"""The tree and its entries as tiles (c2sp.org/tlog-tiles): addresses, widths, bundles, growth.

A tile holds up to 256 hashes of one level: level 0 the leaves, every other level the roots of the
full tiles below. Full tiles never change; the last one of a level is partial.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from diurna.common.errors import Invalid
from diurna.ledger.tree import (
    HASH_SIZE,
    CompactRange,
    merkle_root,
    prove_consistency,
    prove_inclusion,
    split,
)

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
# 256 ** 8 entries fill a 64-bit size; the format allows levels up to 63.
MAX_LEVEL: Final = 63
# The two bytes before each entry of a bundle hold its length.
MAX_ENTRY_SIZE: Final = 0xFFFF
_LENGTH_SIZE: Final = 2

_ADDRESS: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)
# A larger number of groups is no tile of any 64-bit log, only a long address.
_MAX_GROUPS: Final = 7


class TileError(Invalid):
    """Bytes that came as a tile or bundle are none; the sentence says why."""

    code = "invalid_tile"


@dataclass(frozen=True)
class TileAddress:
    """Which tile: `level` is None for a bundle of entries; `width` is 256 for a full one."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __str__(self) -> str:
        """The address below the log's prefix, such as `tile/0/x001/x234/067.p/5`."""
        digits = f"{self.index % 1000:03d}"
        rest = self.index // 1000
        while rest:
            digits = f"x{rest % 1000:03d}/{digits}"
            rest //= 1000
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{digits}{partial}"

    @classmethod
    def parse(cls, text: str) -> "TileAddress":
        """The tile of this address; TileError for any other spelling than the format's own."""
        match = _ADDRESS.fullmatch(text)
        if match is None or match["index"].count("/") >= _MAX_GROUPS:
            raise TileError(f"{text[:80]!r} is no address of a tile.")
        level = None if match["level"] == "entries" else int(match["level"])
        index = int(match["index"].replace("x", "").replace("/", ""))
        found = cls(level, index, int(match["width"] or TILE_WIDTH))
        if (level or 0) > MAX_LEVEL or str(found) != text:
            raise TileError(f"{text[:80]!r} is no address of a tile.")
        return found


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH))


def tiles_of(size: int) -> Iterator[TileAddress]:
    """Every tile of hashes of a tree with `size` leaves, level by level from the leaves up."""
    level = 0
    while count := size >> TILE_HEIGHT * level:
        for index in range(-(-count // TILE_WIDTH)):
            yield TileAddress(level, index, width_at(level, index, size))
        level += 1


def bundles_of(size: int) -> Iterator[TileAddress]:
    """Every bundle of entries of a log with `size` entries, in order."""
    for index in range(-(-size // TILE_WIDTH)):
        yield TileAddress(None, index, width_at(0, index, size))


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The entries with two bytes of length (big-endian) before each."""
    return b"".join(len(entry).to_bytes(_LENGTH_SIZE, "big") + entry for entry in entries)


def decode_bundle(bundle: bytes, *, count: int) -> list[bytes]:
    """The `count` entries of a bundle; TileError for more, fewer, or a broken last one."""
    entries = []
    place, end = 0, len(bundle)
    while place < end:
        begin = place + _LENGTH_SIZE
        place = begin + int.from_bytes(bundle[place:begin], "big")
        if begin > end or place > end:
            raise TileError("A bundle of entries ends in the middle of an entry.")
        entries.append(bundle[begin:place])
    if len(entries) != count:
        raise TileError(f"A bundle of entries has {len(entries)} of them instead of {count}.")
    return entries


class Frontier:
    """The right edge of a tree: its size and, of each level, the hashes of the partial tile.

    Everything that growing needs: `append` costs the same at any size. `full` collects the tiles
    that became full, as address and bytes, in the order in which they did.
    """

    def __init__(self, size: int = 0, partial: Iterable[bytes] = ()) -> None:
        self.size = size
        self.full: list[tuple[TileAddress, bytes]] = []
        self._levels = [bytearray(row) for row in partial]
        for level, row in enumerate(self._levels):
            if len(row) != HASH_SIZE * ((size >> TILE_HEIGHT * level) % TILE_WIDTH):
                raise TileError(f"The partial tile of level {level} does not fit {size} entries.")
        if size >> TILE_HEIGHT * len(self._levels):
            raise TileError(f"A log of {size} entries has more than {len(self._levels)} levels.")

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        self.size += 1
        self._push(0, leaf)

    def partial(self) -> list[bytes]:
        """The partial tile of each level, leaves first; empty where the last tile is full."""
        return [bytes(row) for row in self._levels]

    def root(self) -> bytes:
        """The root of the tree."""
        peaks = CompactRange()
        for level in range(len(self._levels) - 1, -1, -1):
            row = self._levels[level]
            for place in range(0, len(row), HASH_SIZE):
                peaks.append_subtree(
                    bytes(row[place : place + HASH_SIZE]), height=TILE_HEIGHT * level
                )
        return peaks.root()

    def _push(self, level: int, value: bytes) -> None:
        if level == len(self._levels):
            self._levels.append(bytearray())
        row = self._levels[level]
        row += value
        if len(row) == HASH_SIZE * TILE_WIDTH:
            index = (self.size >> TILE_HEIGHT * (level + 1)) - 1
            tile = bytes(row)
            self.full.append((TileAddress(level, index), tile))
            row.clear()
            self._push(level + 1, merkle_root(tile))


class TileTree:
    """A tree of `size` leaves whose hashes come from tiles, so that proofs cost a few reads.

    `read` returns the bytes of a tile; TileError when they have another length. A client that reads
    a stranger's tiles checks every proof against a signed root.
    """

    def __init__(self, size: int, read: Callable[[TileAddress], bytes]) -> None:
        self.size = size
        self._read = lru_cache(maxsize=64)(read)

    def root(self) -> bytes:
        """The root, computed from the right edge of each level."""
        return self.range_hash(0, self.size) if self.size else merkle_root(b"")

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of leaf `index`, from its sibling up; ValueError when there is none."""
        return prove_inclusion(index, self.size, self.range_hash)

    def consistency_proof(self, old: int) -> list[bytes]:
        """The proof that this tree begins with its first `old` leaves."""
        return prove_consistency(old, self.size, self.range_hash)

    def range_hash(self, begin: int, end: int) -> bytes:
        """The Merkle hash of D[begin:end], a range that some proof of this tree names."""
        count = end - begin
        if count & (count - 1):
            middle = begin + split(count)
            halves = self.range_hash(begin, middle), self.range_hash(middle, end)
            return merkle_root(b"".join(halves))
        level, rest = divmod(count.bit_length() - 1, TILE_HEIGHT)
        first = begin >> TILE_HEIGHT * level
        return merkle_root(self._hashes(level, first, 1 << rest))

    def _hashes(self, level: int, first: int, count: int) -> bytes:
        index, place = divmod(first, TILE_WIDTH)
        address = TileAddress(level, index, width_at(level, index, self.size))
        tile = self._read(address)
        if len(tile) != HASH_SIZE * address.width:
            raise TileError(f"{address} is {len(tile)} bytes long.")
        return tile[place * HASH_SIZE : (place + count) * HASH_SIZE]
