"""The writer gate without a database: order of threads, order of processes, what is a write."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from diurna.common.sqlite import gate as gate_module
from diurna.common.sqlite.base import writes
from diurna.common.sqlite.gate import GateTimeout, Line, WriterGate, gate_for

HOLD_THE_GATE = """
import sys, time
from pathlib import Path
from diurna.common.sqlite.gate import gate_for
gate_for(Path(sys.argv[1])).acquire(10)
print("held", flush=True)
time.sleep(60)
"""

FORK_AT_THE_GATE = """
import os, sys
from pathlib import Path
from diurna.common.sqlite.gate import GateTimeout, gate_for
database = Path(sys.argv[1])
gate_for(database).acquire(30)
child = os.fork()
if child == 0:
    try:
        gate_for(database).acquire(0.05)
    except GateTimeout:
        os._exit(0)
    os._exit(1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


def holder(database: Path) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_GATE, str(database)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    return child


def test_threads_are_served_in_the_order_they_came() -> None:
    line = Line()
    served: list[int] = []
    assert line.enter(1)

    def stand(number: int) -> None:
        assert line.enter(10)
        served.append(number)
        line.leave()

    threads = []
    for number in range(8):
        thread = threading.Thread(target=stand, args=(number,))
        thread.start()
        threads.append(thread)
        while len(line._waiting) < number + 1:
            time.sleep(0.001)
    line.leave()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_a_thread_that_gave_up_does_not_keep_its_place() -> None:
    line = Line()
    assert line.enter(1)
    assert not line.enter(0.01)
    line.leave()
    assert line.enter(0.01)


def test_the_gate_keeps_others_out_and_says_so_after_the_timeout(database: Path) -> None:
    child = holder(database)
    with pytest.raises(GateTimeout):
        gate_for(database).acquire(0.05)
    child.kill()
    child.communicate()


def test_a_killed_process_leaves_the_gate_open(database: Path) -> None:
    child = holder(database)
    child.kill()
    child.communicate()
    gate = gate_for(database)
    gate.acquire(30)
    gate.release()


def test_a_stalled_waiter_does_not_hold_up_the_others(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_module, "QUEUE_PATIENCE_SECONDS", 0.05)
    queue = os.open(f"{database}{gate_module.QUEUE_SUFFIX}", os.O_RDWR | os.O_CREAT)
    fcntl.flock(queue, fcntl.LOCK_EX)
    gate = WriterGate(database)
    gate.acquire(30)
    gate.release()
    os.close(queue)


def test_who_waits_goes_before_who_has_just_written(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two gates on one file stand for two processes: a file lock belongs to the open file."""
    # However long the machine lets the one wait that is to go first.
    monkeypatch.setattr(gate_module, "QUEUE_PATIENCE_SECONDS", 30)
    ours, theirs = WriterGate(database), WriterGate(database)
    order: list[str] = []
    ours.acquire(30)

    def wait() -> None:
        theirs.acquire(30)
        order.append("theirs")
        theirs.release()

    thread = threading.Thread(target=wait)
    thread.start()
    # The other one stands in the queue once it holds the queue's lock.
    probe = os.open(f"{database}{gate_module.QUEUE_SUFFIX}", os.O_RDWR)
    while True:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            break
        fcntl.flock(probe, fcntl.LOCK_UN)
        time.sleep(0.001)
    os.close(probe)
    ours.release()
    ours.acquire(30)
    order.append("ours")
    ours.release()
    thread.join()
    assert order == ["theirs", "ours"]


def test_a_forked_child_does_not_walk_through_its_parents_gate(database: Path) -> None:
    # In a process of its own, since forking one that has threads is asking for trouble.
    outcome = subprocess.run([sys.executable, "-c", FORK_AT_THE_GATE, str(database)], check=False)
    assert outcome.returncode == 0


def test_waits_are_counted(database: Path) -> None:
    gate = WriterGate(database)
    gate.acquire(30)
    gate.release()
    figures = gate.figures()
    assert figures.turns == 1
    assert 0 <= figures.longest_wait_seconds <= figures.waited_seconds


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO a VALUES (1)",
        "  update a set b = 1",
        "DELETE FROM a",
        "REPLACE INTO a VALUES (1)",
        "CREATE TABLE a (b)",
        "BEGIN IMMEDIATE",
        "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x",
        "/* why */ -- and how\nVACUUM",
    ],
)
def test_what_changes_the_database_is_a_write(statement: str) -> None:
    assert writes(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "(SELECT 1)",
        "-- UPDATE\nSELECT 1",
        "PRAGMA foreign_keys",
        "EXPLAIN QUERY PLAN DELETE FROM a",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "COMMIT",
        "",
    ],
)
def test_what_only_looks_is_not_a_write(statement: str) -> None:
    assert not writes(statement)
