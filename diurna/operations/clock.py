"""What happens by time, so that nothing needs cron: one thread in the application process.

Every TICK_SECONDS the thread runs the jobs that are due, if this process is the leader: with
PostgreSQL by an advisory lock, with SQLite by a file lock, so that a second process or machine
never does the same work twice. A job that fails is logged and tried again; nothing a job does can
end the thread.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from diurna.common.process_locks import process_lock
from diurna.common.sqlite import planner
from diurna.operations import (
    comments,
    fronts,
    gifs,
    ledger,
    letters,
    networks,
    reading_on,
    schedule,
    search,
    sources,
    spam,
    strangers,
    tasks,
    votes,
)
from diurna.operations.backup import nightly

logger = logging.getLogger(__name__)

# A story planned for 6:00 is up by 6:00:02. A tick that finds nothing costs five indexed queries.
TICK_SECONDS = 2.0
A_DAY = 24 * 60 * 60.0
# After a failure a job waits at least this long, so that a broken one does not fill the log.
RETRY_SECONDS = 30.0
STOP_SECONDS = 5.0
LOCK_FILE = "clock.lock"
# Any number that nothing else in the database uses: "diurna" in ASCII.
ADVISORY_LOCK = 0x646975726E61


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something to do every `seconds`, at the earliest."""

    name: str
    seconds: float
    run: Callable[[], None]


JOBS = (
    Job(name="publish and expire", seconds=TICK_SECONDS, run=schedule.publish_due),
    Job(name="publish planned fronts", seconds=TICK_SECONDS, run=fronts.publish_planned),
    Job(name="end the times of stories", seconds=fronts.ENDS_SECONDS, run=fronts.show_ended),
    Job(name="wake the task worker", seconds=5.0, run=tasks.wake_if_due),
    Job(name="forget old sessions", seconds=A_DAY, run=schedule.clear_sessions),
    Job(name="forget finished tasks", seconds=A_DAY, run=tasks.forget_finished),
    # Looked for often, so that a day's entry is there soon after midnight (UTC).
    Job(name="write the log's day", seconds=600.0, run=ledger.write_days),
    Job(name="start the nightly backup", seconds=600.0, run=nightly.start_if_due),
    Job(name="note forwarded requests", seconds=600.0, run=strangers.write_note),
    Job(name="look for one address", seconds=10.0, run=networks.look_for_one_address),
    Job(name="forget old network keys", seconds=600.0, run=networks.forget_old_keys),
    Job(
        name="show closed threads",
        seconds=comments.CLOSING_SECONDS,
        run=comments.show_closed_threads,
    ),
    Job(
        name="look whether somebody moderates",
        seconds=comments.ABSENCE_SECONDS,
        run=comments.look_for_absence,
    ),
    Job(name="keep the standings of stories", seconds=TICK_SECONDS, run=votes.keep_standings),
    Job(name="forget old editions of lists", seconds=3600.0, run=votes.forget_old_editions),
    Job(name="look for bursts of votes", seconds=5.0, run=votes.look_for_bursts),
    Job(name="show the points of comments", seconds=30.0, run=votes.show_points_of_comments),
    Job(name="ask GIPHY about its key", seconds=60.0, run=gifs.look_after_giphy_key),
    Job(name="forget where votes came from", seconds=A_DAY, run=votes.forget_traces),
    Job(name="send letters about comments", seconds=10.0, run=letters.send_if_due),
    Job(name="forget addresses that never answered", seconds=3600.0, run=letters.forget_unanswered),
    Job(name="forget where comments came from", seconds=A_DAY, run=letters.forget_traces),
    Job(name="forget old lessons about spam", seconds=3600.0, run=spam.forget_old_lessons),
    Job(name="find related stories", seconds=10.0, run=reading_on.find_related_if_due),
    Job(name="fill the search index", seconds=30.0, run=search.fill_index),
    Job(name="look at links of sources", seconds=60.0, run=sources.look_at_due_links),
    Job(name="tidy kept copies", seconds=A_DAY, run=sources.tidy),
    Job(
        name="look at the tables for SQLite's planner",
        seconds=planner.SECONDS,
        run=planner.keep_statistics,
    ),
    Job(name="forget old checkpoints", seconds=A_DAY, run=ledger.forget_old_checkpoints),
)


class Clock:
    """Runs jobs when they are due; `beat` is when the last round ended (monotonic seconds)."""

    def __init__(
        self,
        jobs: tuple[Job, ...] = JOBS,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._now = now
        self._due: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self.beat: float | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the job it is at; waits a few seconds for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def is_running(self) -> bool:
        """Whether the thread is alive."""
        return self._thread.is_alive()

    def tick(self) -> None:
        """Run what is due, if this process leads."""
        due = [job for job in self._jobs if self._due.get(job.name, 0.0) <= self._now()]
        if due:
            with leadership() as leads:
                if leads:
                    for job in due:
                        self._run_job(job)
        self.beat = self._now()

    def _run_job(self, job: Job) -> None:
        wait = job.seconds
        try:
            job.run()
        except Exception:  # whatever a job does, the clock goes on
            logger.exception("The clock could not %s; it tries again.", job.name)
            wait = max(wait, RETRY_SECONDS) if job.seconds < A_DAY else RETRY_SECONDS
        self._due[job.name] = self._now() + wait

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            close_old_connections()
            try:
                self.tick()
            except Exception:  # the database may be away for a while
                logger.exception("The clock could not look for work; it tries again.")
            close_old_connections()


@contextmanager
def leadership(number: int = ADVISORY_LOCK, file: str = LOCK_FILE) -> Iterator[bool]:
    """Whether this process leads for the length of the block; in what, say number and file."""
    with process_lock(number, Path(settings.DIURNA_HOME) / file) as leads:
        yield leads


_clock: Clock | None = None


def start() -> None:
    """Start this process's clock, once."""
    global _clock
    if _clock is None:
        _clock = Clock()
        _clock.start()
        atexit.register(stop)


def stop() -> None:
    """Stop this process's clock, if one runs."""
    if _clock is not None:
        _clock.stop()


def is_started() -> bool:
    """Whether this process was asked to run a clock."""
    return _clock is not None


def seconds_since_beat() -> float | None:
    """Seconds since the clock of this process last finished a round, or None where none runs."""
    if _clock is None or _clock.beat is None or not _clock.is_running():
        return None
    return time.monotonic() - _clock.beat
