"""The settler's thread in the application process: the log, and its mirror, at most a second late.

It sleeps until a writer of this process wakes it, or for a second, since other processes (imports,
the task worker) write too. A look that finds nothing is one indexed query.
"""

import atexit
import logging
import threading

from django.db import close_old_connections

from diurna.ledger import mirror, settler
from diurna.ledger.models import PendingEntry

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# After a failure: a key that is missing will not be there a second later.
RETRY_SECONDS = 10.0
STOP_SECONDS = 5.0


class Settling:
    """Settles what waits, until it is stopped; `failure` is the last round's, empty if it went."""

    def __init__(self, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._look_seconds = look_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="settler", daemon=True)
        self.failure = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the batch it is at; waits a few seconds for it."""
        self._stopping.set()
        settler.wake()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def look(self) -> int:
        """Settle what is due, then copy what the mirror lacks; how many entries entered the log.

        While readers vote something is always due again: what comes meanwhile waits for the next
        look, and shares its batch.
        """
        settled = 0
        while PendingEntry.objects.exists():
            batch = settler.settle()
            settled += batch
            if batch < settler.BATCH:
                break
        mirror.copy_if_behind()
        return settled

    def _run(self) -> None:
        while not self._stopping.is_set():
            settler.wait(self._look_seconds)
            if self._stopping.is_set():
                return
            close_old_connections()
            try:
                self.look()
            except Exception as error:  # noqa: BLE001  (logged; the database may be away for a while)
                self._note(error)
                self._stopping.wait(RETRY_SECONDS)
            else:
                self.failure = ""
            close_old_connections()

    def _note(self, error: Exception) -> None:
        # The same sentence every ten seconds would bury everything else.
        if self.failure != str(error):
            logger.exception("The settler could not go on; it tries again.")
        self.failure = str(error)


_settling: Settling | None = None


def start() -> None:
    """Start this process's settler, once."""
    global _settling
    if _settling is None:
        _settling = Settling()
        _settling.start()
        atexit.register(stop)


def stop() -> None:
    """Stop this process's settler, if one runs."""
    if _settling is not None:
        _settling.stop()
