"""Finished pages in memory: found by address, forgotten by key, least recently used out first.

Knows bytes and clocks, nothing of requests or of Django. Times are seconds of a monotonic clock.
Any number of threads use one store.

A page is fresh until one of its keys is touched. A hard touch takes it out at once. A soft one
leaves it to be served for `GRACE_SECONDS`, in which somebody draws it again. Whoever draws notes
the ring's counter first (the ticket). What was touched hard since then `put` refuses; what was
touched softly is as old as its drawing's beginning, and kept for the rest of its grace: a page that
is voted on all the time would never be kept else.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final, NamedTuple

from diurna.delivery.touches import EVERYTHING_HASH, Overtaken, Touch, TouchRing

GRACE_SECONDS: Final = 1.0
# A page that is voted on all the time is drawn no more often than this.
REDRAW_SECONDS: Final = 0.7
# So long before the grace is over a stale page is drawn again: enough for drawing it, which takes
# as long as it took the last time, or several times that while a thousand others read.
_LEAST_MARGIN_SECONDS: Final = 0.3
_MOST_MARGIN_SECONDS: Final = 0.6
_MARGIN_DRAWINGS: Final = 4
# Whatever happens, a page is drawn again after this; a touch may be lost with the process that
# committed, if it is killed in that moment.
LIFETIME_SECONDS: Final = 600.0
# What an entry costs beside its bodies, and for each key that no other page has: headers, sets,
# places in the indexes. Measured with tracemalloc for 2,000 pages with 1 to 60 keys.
OVERHEAD_BYTES: Final = 4_000
KEY_BYTES: Final = 350
# Nothing is moved to the end of the line of use more often than this.
_USE_SECONDS: Final = 1.0
# A page that takes more than this part of the room would push out all others.
_LARGEST_PART: Final = 8
# So many touched keys are remembered for pages that are being drawn; drawing takes milliseconds.
_REMEMBERED: Final = 4_096
# How often it is looked whether the ring's file is still the one that is mapped.
_FOLLOW_SECONDS: Final = 1.0


class Ticket(NamedTuple):
    """From when somebody draws: which ring, its counter then, and the moment (seconds)."""

    epoch: int
    number: int
    at: float


@dataclass(slots=True, eq=False)
class Page:
    """A finished answer.

    `headers` are those that every encoding has; `bodies` are by encoding (`""`, `gzip`, `br`), the
    plain one always there. `keys` are hashes of the surrogate keys, `ticket` says when the drawing
    began. `lifetime` is in seconds, from when it is put.
    """

    status: str
    headers: list[tuple[str, str]]
    bodies: dict[str, bytes]
    etag: str
    keys: frozenset[bytes]
    ticket: Ticket
    lifetime: float = LIFETIME_SECONDS
    last_modified: float | None = None
    # Ready answers by encoding: full headers and body, made when they are first asked for.
    ready: dict[str, tuple[list[tuple[str, str]], list[bytes]]] = field(default_factory=dict)
    # Seconds that drawing it took.
    took: float = 0.0
    size: int = 0
    drawn_at: float = 0.0
    expires_at: float = 0.0
    stale_since: float | None = None
    used_at: float = 0.0
    # Whether somebody is drawing it again.
    is_redrawn: bool = False


class Tally:
    """A figure that several threads raise without losing one."""

    def __init__(self) -> None:
        self._count = count()
        self._read = 0

    def add(self) -> None:
        """One more."""
        next(self._count)

    def value(self) -> int:
        """How many there were."""
        # Reading takes a number too; those are not counted.
        self._read += 1
        return next(self._count) - self._read + 1


class Store:
    """The pages of one process, at most `limit` bytes of them, kept true by the ring."""

    def __init__(self, ring: TouchRing, *, limit: int, now: Callable[[], float]) -> None:
        self.ring = ring
        self._limit = limit
        self.now = now
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._by_key: dict[bytes, set[str]] = {}
        self._size = 0
        self._seen = ring.counter
        self._epoch = ring.epoch
        self._looked_at = now()
        # The numbers of the last touch and the last hard touch of a key, and up to where touches
        # were forgotten.
        self._touched: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._unknown_before = 0
        self.dropped, self.evicted, self.refused, self.overtaken = (Tally() for _ in range(4))

    def ticket(self) -> Ticket:
        """To be taken before the first look at what a page is drawn from."""
        # In this order: a ring that is replaced between the two makes a ticket that is refused.
        epoch = self.ring.epoch
        return Ticket(epoch, self.ring.counter, self.now())

    def get(self, address: str) -> Page | None:
        """The page kept for this address, fresh or within its grace; None where there is none."""
        now = self.now()
        if self.ring.counter != self._seen or now - self._looked_at > _FOLLOW_SECONDS:
            with self._lock:
                self._catch_up()
        page = self._pages.get(address)
        if page is None or self.ring.suspended:
            return None
        if page.expires_at <= now or (
            page.stale_since is not None and now - page.stale_since > GRACE_SECONDS
        ):
            with self._lock:
                self._drop(address, page)
            return None
        if now - page.used_at > _USE_SECONDS:
            with self._lock:
                page.used_at = now
                if self._pages.get(address) is page:
                    self._pages.move_to_end(address)
        return page

    def is_due(self, page: Page) -> bool:
        """Whether a stale page is to be drawn again now: it was not drawn just before, or it is
        time, so that a new one is there when the grace ends."""
        if page.stale_since is None:
            return False
        if self.now() - page.drawn_at >= REDRAW_SECONDS:
            return True
        margin = min(max(_LEAST_MARGIN_SECONDS, _MARGIN_DRAWINGS * page.took), _MOST_MARGIN_SECONDS)
        return self.now() >= page.stale_since + GRACE_SECONDS - margin

    def put(self, address: str, page: Page) -> bool:
        """Keep the page; False, and nothing kept, when something that it shows was touched hard
        since its ticket, or when it is too large."""
        page.size = (
            OVERHEAD_BYTES
            + KEY_BYTES * len(page.keys)
            + len(address)
            + sum(map(len, page.bodies.values()))
        )
        with self._lock:
            self._catch_up()
            present = self._pages.get(address)
            if present is not None and present.ticket.number > page.ticket.number:
                # Somebody drew it later and was quicker.
                return True
            if self._is_outdated(page) or page.size > self._limit // _LARGEST_PART:
                self.refused.add()
                return False
            self._drop(address, present)
            page.drawn_at = page.used_at = self.now()
            if self._is_outdated(page, softly=True):
                page.stale_since = page.ticket.at
            page.expires_at = page.drawn_at + page.lifetime
            self._pages[address] = page
            self._size += page.size
            for key in page.keys:
                self._by_key.setdefault(key, set()).add(address)
            self._make_room()
        return True

    def grow(self, address: str, page: Page, more: int) -> None:
        """A kept page has become so many bytes larger (another encoding of it was made)."""
        with self._lock:
            if self._pages.get(address) is page:
                page.size += more
                self._size += more
                self._make_room()

    def was_touched(self, page: Page, *, softly: bool) -> bool:
        """Whether something that the page shows was touched after its ticket, hard or (if asked
        for) softly."""
        with self._lock:
            self._catch_up()
            return self._is_outdated(page, softly=softly)

    def forget_all(self) -> None:
        """Keep nothing, and nothing that is being drawn."""
        with self._lock:
            self._catch_up()
            self._forget_all(self._seen)

    @property
    def pages(self) -> int:
        """How many pages are kept."""
        return len(self._pages)

    @property
    def size(self) -> int:
        """How many bytes they take, by this store's reckoning."""
        return self._size

    def _catch_up(self) -> None:
        now = self.now()
        if now - self._looked_at > _FOLLOW_SECONDS:
            self._looked_at = now
            self.ring.follow()
        if self.ring.epoch != self._epoch:
            self._epoch = self.ring.epoch
            self._start_over()
            return
        if self.ring.counter == self._seen:
            return
        try:
            touches = self.ring.told_since(self._seen)
        except Overtaken:
            self._start_over()
            return
        for number, (touch, at) in enumerate(touches, self._seen + 1):
            # When it was made, not when this process looked: it may not have been asked for long.
            self._apply(touch, number, min(at, now))
        # Only now: who reads it without the lock takes it as all done.
        self._seen += len(touches)

    def _start_over(self) -> None:
        self.overtaken.add()
        # Before forgetting: what is touched meanwhile is caught up with next time.
        counter = self.ring.counter
        self._forget_all(counter)
        self._seen = counter

    def _apply(self, touch: Touch, number: int, at: float) -> None:
        if touch.key == EVERYTHING_HASH:
            self._forget_all(number)
            return
        _any, hard = self._touched.get(touch.key, (0, 0))
        self._touched[touch.key] = (number, hard if touch.soft else number)
        self._touched.move_to_end(touch.key)
        if len(self._touched) > _REMEMBERED:
            _key, (oldest, _hard) = self._touched.popitem(last=False)
            self._unknown_before = max(self._unknown_before, oldest)
        for address in list(self._by_key.get(touch.key, ())):
            page = self._pages[address]
            if not touch.soft:
                self.dropped.add()
                self._drop(address, page)
            elif page.stale_since is None:
                page.stale_since = at

    def _is_outdated(self, page: Page, *, softly: bool = False) -> bool:
        epoch, number, _at = page.ticket
        if epoch != self._epoch or number < self._unknown_before:
            return True
        which = 0 if softly else 1
        return any(key in self._touched and self._touched[key][which] > number for key in page.keys)

    def _forget_all(self, number: int) -> None:
        self._pages.clear()
        self._by_key.clear()
        self._touched.clear()
        self._size = 0
        self._unknown_before = number

    def _make_room(self) -> None:
        while self._size > self._limit and self._pages:
            address, page = next(iter(self._pages.items()))
            self.evicted.add()
            self._drop(address, page)

    def _drop(self, address: str, page: Page | None) -> None:
        if page is None or self._pages.get(address) is not page:
            return
        del self._pages[address]
        self._size -= page.size
        for key in page.keys:
            here = self._by_key[key]
            here.discard(address)
            if not here:
                del self._by_key[key]
