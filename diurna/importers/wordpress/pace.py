"""How fast another site may be asked: few at once, a moment between, and a rest when it says so."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

# As many as a browser that is polite to a small server; more would only queue there.
AT_ONCE: Final = 3
# Between the beginnings of two requests to one host: ten files a second at most.
DELAY_SECONDS: Final = 0.1
# A server that wants to be left alone for longer is not waited for, but tried another day.
MAX_WAIT_SECONDS: Final = 120.0
# After so many files in a row that were refused in spite of waiting, the host is left alone.
MAX_REFUSED: Final = 3


@dataclass(slots=True)
class _Host:
    places: threading.Semaphore
    next_at: float = 0.0
    refused: int = 0
    closed: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Pace:
    """Lets threads through to each host in turn. `clock` in seconds; tests bring their own."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        delay: float = DELAY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._hosts: defaultdict[str, _Host] = defaultdict(
            lambda: _Host(threading.Semaphore(at_once))
        )
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for a place and for the moment; leave the place at the end."""
        known = self._host(host)
        with known.places:
            with known.lock:
                now = self._clock()
                wait = max(0.0, known.next_at - now)
                known.next_at = max(now, known.next_at) + self._delay
            if wait:
                self._sleep(wait)
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Nobody asks this host for so long."""
        known = self._host(host)
        with known.lock:
            known.next_at = max(known.next_at, self._clock() + seconds)

    def refused(self, host: str, reason: str) -> None:
        """A file was given up because the host did not want to hand it out now."""
        known = self._host(host)
        with known.lock:
            known.refused += 1
            if known.refused >= MAX_REFUSED:
                known.closed = reason

    def close(self, host: str, reason: str) -> None:
        """Leave the host alone from now on."""
        known = self._host(host)
        with known.lock:
            known.closed = reason

    def answered(self, host: str) -> None:
        """The host is well."""
        known = self._host(host)
        with known.lock:
            known.refused = 0

    def closed(self, host: str) -> str:
        """Why the host is left alone, as a sentence; empty when it is not."""
        return self._host(host).closed

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts[host]
