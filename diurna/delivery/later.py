"""An answer that waits for something, without a thread that waits for it.

A WSGI application answers before its call returns. Where the server says that it can wait itself
(`LATER` in the environment, as `operations.gateway` does), an application may return a `Later`.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any, Final

# In the environment of a request whose server takes a `Later`.
LATER: Final = "diurna.later"

Make = Callable[[], Iterable[bytes]]
MakeOf = Callable[["Future[Any]"], Iterable[bytes]]


class Later:
    """What will be answered once `awaited` is done: `make(awaited)` says it as an application does.

    It begins the answer (`start_response`) and gives its parts, on the thread that has done what
    was awaited. It is given what is awaited and should not hold it: what is awaited holds whoever
    waits, and would make a circle with each answer, which only the garbage collector finds.
    """

    def __init__(self, awaited: "Future[Any]", make: MakeOf) -> None:
        self._awaited = awaited
        self._make = make

    def when_there(self, send: Callable[[Make], object]) -> None:
        """Have `send` called with `make` once there is an answer to make, or at once."""
        make = self._make
        self._awaited.add_done_callback(lambda done: send(lambda: make(done)))
