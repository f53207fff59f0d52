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


class Later:
    """What will be answered once `awaited` is done: `make` says it as an application does.

    It begins the answer (`start_response`) and gives its parts, on the thread that has done what
    was awaited.
    """

    def __init__(self, awaited: "Future[Any]", make: Make) -> None:
        self._awaited = awaited
        self._make = make

    def when_there(self, send: Callable[[Make], object]) -> None:
        """Have `send` called with `make` once there is an answer to make, or at once."""
        self._awaited.add_done_callback(lambda _done: send(self._make))
