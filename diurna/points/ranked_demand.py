"""Lists that somebody reads and that are older than they should be: what the ranker works on.

One thread of a process (`operations.ranking`) makes new editions; whoever asks for a list goes on
with the one there is, and waits a moment only where there is none.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from diurna.points.ranked_orders import List

_changed = threading.Condition()
_wanted: dict[List, None] = {}
_on_duty = 0


@contextmanager
def on_duty() -> Iterator[None]:
    """Say that this thread ranks what is asked for, so that nobody else has to."""
    global _on_duty
    with _changed:
        _on_duty += 1
    try:
        yield
    finally:
        with _changed:
            _on_duty -= 1
            _wanted.clear()
            _changed.notify_all()


def is_on_duty() -> bool:
    """Whether somebody in this process ranks what is asked for."""
    return _on_duty > 0


def ask(which: List, *, wait: float = 0.0) -> None:
    """Have a list ranked again; with `wait`, come back when it was, or after so many seconds."""
    with _changed:
        _wanted[which] = None
        _changed.notify_all()
        if wait:
            _changed.wait_for(lambda: which not in _wanted or not _on_duty, wait)


def take(seconds: float) -> List | None:
    """The list that waits longest, at most after so many seconds; None if there is none.

    It counts as wanted until `done`, so that it is not asked for twice.
    """
    with _changed:
        _changed.wait_for(lambda: bool(_wanted), seconds)
        return next(iter(_wanted), None)


def done(which: List) -> None:
    """Say that the list has a new edition, or that making one has failed."""
    with _changed:
        _wanted.pop(which, None)
        _changed.notify_all()


def wake() -> None:
    """Have `take` come back at once, to end its thread."""
    with _changed:
        _changed.notify_all()
