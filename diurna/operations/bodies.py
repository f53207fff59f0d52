"""Large bodies of requests: read as they come, from a few senders at once, and not for ever."""

import asyncio
import io
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any, Final

from granian.rsgi import ProtocolClosed, ProtocolError

# So many threads at most wait for what senders send; whoever comes then waits without a thread.
LARGE_AT_ONCE: Final = 16
# A sender may keep a thread waiting so long, and longer for what he has sent by then: uploads on a
# poor mobile line (128 kbit/s) come through, and whoever sends a byte now and then does not.
GRACE_SECONDS: Final = 30.0
LEAST_BYTES_A_SECOND: Final = 16_000
_TOO_SLOW: Final = "The request's body comes too slowly."
_CUT_SHORT: Final = "The request ended before its body did."


class Line:
    """At most `most` works are under way at once; the others wait in line, without a thread."""

    def __init__(self, submit: Callable[[Callable[[], None]], None], most: int) -> None:
        self._submit = submit
        self._most = most
        self._lock = Lock()
        self._under_way = 0
        self._waiting: deque[Callable[[], None]] = deque()

    def submit(self, work: Callable[[], None]) -> None:
        """Have this done as soon as there is a place."""
        with self._lock:
            self._waiting.append(work)
        self._begin()

    def _begin(self) -> None:
        with self._lock:
            if self._under_way >= self._most or not self._waiting:
                return
            self._under_way += 1
            work = self._waiting.popleft()
        try:
            self._submit(partial(self._run, work))
        except BaseException:
            with self._lock:
                self._under_way -= 1
            raise

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._under_way -= 1
            # Behind what else waits for a thread.
            self._begin()


class LargeBody(io.RawIOBase):
    """A body that a thread reads as its chunks come in by the event loop.

    Reading raises OSError where the sender goes away or is too slow (see `GRACE_SECONDS`).
    `length` is how many bytes he has announced, None where he sends chunks.
    """

    def __init__(
        self, proto: Any, loop: asyncio.AbstractEventLoop, length: int | None = None
    ) -> None:
        self._proto = proto
        self._loop = loop
        self._length = length
        self._chunks: Any = None
        self._rest = memoryview(b"")
        self._received = 0
        # Only what the sender takes counts, not what the application does in between.
        self._waited = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(self._wait())
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken

    def _wait(self) -> bytes:
        left = GRACE_SECONDS + self._received / LEAST_BYTES_A_SECOND - self._waited
        if left <= 0:
            raise OSError(_TOO_SLOW)
        since = time.monotonic()
        coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
        try:
            chunk = coming.result(left)
        except TimeoutError as error:
            coming.cancel()
            raise OSError(_TOO_SLOW) from error
        except (ProtocolClosed, ProtocolError) as error:
            raise OSError(_CUT_SHORT) from error
        finally:
            self._waited += time.monotonic() - since
        self._received += len(chunk)
        if not chunk and self._length is not None and self._received < self._length:
            # Granian ends the body there, as if half an upload were one.
            raise OSError(_CUT_SHORT)
        return chunk

    async def _next(self) -> bytes:
        if self._chunks is None:
            self._chunks = aiter(self._proto)
        try:
            # An empty chunk would be taken for the end.
            while not (chunk := await anext(self._chunks)):
                continue
        except StopAsyncIteration:
            return b""
        return bytes(chunk)
