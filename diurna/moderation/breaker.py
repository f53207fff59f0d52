"""Leaving a service alone that fails, so that nobody waits for it again and again.

Pure: no Django; the clock is given. Source: M. Nygard, "Release It!", the circuit breaker.
"""

import threading
import time
from collections.abc import Callable


class Breaker:
    """After `most` failures in a row nobody asks for `rest` seconds; then one tries, and so on.

    Several threads may use one.
    """

    def __init__(
        self, *, most: int, rest: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._rest = rest
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._resting_until = float("-inf")

    def may_ask(self) -> bool:
        """Whether to ask now; after a rest the first who asks this tries, and the others wait."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._now() < self._resting_until:
                return False
            self._resting_until = self._now() + self._rest
            return True

    def worked(self) -> None:
        """It has answered."""
        with self._lock:
            self._failures = 0

    def failed(self, *, for_good: bool = False) -> bool:
        """It has not; True if it is left alone from now on. `for_good`: asking again is no use."""
        with self._lock:
            self._failures = self._most if for_good else self._failures + 1
            if self._failures < self._most:
                return False
            self._resting_until = self._now() + self._rest
            return self._failures == self._most

    def reset(self) -> None:
        """As if nothing had been asked yet."""
        with self._lock:
            self._failures = 0
            self._resting_until = float("-inf")
