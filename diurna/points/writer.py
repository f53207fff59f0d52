"""The one thread that writes votes on SQLite: what arrives together shares a commit.

A commit waits for the disk, and other writers wait for it, so a hundred votes that wait side by
side are written in one. Everybody is answered after the commit of their own vote. PostgreSQL has
many writers, so there each request writes for itself.
"""

import atexit
import logging
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from django.db import close_old_connections, connection, transaction
from django.db.backends.utils import CursorWrapper

from diurna.common.errors import DiurnaError, Missing
from diurna.ledger.note import SigningKey
from diurna.points import receipts
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import CastResult, Press, cast
from diurna.points.group_box import GroupBox

logger = logging.getLogger(__name__)

# A group is written within some 10 ms; more would let other writers wait for longer.
MAX_GROUP: Final = 100
# Reading ahead takes a dozen statements, whether for one press or for a hundred.
LEAST_TOGETHER: Final = 4
STOP_SECONDS: Final = 5.0
# Longer than any writer may hold the gate.
ANSWER_SECONDS: Final = 30.0

_Job = tuple[Press, "Future[CastResult]"]


class VoteWriter:
    """Writes presses in groups, in the order in which they came."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="votes", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end the thread."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def cast(self, press: Press) -> CastResult:
        """Store a press and return once it is committed; raises what `casting.cast` raises."""
        answer: Future[CastResult] = Future()
        self._jobs.put((press, answer))
        return answer.result(ANSWER_SECONDS)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, goes_on = self._gather(job)
            close_old_connections()
            write_group(group)
            if not goes_on:
                break
        connection.close()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        # What waits already, and nothing that may come: the next group gathers while this one is
        # written. Waiting for more was measured, and who waited was the readers.
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, False
            group.append(job)
        return group, True


def write_group(group: Sequence[_Job]) -> None:
    """Write the presses in one transaction and answer each; one that fails fails alone."""
    try:
        outcomes = _write([press for press, _answer in group])
    except Exception as error:  # handed on to whoever waits for the answer
        if len(group) == 1:
            group[0][1].set_exception(error)
            return
        logger.exception("%d votes could not be written together; each is tried alone.", len(group))
        for job in group:
            write_group([job])
        return
    key = _signing_key()
    for (press, answer), outcome in zip(group, outcomes, strict=True):
        if isinstance(outcome, CastResult):
            answer.set_result(_with_promise(outcome, press, key))
        else:
            answer.set_exception(outcome)


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


def write_alone(press: Press) -> CastResult:
    """Store one press in a transaction of its own, or inside the caller's."""
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        return cast(BallotBox(cursor), press)


def _write(presses: Sequence[Press]) -> list[CastResult | DiurnaError]:
    outcomes: list[CastResult | DiurnaError] = []
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        box = _box(cursor, presses)
        for press in presses:
            box.begin(press.user or press.guest, press.origin)
            try:
                outcomes.append(cast(box, press))
            except DiurnaError as refusal:
                # Raised before anything of this press was written.
                outcomes.append(refusal)
        box.finish()
    return outcomes


def _box(cursor: CursorWrapper, presses: Sequence[Press]) -> BallotBox:
    if connection.vendor == "sqlite" and len(presses) >= LEAST_TOGETHER:
        return GroupBox(cursor, presses)
    return BallotBox(cursor)


_writer: VoteWriter | None = None


def start() -> None:
    """Start this process's writer, once; only SQLite needs one."""
    global _writer
    if _writer is None and connection.vendor == "sqlite":
        _writer = VoteWriter()
        _writer.start()
        atexit.register(stop)


def stop() -> None:
    """Write what waits and stop; later votes are written one by one."""
    global _writer
    writer, _writer = _writer, None
    if writer is not None:
        writer.stop()


def write(press: Press) -> CastResult:
    """Store a press and return once it is committed, through the writer where one runs.

    Inside a transaction of the caller it is written there, and committed with it.
    """
    writer = _writer
    if writer is None or connection.in_atomic_block:
        return write_alone(press)
    return writer.cast(press)
