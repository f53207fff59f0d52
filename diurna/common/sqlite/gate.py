"""The writer gate: one writer at a time on an SQLite file, and everybody gets a turn.

SQLite lets one connection write and tells the others "busy"; they sleep and try again, so who is
lucky writes and who is not starves (measured: stalls of 1.4 to 3.8 s with two writers). Here a
writer stands in line instead: first among the threads of its process (strictly in order of
arrival), then among processes, by two file locks. Whoever waits for the writer's lock holds the
queue's lock, so a process that has just written and wants to again stands behind the one that
waits. The kernel drops both locks when a process dies. See docs/decisions/writer-gate.md.
"""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WRITER_SUFFIX = ".writer.lock"
QUEUE_SUFFIX = ".writer.queue"
# A commit takes 1 to 5 ms, so looking again this often adds little to a wait, and costs one thread
# of each waiting process two cheap system calls. flock can wait by itself, but not with a limit.
POLL_SECONDS = 0.0005
# A waiter that is stopped (SIGSTOP, a debugger) holds up the queue, though it writes nothing: after
# this long the others go past it. Order is then no longer kept, exclusion is.
QUEUE_PATIENCE_SECONDS = 2.0


class GateTimeout(Exception):
    """Another writer kept the gate longer than this one may wait."""


@dataclass(frozen=True, kw_only=True)
class GateFigures:
    """Since the process started: turns taken, seconds waited in all, and longest single wait."""

    turns: int
    waited_seconds: float
    longest_wait_seconds: float


class Line:
    """A lock that serves threads strictly in their order of arrival (`threading.Lock` does not)."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, timeout: float) -> bool:
        """Wait for this thread's turn; False if it did not come within `timeout` seconds."""
        with self._mutex:
            if not self._busy:
                self._busy = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=max(0.0, timeout)):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        # The turn was handed over between the time-out and the look.
        return True

    def leave(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False


class WriterGate:
    """The gate of one database file, shared by all connections of this process.

    `acquire` and `release` come in pairs; a turn is not bound to the thread that took it, because
    Django may close a connection from another one.
    """

    def __init__(self, database: Path) -> None:
        self._line = Line()
        self._writer = _open_lock(database, WRITER_SUFFIX)
        self._queue = _open_lock(database, QUEUE_SUFFIX)
        self._turns = 0
        self._waited = 0.0
        self._longest = 0.0

    def acquire(self, timeout: float) -> None:
        """Wait for the turn to write; raises GateTimeout after `timeout` seconds."""
        start = time.monotonic()
        deadline = start + timeout
        if not self._line.enter(timeout):
            raise GateTimeout
        try:
            self._acquire_files(deadline)
        except BaseException:
            self._line.leave()
            raise
        waited = time.monotonic() - start
        # Written by the holder of the gate only, so no other lock is needed.
        self._turns += 1
        self._waited += waited
        self._longest = max(self._longest, waited)

    def release(self) -> None:
        """Let the next writer in."""
        fcntl.flock(self._writer, fcntl.LOCK_UN)
        self._line.leave()

    def figures(self) -> GateFigures:
        """What the waits of this process amounted to so far."""
        return GateFigures(
            turns=self._turns,
            waited_seconds=self._waited,
            longest_wait_seconds=self._longest,
        )

    def forget(self) -> None:
        """Close the lock files; for a child that got them by fork and must open its own."""
        os.close(self._writer)
        os.close(self._queue)

    def _acquire_files(self, deadline: float) -> None:
        patience = min(deadline, time.monotonic() + QUEUE_PATIENCE_SECONDS)
        queued = _lock_before(self._queue, patience)
        try:
            if not _lock_before(self._writer, deadline):
                raise GateTimeout
        finally:
            if queued:
                fcntl.flock(self._queue, fcntl.LOCK_UN)


_gates: dict[str, WriterGate] = {}
_gates_lock = threading.Lock()


def gate_for(database: Path) -> WriterGate:
    """This process's gate for a database file; the same object for the same file."""
    name = _real(database)
    with _gates_lock:
        gate = _gates.get(name)
        if gate is None:
            gate = _gates[name] = WriterGate(Path(name))
        return gate


# Asked before every transaction, and it looks at each folder above the file.
@lru_cache(maxsize=64)
def _real(database: Path) -> str:
    return os.path.realpath(database)


def all_figures() -> dict[str, GateFigures]:
    """The figures of every gate this process has used, by the path of its database."""
    with _gates_lock:
        return {name: gate.figures() for name, gate in _gates.items()}


def _open_lock(database: Path, suffix: str) -> int:
    # The locks lie beside the database and are never deleted: a lock on a deleted file guards
    # nothing.
    return os.open(f"{database}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock_before(handle: int, deadline: float) -> bool:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)


def _after_fork_in_child() -> None:
    # A file lock belongs to the open file, which the child shares with its parent: it would walk
    # through a gate that the parent holds.
    global _gates_lock
    _gates_lock = threading.Lock()
    for gate in _gates.values():
        gate.forget()
    _gates.clear()


os.register_at_fork(after_in_child=_after_fork_in_child)
