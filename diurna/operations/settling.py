"""The settler's thread in the application process: shown points and the log, never a second late.

It sleeps until a writer of this process wakes it, or for a moment: votes do not wake it, those of
the plain form apart (`points.shown`), and other processes (imports, the task worker) write too. A
look that finds nothing is one indexed query.
"""

import atexit
import logging
import threading
import time

from django.db import close_old_connections

from diurna.ledger import mirror, settler
from diurna.ledger.models import PendingEntry

logger = logging.getLogger(__name__)

# A page may show points for a second after they have changed (`delivery.surrogate.touch`), and
# nobody is to see any that are older than two. Short also for the sake of who writes: while what
# has gathered is counted, the others wait.
LOOK_SECONDS = 0.3
# So many entries that entered the log at once.
MANY = 100
# Unless there are many, or somebody wakes the settler, entries enter the log no more often than
# this. What is shown is counted at every look.
ENTER_SECONDS = 1.0
# After a failure: a key that is missing will not be there a second later.
RETRY_SECONDS = 10.0
STOP_SECONDS = 5.0


class Settling:
    """Settles what waits, until it is stopped; `failure` is the last round's, empty if it went."""

    def __init__(self, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._look_seconds = look_seconds
        self._batch = 0
        self._entered_at = -ENTER_SECONDS
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

    def look(self, *, is_woken: bool = True) -> int:
        """Settle what is due, then copy what the mirror lacks; how many entries entered the log.

        While readers vote something is always due again: what comes meanwhile waits for the next
        look, and shares its batch. A look for which nobody has woken it may leave entries waiting
        for the log (`ENTER_SECONDS`), not for what is shown.
        """
        settled = 0
        since = time.monotonic() - self._entered_at
        enters = is_woken or self._batch >= MANY or since >= ENTER_SECONDS
        self._batch = 0
        while PendingEntry.objects.exists():
            if not enters:
                settler.count()
                break
            batch = settler.settle()
            self._batch, self._entered_at = batch, time.monotonic()
            settled += batch
            if batch < settler.BATCH:
                break
        mirror.copy_if_behind()
        return settled

    def _run(self) -> None:
        with settler.on_duty():
            self._go_on()

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            is_woken = settler.wait(self._look_seconds)
            if self._stopping.is_set():
                return
            close_old_connections()
            try:
                self.look(is_woken=is_woken)
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
