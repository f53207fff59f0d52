"""Threads for requests: enough, no more than allowed, and none for ever."""

import threading
import time
from collections.abc import Callable

import pytest

from diurna.operations.threads import Threads


def until(holds: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("It did not come about within half a minute.")


def threads(most: int = 4, idle_seconds: float = 60) -> Threads:
    return Threads(most, idle_seconds=idle_seconds, name="test")


def test_what_is_submitted_runs_at_once_up_to_the_limit() -> None:
    pool, together = threads(), threading.Barrier(4)
    passed: list[int] = []

    def meet() -> None:
        together.wait(30)
        passed.append(1)

    for _ in range(8):
        pool.submit(meet)
    until(lambda: len(passed) == 8)
    assert pool.running == 4


def test_one_after_the_other_needs_one_thread() -> None:
    pool = threads()
    names: set[str] = set()
    for number in range(20):
        done = threading.Event()

        def note(done: threading.Event = done) -> None:
            names.add(str(threading.get_ident()))
            done.set()

        pool.submit(note)
        assert done.wait(30), number
        until(lambda: pool._idle == pool.running)
    assert len(names) == 1


def test_after_a_backlog_and_a_quiet_while_it_still_works() -> None:
    pool = threads(idle_seconds=0.05)
    ran: list[int] = []
    for round_ in range(3):
        for _ in range(40):
            pool.submit(lambda: ran.append(1))
        until(lambda round_=round_: len(ran) == 40 * (round_ + 1))  # type: ignore[misc]  # mypy infers no default
        until(lambda: pool.running == 0)


def test_what_fails_takes_nobody_along(caplog: pytest.LogCaptureFixture) -> None:
    pool, ran = threads(most=1), threading.Event()

    def fail() -> None:
        raise ValueError("as it was asked to")

    pool.submit(fail)
    pool.submit(ran.set)
    assert ran.wait(30)
    assert "the thread goes on" in caplog.text


def test_a_machine_that_gives_no_thread_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool, ran = threads(most=1), threading.Event()

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", refuse)
        pool.submit(ran.set)
    assert "No thread could be started" in caplog.text
    assert not ran.is_set()
    pool.submit(lambda: None)
    assert ran.wait(30)
