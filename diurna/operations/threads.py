"""Threads for requests: as many as are needed at once, up to a limit, and none for ever.

Python's own `ThreadPoolExecutor` keeps every thread that it ever needed, and with each one a
connection to the database.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Threads:
    """Runs what is submitted, oldest first; beyond `most` at once the others wait in line."""

    def __init__(self, most: int, *, idle_seconds: float, name: str) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._name = name
        # Guards all that follows; a thread that has nothing to do waits for it.
        self._work_came = threading.Condition()
        self._line: deque[Callable[[], None]] = deque()
        self._idle = 0
        self.running = 0

    def submit(self, work: Callable[[], None]) -> None:
        """Have this done, on a thread that has nothing to do or on a new one."""
        with self._work_came:
            self._line.append(work)
            if len(self._line) > self._idle and self.running < self._most:
                self._start()
            self._work_came.notify()

    def _start(self) -> None:
        # An answer is sent after what it says is stored, so the process may end meanwhile.
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The machine gives no more; those who run come to it, and the next one tries again.
            logger.exception("No thread could be started; %d are running.", self.running)
            return
        self.running += 1

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:
                logger.exception("A request's thread failed; the thread goes on with the next one.")
            # Else what it was about would live on until the next one comes.
            del work

    def _next(self) -> Callable[[], None] | None:
        with self._work_came:
            self._idle += 1
            try:
                if not self._work_came.wait_for(lambda: bool(self._line), self._idle_seconds):
                    self.running -= 1
                    return None
                return self._line.popleft()
            finally:
                self._idle -= 1
