"""Reads a log from its first entry to its last, and checks every byte of it on the way.

Each entry is hashed; the hashes must be those of the tiles that the site serves, and add up to the
root that it signed. In memory stays only the edge of the tree and what later checks ask about.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from diurna.ledger.entry import SHAPES, EntryError, check_shape, read_canonical
from diurna.ledger.note import Checkpoint, NoteError, VerifierKey
from diurna.ledger.tiles import (
    TILE_WIDTH,
    Frontier,
    TileAddress,
    TileError,
    bundles_of,
    decode_bundle,
    width_at,
)
from diurna.ledger.tree import HASH_SIZE, leaf_hash
from diurna.verify.copies import LoggedCopy
from diurna.verify.corrections import LoggedNotice
from diurna.verify.findings import Contradiction, Unchecked
from diurna.verify.site import NotThere, Site
from diurna.verify.votes import Votes

KEY_PATH: Final = "ledger/key"
CHECKPOINT_PATH: Final = "ledger/checkpoint"
# A key is a line; what is longer is something else.
_MAX_KEY: Final = 1_000
# Enough to hide the way to a distant site; more would be rude to a small one.
_READERS: Final = 4
_AHEAD: Final = 16

# Told how many entries have been read, of how many.
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Logged:
    """A version of an article as the log has it; `at` is UTC, as in `2026-11-22T16:05:00Z`."""

    index: int
    rev: int
    commitment: str
    kind: str
    at: str

    @property
    def is_public(self) -> bool:
        """Whether readers should find the article after this version."""
        return self.kind not in {"unpublish", "remove"}


@dataclass
class Log:
    """What has been read of a log. `roots` holds the root at each size that was asked for."""

    site: Site
    key: VerifierKey
    frontier: Frontier = field(default_factory=Frontier)
    genesis: dict[str, Any] = field(default_factory=dict)
    entries: Counter[str] = field(default_factory=Counter)
    revisions: dict[str, list[Logged]] = field(default_factory=dict)
    new_keys: dict[str, int] = field(default_factory=dict)
    corrections: dict[str, list[LoggedNotice]] = field(default_factory=dict)
    copies: dict[str, list[LoggedCopy]] = field(default_factory=dict)
    restores: list[dict[str, Any]] = field(default_factory=list)
    votes: Votes = field(default_factory=Votes)
    unknown: Counter[str] = field(default_factory=Counter)
    roots: dict[int, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries have been read."""
        return self.frontier.size

    def follow(self, checkpoint: Checkpoint, *, watch: set[int], told: Told) -> None:
        """Read on to this checkpoint; Contradiction where the log is not what was signed.

        The root at each size in `watch` is kept in `roots`.
        """
        if checkpoint.size < self.size:
            raise Contradiction(
                f"The log has {checkpoint.size:,} entries now, and had {self.size:,} a moment ago.",
                page=self.site.address(CHECKPOINT_PATH),
                logged=str(self.size),
                shown=str(checkpoint.size),
            )
        self._keep_root(watch)
        for address, entries, hashes in _bundles(self.site, self.size, checkpoint.size):
            self._add(address, entries, hashes, watch)
            told(self.size, checkpoint.size)
        self._check_tiles(checkpoint.size)
        root = self.frontier.root()
        if root != checkpoint.root:
            raise Contradiction(
                f"The {self.size:,} entries of the log do not add up to the root that was signed.",
                page=self.site.address(CHECKPOINT_PATH),
                logged=root.hex(),
                shown=checkpoint.root.hex(),
            )

    @property
    def is_restored(self) -> bool:
        """Whether the newsroom declares that words may be lost."""
        return bool(self.restores or self.genesis.get("after_origin"))

    def losable_notices(self, article: str) -> frozenset[int]:
        """The entries of an article's notices whose words a declared restore may have lost.

        Those that came before a restore; in a log that succeeds another one, those of versions
        that are older than itself.
        """
        kept = max((restore["after"] for restore in self.restores), default=-1)
        began = self.genesis["at"] if self.genesis.get("after_origin") else ""
        times = self.times(article)
        return frozenset(
            notice.index
            for notice in self.corrections.get(article, [])
            if notice.index <= kept or "" < times.get(notice.rev, "") <= began
        )

    def times(self, article: str) -> dict[int, str]:
        """When the log dates each version of an article."""
        return {version.rev: version.at for version in self.revisions.get(article, [])}

    def latest(self, article: str) -> Logged | None:
        """The last version of an article in the log."""
        known = self.revisions.get(article)
        return known[-1] if known else None

    def _add(self, address: TileAddress, data: bytes, hashes: bytes, watch: set[int]) -> None:
        try:
            entries = decode_bundle(data, count=address.width)
        except TileError as error:
            raise Contradiction(str(error), page=self._page(address)) from error
        first = address.index * TILE_WIDTH
        for place, entry in enumerate(entries):
            index = first + place
            leaf = leaf_hash(entry)
            if hashes[place * HASH_SIZE : (place + 1) * HASH_SIZE] != leaf:
                raise Contradiction(
                    f"Entry {index:,} of the log is not the one whose hash the log gives.",
                    page=self._page(address),
                    logged=hashes[place * HASH_SIZE : (place + 1) * HASH_SIZE].hex(),
                    shown=leaf.hex(),
                )
            if index >= self.size:
                self._take(index, entry)
                self.frontier.append(leaf)
                if self.size in watch:
                    self.roots[self.size] = self.frontier.root()

    def _take(self, index: int, data: bytes) -> None:
        if index and self.votes.take_raw(index, data):
            self.entries["vote"] += 1
            return
        try:
            entry = read_canonical(data)
            kind = entry["t"]
            if kind not in SHAPES:
                # A newer Diurna may have written it; it is counted in the tree all the same.
                self.unknown[kind] += 1
                return
            check_shape(entry)
        except EntryError as error:
            raise Contradiction(f"Entry {index:,} of the log can't be read: {error}") from error
        self.entries[kind] += 1
        if (kind == "genesis") != (index == 0):
            raise Contradiction(f"Entry {index:,} of the log is of type {kind}, in a wrong place.")
        if kind == "genesis":
            self.genesis = entry
        elif kind == "revision":
            self._take_revision(index, entry)
        elif kind == "correction":
            notice = LoggedNotice(index, entry["rev"], entry["kind"], entry["commitment"])
            self.corrections.setdefault(entry["article"], []).append(notice)
        elif kind == "source":
            copy = LoggedCopy(index, entry["citation"], entry["commitment"], entry["captured"])
            self.copies.setdefault(entry["article"], []).append(copy)
        elif kind in {"vote", "void", "unvoid"}:
            self.votes.take(index, entry)
        elif kind == "change" and "key" in entry:
            self.new_keys[entry["key"]] = index
        elif kind == "restore":
            self.restores.append(entry)

    def _take_revision(self, index: int, entry: dict[str, Any]) -> None:
        known = self.revisions.setdefault(entry["article"], [])
        if known and entry["rev"] <= known[-1].rev:
            raise Contradiction(
                f"Entry {index:,} of the log is version {entry['rev']} of article "
                f"{entry['article']}, after version {known[-1].rev}."
            )
        known.append(Logged(index, entry["rev"], entry["commitment"], entry["kind"], entry["at"]))

    def _keep_root(self, watch: set[int]) -> None:
        if self.size in watch:
            self.roots[self.size] = self.frontier.root()

    def _check_tiles(self, size: int) -> None:
        """The tiles above the leaves: those that became full, and the last one of each level."""
        ours = [(address, data) for address, data in self.frontier.full if address.level]
        self.frontier.full.clear()
        for level, data in enumerate(self.frontier.partial()):
            if level and data:
                index = (size >> 8 * level) // TILE_WIDTH
                ours.append((TileAddress(level, index, width_at(level, index, size)), data))
        for address, data in ours:
            if _fetch(self.site, address) != data:
                raise Contradiction(
                    f"{address} of the log is not what the entries below it add up to.",
                    page=self._page(address),
                )

    def _page(self, address: TileAddress) -> str:
        return self.site.address(f"ledger/{address}")


def read_key(site: Site) -> VerifierKey:
    """The key that the site signs with, as it says itself."""
    try:
        data = site.get(KEY_PATH)
    except NotThere as error:
        raise Unchecked(f"{site.base} has no public log: {error}") from error
    try:
        return VerifierKey.parse(data[:_MAX_KEY].decode("ascii").strip())
    except (NoteError, UnicodeDecodeError) as error:
        raise Unchecked(f"{site.address(KEY_PATH)} is no key of a log: {error}") from error


def read_checkpoint(site: Site, key: VerifierKey) -> tuple[Checkpoint, bytes]:
    """The latest checkpoint and its note; Contradiction unless this key has signed it."""
    note = site.get(CHECKPOINT_PATH)
    try:
        return Checkpoint.open(note, origin=key.name, keys=[key]), note
    except NoteError as error:
        raise Contradiction(
            f"The checkpoint of the log is not signed as it should be: {error}",
            page=site.address(CHECKPOINT_PATH),
        ) from error


def _bundles(site: Site, begin: int, size: int) -> Iterator[tuple[TileAddress, bytes, bytes]]:
    """Bundles with the tile of their hashes, in order, a few of them fetched ahead."""
    addresses = (each for each in bundles_of(size) if (each.index + 1) * TILE_WIDTH > begin)
    ahead: deque[tuple[TileAddress, Future[tuple[bytes, bytes]]]] = deque()
    with ThreadPoolExecutor(_READERS) as readers:
        try:
            for address in addresses:
                ahead.append((address, readers.submit(_fetch_both, site, address)))
                if len(ahead) >= _AHEAD:
                    first, done = ahead.popleft()
                    yield (first, *done.result())
            while ahead:
                first, done = ahead.popleft()
                yield (first, *done.result())
        finally:
            readers.shutdown(cancel_futures=True)


def _fetch_both(site: Site, address: TileAddress) -> tuple[bytes, bytes]:
    hashes = _fetch(site, TileAddress(0, address.index, address.width))
    if len(hashes) != HASH_SIZE * address.width:
        raise Contradiction(
            f"tile/0 of {address} is {len(hashes):,} bytes long instead of "
            f"{HASH_SIZE * address.width:,}.",
            page=site.address(f"ledger/{address}"),
        )
    return _fetch(site, address), hashes


def _fetch(site: Site, address: TileAddress) -> bytes:
    try:
        return site.get(f"ledger/{address}")
    except NotThere as error:
        raise Contradiction(
            f"A part of the log is missing: {error}", page=site.address(f"ledger/{address}")
        ) from error
