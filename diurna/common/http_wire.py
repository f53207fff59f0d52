"""What goes over the wire of one request: bounded in time and bytes, and kept where it is wanted.

The limits of `urllib3` hold for one read of a socket. A server that sends a byte every few seconds
keeps each of them, so here every read asks what is left of the whole.
"""

import http.client
import io
import socket
import time
from functools import partial
from typing import Any, Final

import urllib3
from django.utils.translation import gettext
from urllib3.connection import HTTPConnection, HTTPSConnection

from diurna.common.fetch_errors import FetchFailed, UnusableAnswer

# Pages of large sites send 10 KB; `http.client` alone would take 6 MB.
MAX_HEAD_BYTES: Final = 128_000
READ_SECONDS: Final = 10.0


class Wire:
    """One request and its answer, as bytes.

    `sent` and `received` stay empty unless `keep`; `received` is the final answer as it came, head
    and body, transfer coding included. `head_size` is how many of its bytes are the head.
    """

    def __init__(self, *, shown: str, deadline: float, seconds: float, limit: int, keep: bool):
        self.sent = bytearray()
        self.received = bytearray()
        self.head_size = 0
        self._shown = shown
        self._deadline = deadline
        self._seconds = seconds
        self._limit = limit
        self._keep = keep
        self._count = 0
        self._in_head = True

    def left(self) -> float:
        """Seconds until the deadline; raises FetchFailed when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed(
                gettext("%(address)s took longer than %(seconds)d seconds.")
                % {"address": self._shown, "seconds": self._seconds}
            )
        return left

    def begin_answer(self) -> None:
        """A status line follows: what came before was an interim answer (RFC 9110, 15.2)."""
        self.received.clear()

    def end_head(self) -> None:
        """The head has been read to its end."""
        self.head_size = len(self.received)
        self._in_head = False

    def send(self, data: Any) -> None:
        """These bytes are sent."""
        if self._keep and isinstance(data, bytes | bytearray):
            self.sent += data

    def take(self, data: bytes) -> bytes:
        """These bytes came; UnusableAnswer when they are too many."""
        self._count += len(data)
        if self._count > (MAX_HEAD_BYTES if self._in_head else self._limit):
            raise UnusableAnswer(
                gettext("%(address)s sends more than this site takes.") % {"address": self._shown}
            )
        if self._keep:
            self.received += data
        return data


class _Patient(io.RawIOBase):
    """A socket's bytes; each read waits only as long as the whole may still take."""

    def __init__(self, raw: Any, sock: socket.socket, wire: Wire) -> None:
        self._raw = raw
        self._sock = sock
        self._wire = wire

    def readable(self) -> bool:
        """Always: it is for reading."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read into the buffer as much as is there; TimeoutError, or FetchFailed at the end."""
        self._sock.settimeout(min(READ_SECONDS, self._wire.left()))
        try:
            return int(self._raw.readinto(buffer))
        except TimeoutError:
            self._wire.left()
            raise

    def close(self) -> None:
        """Close the socket's file too."""
        self._raw.close()
        super().close()


class _Counted(io.BufferedReader):
    """A buffered socket that tells the wire what has been taken out of it, and nothing else."""

    def __init__(self, raw: _Patient, wire: Wire) -> None:
        super().__init__(raw)
        self._wire = wire

    def read(self, size: int | None = -1, /) -> bytes:
        """As `BufferedReader`."""
        return self._wire.take(super().read(size))

    def read1(self, size: int = -1, /) -> bytes:
        """As `BufferedReader`."""
        return self._wire.take(super().read1(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        """As `BufferedReader`."""
        return self._wire.take(super().readline(size))

    def readinto(self, buffer: Any, /) -> int:
        """As `BufferedReader`."""
        count = super().readinto(buffer)
        self._wire.take(bytes(memoryview(buffer)[:count]))
        return count


class _Response(http.client.HTTPResponse):
    """An answer that is read through the wire."""

    def __init__(self, wire: Wire, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self._wire = wire
        self.fp: Any = _Counted(_Patient(self.fp.detach(), sock, wire), wire)

    def _read_status(self) -> tuple[str, int, str]:
        self._wire.begin_answer()
        return super()._read_status()  # type: ignore[misc]  # typeshed leaves it out

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        self._wire.end_head()


class _Plain(HTTPConnection):
    def __init__(self, *args: Any, wire: Wire, **named: Any) -> None:
        super().__init__(*args, **named)
        self._wire = wire
        self.response_class = partial(_Response, wire)  # type: ignore[assignment]  # called alike

    def send(self, data: Any) -> None:
        self._wire.send(data)
        super().send(data)


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS."""


class PlainPool(urllib3.HTTPConnectionPool):
    """Connections to one address whose bytes go through the `wire` that is given."""

    ConnectionCls = _Plain


class SecurePool(urllib3.HTTPSConnectionPool):
    """The same with TLS."""

    ConnectionCls = _Secure
