"""The threads of a process that write votes: what arrives together shares a commit.

A commit waits for the disk, and other writers wait for it, so a hundred votes that wait side by
side are written in one. Everybody is answered after the commit of their own vote. PostgreSQL has
many writers, two for each process.
"""

import atexit
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar, Final
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from diurna.common.errors import DiurnaError, Missing
from diurna.ledger.note import SigningKey
from diurna.newsroom.spoken import in_the_newsrooms_language
from diurna.points import receipts
from diurna.points.asking import Ask
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import CastResult, Press, cast
from diurna.points.group_box import GroupBox
from diurna.points.models import TargetKind
from diurna.points.targets import Target, article_target, article_targets, comment_target

logger = logging.getLogger(__name__)

# A group is written within some 10 ms; more would let other writers wait for longer.
MAX_GROUP: Final = 100
# Where votes come one by one, a group begins no sooner after the one before: what a commit costs
# besides its rows would be most of what fifty votes a second cost. A vote that comes alone waits
# for nothing.
PACE_SECONDS: Final = 0.05
# Where a group has so many, the next one gathers by itself while it is written.
MANY: Final = 8
STOP_SECONDS: Final = 5.0
TELL_SECONDS: Final = 1.0
# A connection that was not used for so long is looked at before it is: that asks the database.
CHECK_SECONDS: Final = 1.0
# On PostgreSQL, side by side.
AT_ONCE: Final = 2
# Longer than any writer may hold the gate.
ANSWER_SECONDS: Final = 30.0

_Job = tuple[Press | Ask, "Future[CastResult]"]
_Outcome = CastResult | Exception


class Stopping(DiurnaError):
    """The server stops, and this vote was not begun."""

    code: ClassVar[str] = "stopping"
    status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            _("The server is being restarted, so your vote was not stored. Please vote again.")
        )


class VoteWriter:
    """Writes presses in groups, in the order in which they came.

    `at_once` groups are written side by side, each over a connection of its own: more than one
    where the database takes several writers, which then works while Python puts the next group
    together. What two groups have to do with one another is what those of two processes have.
    `pause(condition, seconds)` waits for votes, `now` is a clock of seconds.
    """

    def __init__(
        self,
        *,
        at_once: int = 1,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ) -> None:
        self._now, self._pause = now, pause
        # Guards all that follows.
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._writing = 0
        self._next_at = now()
        self._stopping = False
        self._answers: queue.SimpleQueue[Sequence[tuple[_Job, _Outcome]] | None]
        self._answers = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name="votes", daemon=True) for _ in range(at_once)
        ]
        self._answering = threading.Thread(target=self._answer, name="vote-answers", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        for thread in (*self._threads, self._answering):
            thread.start()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Write what waits, then end the threads. What could not begin by then is refused."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        with self._changed:
            left = list(self._waiting)
            self._waiting.clear()
        if left:
            with in_the_newsrooms_language():
                self._answers.put([(job, Stopping()) for job in left])
        # Else somebody is still writing: what comes of that is told when it is done.
        if self._answering.is_alive():
            self._answering.join(max(0.0, until + TELL_SECONDS - time.monotonic()))

    def submit(self, asked: Press | Ask) -> "Future[CastResult] | None":
        """Have a press stored; what it holds once that is committed, or what `casting.cast` raises.

        Who is called back by it is called on a thread that answers all of a group, after what
        those before them do. None, and nothing begun, where the threads end: nobody would come to
        it any more.
        """
        job: _Job = (asked, Future())
        with self._changed:
            if self._stopping:
                return None
            self._waiting.append(job)
            # Each look takes the threads that read away from their work.
            if len(self._waiting) in (1, MANY):
                self._changed.notify()
        return job[1]

    def _run(self) -> None:
        try:
            self._write_groups()
        finally:
            self._answers.put(None)

    def _write_groups(self) -> None:
        used_at = -CHECK_SECONDS
        while group := self._gather():
            is_rested = time.monotonic() - used_at > CHECK_SECONDS
            outcomes = self._written([asked for asked, _answer in group], is_rested)
            self._answers.put(list(zip(group, outcomes, strict=True)))
            used_at = time.monotonic()
            with self._changed:
                self._writing -= 1
        connection.close()

    def _written(self, group: Sequence[Press | Ask], is_rested: bool) -> Sequence[_Outcome]:
        try:
            # One that broke would fail every vote of a site where votes never rest for so long.
            if is_rested or connection.errors_occurred:
                close_old_connections()
            return write_group(group)
        except Exception as error:  # whatever it is, the thread goes on, and who waits is told
            logger.exception("%d votes could not be written.", len(group))
            return [error] * len(group)

    def _gather(self) -> list[_Job]:
        """The next group, when it is its turn; nothing once there is no more to write."""
        with self._changed:
            while not (self._waiting and self._is_time()):
                if self._stopping and not self._waiting:
                    return []
                self._wait()
            self._writing += 1
            self._next_at = self._now() + PACE_SECONDS
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_GROUP))]

    def _is_time(self) -> bool:
        if len(self._waiting) >= MANY or self._stopping:
            return True
        return not self._writing and self._now() >= self._next_at

    def _wait(self) -> None:
        if self._waiting and not self._writing:
            self._pause(self._changed, self._next_at - self._now())
        else:
            self._changed.wait()

    def _answer(self) -> None:
        ended = 0
        while ended < len(self._threads):
            written = self._answers.get()
            ended += written is None
            for (_press, answer), outcome in written or ():
                _tell(answer, outcome)
            close_old_connections()
        connection.close()


def _tell(answer: "Future[CastResult]", outcome: _Outcome) -> None:
    try:
        if isinstance(outcome, CastResult):
            answer.set_result(outcome)
        else:
            answer.set_exception(outcome)
    except BaseException:  # a panic of the server's is no Exception; the others are to be answered
        logger.exception("Somebody could not be told what became of a vote.")


def write_group(group: Sequence[Press | Ask]) -> Sequence[_Outcome]:
    """Write what is asked in one transaction; what came of each. One that fails fails alone."""
    try:
        with in_the_newsrooms_language():
            return _write_all(group)
    except Exception as error:  # handed on to whoever waits for the answer
        if len(group) == 1:
            return [error]
        logger.exception("%d votes could not be written together; each is tried alone.", len(group))
        close_old_connections()
        return [outcome for asked in group for outcome in write_group([asked])]


def _write_all(asked: Sequence[Press | Ask]) -> list[CastResult | DiurnaError]:
    """What came of each, with the newsroom's promise."""
    presses = _presses(asked)
    allowed = [press for press in presses if isinstance(press, Press)]
    cast_ones = iter(_write(allowed) if allowed else ())
    outcomes = [next(cast_ones) if isinstance(one, Press) else one for one in presses]
    key = _signing_key()
    return [
        _with_promise(outcome, press, key)
        if isinstance(outcome, CastResult) and isinstance(press, Press)
        else outcome
        for outcome, press in zip(outcomes, presses, strict=True)
        if isinstance(outcome, CastResult | DiurnaError)
    ]


def _presses(asked: Sequence[Press | Ask]) -> list[Press | DiurnaError]:
    """The presses, or why there is none, once their targets are found."""
    names = {ask.name for ask in asked if isinstance(ask, Ask) and ask.kind == TargetKind.ARTICLE}
    articles = article_targets(names) if names else {}
    return [one if isinstance(one, Press) else _press(one, articles) for one in asked]


def _press(ask: Ask, articles: Mapping[UUID, Target]) -> Press | DiurnaError:
    try:
        if ask.kind == TargetKind.COMMENT:
            return ask.press(comment_target(ask.name))
        # Says so where there is none.
        return ask.press(articles.get(ask.name) or article_target(ask.name))
    except DiurnaError as refusal:
        return refusal


def _signing_key() -> SigningKey | None:
    try:
        return receipts.signing_key()
    except Missing:
        pass
    except Exception:
        # The votes are stored; whoever answers them asks for the key again.
        logger.exception("The key for receipts could not be looked up.")
    return None


def _with_promise(result: CastResult, press: Press, key: SigningKey | None) -> CastResult:
    # Here, since the key is looked up once for the group.
    if key is None or not result.leaf:
        return result
    promised = receipts.promised_for(result, press.target, press.at)
    return replace(result, promise=receipts.sign_with(key, promised))


def write_alone(asked: Press | Ask) -> CastResult:
    """Store one press in a transaction of its own, or inside the caller's."""
    (press,) = _presses([asked])
    if isinstance(press, DiurnaError):
        raise press
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        return cast(BallotBox(cursor), press)


def _write(presses: Sequence[Press]) -> list[CastResult | DiurnaError]:
    outcomes: list[CastResult | DiurnaError] = []
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        box = GroupBox(cursor, presses)
        for press in presses:
            box.begin(press.user or press.guest, press.origin)
            try:
                outcomes.append(cast(box, press))
            except DiurnaError as refusal:
                # Raised before anything of this press was written.
                outcomes.append(refusal)
        box.finish()
    return outcomes


_writer: VoteWriter | None = None


def start() -> None:
    """Start this process's writer, once."""
    global _writer
    if _writer is None:
        _writer = VoteWriter(at_once=AT_ONCE if connection.vendor == "postgresql" else 1)
        _writer.start()
        atexit.register(stop)


def stop() -> None:
    """Write what waits and stop; later votes are written one by one."""
    global _writer
    writer, _writer = _writer, None
    if writer is not None:
        writer.stop()


def submit(asked: Press | Ask) -> "Future[CastResult] | None":
    """The same without waiting; None, and nothing begun, where no writer runs or may be used."""
    writer = _writer
    return None if writer is None or connection.in_atomic_block else writer.submit(asked)


def write(asked: Press | Ask) -> CastResult:
    """Store a press and return once it is committed, through the writer where one runs.

    Inside a transaction of the caller it is written there, and committed with it.
    """
    begun = submit(asked)
    return write_alone(asked) if begun is None else begun.result(ANSWER_SECONDS)
