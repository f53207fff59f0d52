"""From Granian's I/O thread to a WSGI application, and past it for what lies ready.

Granian hands each request for WSGI to one of many threads. For a page that lies finished in memory
the way there and back costs more than the answer, and with 64 threads twice as much again, since
they contend for Python's lock. So the server speaks RSGI (Granian's own interface): what is ready
is answered on the thread that the request came in by, and everything else is a WSGI request on a
thread of ours.

The chunks of a body come in by the event loop; nothing else runs there.
"""

import asyncio
import io
import logging
import os
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import IO, Any, Final

from granian._granian import CallbackScheduler
from granian.rsgi import ProtocolClosed, ProtocolError

from diurna.delivery.later import LATER, Later, Make
from diurna.delivery.parts import FilePart
from diurna.operations.answers import Started, collected
from diurna.operations.bodies import LARGE_AT_ONCE, LargeBody, Line
from diurna.operations.environs import ready_environ, wsgi_environ
from diurna.operations.threads import Threads

logger = logging.getLogger(__name__)

# A form or a vote: read in one go. What is larger is read by the application as it comes.
SMALL_BODY_BYTES: Final = 64 * 1024
# A small body that is not whole by then is given up.
BODY_SECONDS: Final = 60.0
# By then Granian has opened the file that it is to send.
OPENED_SECONDS: Final = 5.0
_BUFFER_BYTES: Final = 64 * 1024
_NO_BODY: Final = frozenset({"GET", "HEAD"})
_GONE: Final = (TimeoutError, OSError, ProtocolClosed, ProtocolError)
_FAILED: Final = b"Something went wrong here. The log of the server says what.\n"


class Gateway(CallbackScheduler):
    """Answers requests from a WSGI application, as Granian's scheduler of callbacks.

    An application with a method `instant(environ)` is asked first, on the I/O thread: it returns a
    whole answer (`status`, `headers`, `body`) or None, and never waits.
    """

    def __new__(cls, loop: asyncio.AbstractEventLoop, *_rest: Any) -> "Gateway":
        """As Granian makes its schedulers; the callback and the rest of a task are not needed."""
        rest = (_unused, None, None, None)
        return super().__new__(cls, loop, *rest)  # type: ignore[call-arg]  # its stub has none

    def __init__(self, loop: asyncio.AbstractEventLoop, application: Any, threads: Threads) -> None:
        super().__init__()
        self._event_loop = loop
        self._application = application
        self._instant = getattr(application, "instant", None)
        self._threads = threads
        self._large = Line(threads.submit, LARGE_AT_ONCE)
        self._reading: set[asyncio.Task[None]] = set()
        self._arrived: deque[tuple[Any, int]] = deque()
        self._is_told = False
        self._schedule_fn = self._take

    def _take(self, watcher: Any) -> None:
        """One request, on the I/O thread."""
        scope = watcher.scope
        headers = scope.headers
        if self._instant is not None and scope.method in _NO_BODY:
            try:
                ready = ready_environ(scope)
                answer = None if ready is None else self._instant(ready)
            except Exception:
                # Whatever it was, the long way may still answer.
                logger.exception("What lies ready could not be looked up.")
                answer = None
            if answer is not None:
                status, sent, body = answer
                watcher.proto.response_bytes(int(status[:3]), sent, body[0])
                watcher.done()
                return
        length = headers.get("content-length")
        announced = int(length) if length is not None and length.isdigit() else None
        if length is None and "transfer-encoding" not in headers:
            self._threads.submit(partial(self._work, watcher, io.BytesIO()))
        elif announced is not None and announced <= SMALL_BODY_BYTES:
            self._arrived.append((watcher, announced))
            # Those that come until the loop looks share its waking, which lets all other threads
            # have Python's lock first.
            if not self._is_told:
                self._is_told = True
                self._event_loop.call_soon_threadsafe(self._receive_arrived)
        else:
            large = LargeBody(watcher.proto, self._event_loop, announced)
            body = io.BufferedReader(large, _BUFFER_BYTES)
            self._large.submit(partial(self._work, watcher, body))

    def _receive_arrived(self) -> None:
        # First: who comes after the last was taken tells the loop again.
        self._is_told = False
        while self._arrived:
            task = self._event_loop.create_task(self._receive_whole(*self._arrived.popleft()))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _receive_whole(self, watcher: Any, length: int) -> None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = bytes(await watcher.proto())
        except _GONE:
            body = b""
        if len(body) != length:
            # Its sender went away, or sent nothing for a minute: nobody waits for an answer.
            watcher.done()
            return
        self._threads.submit(partial(self._work, watcher, io.BytesIO(body)))

    def _work(self, watcher: Any, body: Any) -> None:
        """One request, on a thread of its own."""
        started = Started()
        environ = wsgi_environ(watcher.scope, body)
        environ[LATER] = True
        self._answer(watcher, started, partial(self._application, environ, started))

    def _answer(self, watcher: Any, started: Started, make: Make) -> None:
        """Send what the application answers; once it is there, where it has to wait for that."""
        try:
            chunks = make()
            if isinstance(chunks, Later):
                chunks.when_there(partial(self._answer, watcher, started))
                return
            try:
                self._send(watcher, started, chunks)
            finally:
                if close := getattr(chunks, "close", None):
                    close()
        except Exception:
            logger.exception("The application failed.")
            if not started.sent:
                sent = [("content-type", "text/plain; charset=utf-8")]
                watcher.proto.response_bytes(500, sent, _FAILED)
        watcher.done()

    def _send(self, watcher: Any, started: Started, chunks: Iterable[bytes]) -> None:
        proto = watcher.proto
        if watcher.scope.method == "HEAD":
            # An application may begin its answer as late as in its first part (PEP 3333).
            next(iter(chunks), b"")
            started.sent = True
            proto.response_bytes(started.status, started.headers, b"")
        elif isinstance(chunks, FilePart):
            started.sent = True
            _send_part(proto, started, chunks)
        else:
            whole = collected(chunks)
            started.sent = True
            if isinstance(whole, bytes):
                proto.response_bytes(started.status, started.headers, whole)
            else:
                self._send_collected(proto, started, whole)

    def _send_collected(self, proto: Any, started: Started, file: IO[bytes]) -> None:
        number = file.fileno()
        if not any(name.lower() == "content-length" for name, _value in started.headers):
            started.headers.append(("content-length", str(os.fstat(number).st_size)))
        proto.response_file(started.status, started.headers, f"/dev/fd/{number}")
        # Granian opens it a moment later and does not say when.
        self._event_loop.call_soon_threadsafe(
            self._event_loop.call_later, OPENED_SECONDS, file.close
        )


def _send_part(proto: Any, started: Started, part: FilePart) -> None:
    if part.whole:
        proto.response_file(started.status, started.headers, str(part.path))
    else:
        end = part.first + part.length
        path = str(part.path)
        # Unlike in a Content-Range, the end is not in it.
        proto.response_file_range(started.status, started.headers, path, part.first, end)


async def _unused(_watcher: Any) -> None:
    raise NotImplementedError("Every request is taken by the gateway itself.")
