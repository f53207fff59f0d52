"""The ranker: makes new editions of the lists that somebody reads, beside the requests.

One thread in each application process takes what its own readers ask for. Among several processes
and machines one ranks at a time; who finds that another was quicker has nothing left to do.
"""

import atexit
import logging
import threading

from django.db import close_old_connections
from django.utils import timezone

from diurna.operations.clock import leadership
from diurna.points import ranked_demand, ranked_editions
from diurna.points.ranked_orders import List

logger = logging.getLogger(__name__)

LOCK_FILE = "ranking.lock"
# Any number that nothing else in the database uses: "ranker" in ASCII.
ADVISORY_LOCK = 0x72616E6B6572
LOOK_SECONDS = 5.0
# While another process ranks; it takes some milliseconds.
AGAIN_SECONDS = 0.05
STOP_SECONDS = 5.0


class Ranker:
    """Ranks what is asked for, until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ranker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the list it is at; waits a few seconds for it."""
        self._stopping.set()
        ranked_demand.wake()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def rank(self, which: List) -> None:
        """See that the list has an edition that is new enough, made here or elsewhere."""
        while not self._stopping.is_set():
            now = timezone.now()
            if not ranked_editions.needs_renewal(which, now):
                return
            with leadership(ADVISORY_LOCK, LOCK_FILE) as leads:
                if leads:
                    ranked_editions.renew(which, now)
                    return
            self._stopping.wait(AGAIN_SECONDS)

    def _run(self) -> None:
        with ranked_demand.on_duty():
            while not self._stopping.is_set():
                which = ranked_demand.take(LOOK_SECONDS)
                if which is not None:
                    self._try(which)

    def _try(self, which: List) -> None:
        close_old_connections()
        try:
            self.rank(which)
        except Exception:  # the database may be away for a while, and readers ask again
            logger.exception("The list “%s” could not be ranked; it is tried again.", which.key())
        finally:
            ranked_demand.done(which)
            close_old_connections()


_ranker: Ranker | None = None


def start() -> None:
    """Start this process's ranker, once."""
    global _ranker
    if _ranker is None:
        _ranker = Ranker()
        _ranker.start()
        atexit.register(stop)


def stop() -> None:
    """Stop this process's ranker, if one runs."""
    if _ranker is not None:
        _ranker.stop()
