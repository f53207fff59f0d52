"""A CDN is told at once when pages that it keeps are not true any more.

For hard touches only: what readers do by the hundred (points, comments) is taken again when the
CDN's own copy is old, after some seconds. Keys are collected by one thread of each process that
touches, and sent together.

What can't be sent is tried again for as long as the CDN may hold a page that is older, and not for
longer: after `Cdn.seconds` it asks before it serves one, so nothing has to be remembered over a
restart.

A page may be on its way to the CDN in the moment in which it is told to forget it, and arrive
afterwards; so everything is said twice.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from django.conf import settings

from diurna.delivery.caching import Cdn
from diurna.delivery.cdn_calls import PurgeFailed, calls_of
from diurna.delivery.touches import EVERYTHING

logger = logging.getLogger(__name__)

# Longer than a page takes from us to the CDN, and shorter than anybody's patience.
AGAIN_SECONDS: Final = 5.0
# The first is sent at once; whatever comes right behind it shares the next call.
PAUSE_SECONDS: Final = 0.5
FIRST_RETRY_SECONDS: Final = 1.0
LONGEST_RETRY_SECONDS: Final = 30.0
# More keys than this are told as everything: an import, not a correction.
MOST_KEYS: Final = 1_000
STOP_SECONDS: Final = 5.0

Forget = Callable[[frozenset[str] | None], None]


@dataclass(kw_only=True)
class Figures:
    """What this process told the CDN since it started: calls that went, and that did not."""

    told: int = 0
    failed: int = 0
    given_up: int = 0
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class _Order:
    """Keys to be forgotten (None: all), since when, from when on, and how often it failed."""

    keys: frozenset[str] | None
    asked_at: float
    due_at: float
    failures: int = 0
    is_second: bool = False


figures = Figures()


class Purger:
    """Tells a CDN what to forget; `forget` does it or raises PurgeFailed.

    `now` is a monotonic clock in seconds.
    """

    def __init__(
        self, forget: Forget, *, lifetime: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._forget = forget
        self._lifetime = lifetime
        self._now = now
        self._orders: list[_Order] = []
        self._news = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="purger", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Send what waits for its first call, and end the thread; waits a few seconds."""
        with self._news:
            self._stopping = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def hard(self, keys: Iterable[str] | None) -> None:
        """Have everything forgotten that shows one of these keys, at once (None: all there is)."""
        wanted = None if keys is None else frozenset(keys)
        if wanted is not None and EVERYTHING in wanted:
            wanted = None
        if wanted is not None and not wanted:
            return
        with self._news:
            now = self._now()
            self._orders.append(_Order(keys=wanted, asked_at=now, due_at=now))
            self._news.notify()

    def work(self) -> None:
        """Send what is due; plan what has to be said again."""
        with self._news:
            now = self._now()
            due = [order for order in self._orders if order.due_at <= now]
            self._orders = [order for order in self._orders if order.due_at > now]
        if not due:
            return
        if self._is_told(_all_keys(due)):
            later = self._second([order for order in due if not order.is_second])
        else:
            later = self._retried(due)
        with self._news:
            self._orders += later

    def _is_told(self, keys: frozenset[str] | None) -> bool:
        try:
            self._forget(keys)
        except PurgeFailed as failure:
            self._note(str(failure))
            return False
        except Exception:  # whatever it is, the thread goes on and tries again
            logger.exception("A CDN could not be told to forget pages.")
            figures.failed += 1
            return False
        figures.told += 1
        figures.failure = ""
        return True

    def waiting(self) -> float | None:
        """Seconds until something is due, 0 if it is; None where nothing waits."""
        if not self._orders:
            return None
        return max(0.0, min(order.due_at for order in self._orders) - self._now())

    def _retried(self, orders: list[_Order]) -> list[_Order]:
        now = self._now()
        left = [order for order in orders if now - order.asked_at <= self._lifetime]
        figures.given_up += len(orders) - len(left)
        if not left:
            return []
        failures = min(order.failures for order in left)
        wait = min(FIRST_RETRY_SECONDS * 2**failures, LONGEST_RETRY_SECONDS)
        # One for all: while nobody answers, an import would fill the list.
        return [
            _Order(
                keys=_all_keys(left),
                asked_at=max(order.asked_at for order in left),
                due_at=now + wait,
                failures=failures + 1,
                is_second=all(order.is_second for order in left),
            )
        ]

    def _second(self, orders: list[_Order]) -> list[_Order]:
        if not orders:
            return []
        now = self._now()
        due = now + AGAIN_SECONDS
        return [_Order(keys=_all_keys(orders), asked_at=now, due_at=due, is_second=True)]

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._stopping and self.waiting() != 0.0:
                    self._news.wait(self.waiting())
                if self._stopping:
                    break
            self.work()
            with self._news:
                self._news.wait_for(lambda: self._stopping, PAUSE_SECONDS)
        self.work()

    def _note(self, failure: str) -> None:
        figures.failed += 1
        # The same sentence every few seconds would bury everything else.
        if figures.failure != failure:
            logger.error(
                "The CDN of DELIVERY_CDN could not be told to forget pages: %s It is tried again"
                " for as long as it may hold one.",
                failure,
            )
        figures.failure = failure


_purger: Purger | None = None
_starting = threading.Lock()


def hard(keys: Iterable[str] | None) -> None:
    """Have the CDN forget what shows these keys, if there is one; returns at once."""
    cdn: Cdn | None = settings.DIURNA_DELIVERY_CDN
    if cdn is not None:
        _purger_of(cdn).hard(keys)


def _purger_of(cdn: Cdn) -> Purger:
    global _purger
    with _starting:
        if _purger is None:
            # Made on its thread: the client of CloudFront takes a while to load.
            calls = cache(partial(calls_of, cdn, site_url=settings.DIURNA_SITE_URL))
            _purger = Purger(lambda keys: calls().forget(keys), lifetime=cdn.seconds)
            _purger.start()
            atexit.register(_purger.stop)
        return _purger


def _all_keys(orders: Iterable[_Order]) -> frozenset[str] | None:
    keys: set[str] = set()
    for order in orders:
        if order.keys is None:
            return None
        keys |= order.keys
    return frozenset(keys) if len(keys) <= MOST_KEYS else None
