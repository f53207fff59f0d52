"""Requests with a small body on their way to the event loop: told of together, taken once each."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diurna.operations.gateway import Gateway


class _Scope:
    method = "PUT"
    headers = {"content-length": "3"}


class _Watcher:
    """A request whose body is there."""

    scope = _Scope()

    async def proto(self) -> bytes:
        return b"abc"


class _Threads:
    """Those that would do the work: what they were given, by request."""

    def __init__(self) -> None:
        self.given: list[_Watcher] = []

    def submit(self, work: Any) -> None:
        self.given.append(work.args[0])


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def turn(loop: asyncio.AbstractEventLoop) -> None:
    """Let the loop do all that waits for it."""
    for _ in range(5):
        loop.call_soon(loop.stop)
        loop.run_forever()


def test_those_that_come_together_wake_the_loop_once_and_none_is_left(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    wakings: list[Callable[..., object]] = []
    wake = loop.call_soon_threadsafe

    def waken(callback: Callable[..., object], *given: Any, **more: Any) -> asyncio.Handle:
        wakings.append(callback)
        return wake(callback, *given, **more)

    monkeypatch.setattr(loop, "call_soon_threadsafe", waken)
    threads: Any = _Threads()
    gateway = Gateway(loop, object(), threads)
    first, second, third = _Watcher(), _Watcher(), _Watcher()

    gateway._take(first)
    gateway._take(second)
    assert len(wakings) == 1
    turn(loop)
    assert threads.given == [first, second]

    # Who comes after the loop has looked has it look again.
    gateway._take(third)
    assert len(wakings) == 2
    turn(loop)
    assert threads.given == [first, second, third]
