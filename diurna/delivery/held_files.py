"""Static files held in memory, ready to be sent: opened and read once, not for each request.

Only files whose names are made from their content, which can't become other bytes. They have a
small room of their own beside the page store's: all static files of Diurna and Wagtail together
take 6.4 MB in three encodings, those of a reader's page 0.3 MB.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from threading import Lock
from typing import Final

# The room, in bytes; it holds every file that there is now.
LIMIT_BYTES: Final = 8 * 1024 * 1024
# A file that takes more than this part of the room would push out all others.
_LARGEST_PART: Final = 4
# Headers, tags and places in the table.
_OVERHEAD_BYTES: Final = 2_000

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Held:
    """One encoding of a file: what is said about it, and how its bytes are had.

    `headers` have the tag and the date in them, not the length. `read(first, length)` gives a body.
    """

    headers: Headers
    etag: str
    modified: float
    size: int
    read: Callable[[int, int], Iterable[bytes]]

    @classmethod
    def of(
        cls,
        headers: Headers,
        etag: str,
        modified: float,
        size: int,
        read: Callable[[int, int], Iterable[bytes]],
    ) -> "Held":
        """With tag and date written into the headers; `modified` in seconds since 1970."""
        validators = [("ETag", etag), ("Last-Modified", formatdate(modified, usegmt=True))]
        return cls([*headers, *validators], etag, modified, size, read)

    @classmethod
    def of_bytes(cls, headers: Headers, etag: str, modified: float, content: bytes) -> "Held":
        """A file whose bytes are here."""

        def read(first: int, length: int) -> Iterable[bytes]:
            # A slice of all of it is the same object, not a copy.
            return [content[first : first + length]]

        return cls.of(headers, etag, modified, len(content), read)


# By name of the encoding, the plain one (`""`) always there.
Encodings = dict[str, Held]


class HeldFiles:
    """Files by address, at most `limit` bytes of them; the one that came first makes room."""

    def __init__(self, limit: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._files: dict[str, Encodings] = {}
        self._lock = Lock()
        self.size = 0

    def get(self, address: str) -> Encodings | None:
        """What is held under this address."""
        return self._files.get(address)

    def hold(self, address: str, file: Encodings) -> Encodings:
        """Hold this file if there is room for such a one; returns it."""
        size = _size(file)
        if size > self._limit // _LARGEST_PART:
            return file
        with self._lock:
            self._forget(address)
            while self._files and self.size + size > self._limit:
                self._forget(next(iter(self._files)))
            self._files[address] = file
            self.size += size
        return file

    def _forget(self, address: str) -> None:
        if (file := self._files.pop(address, None)) is not None:
            self.size -= _size(file)


def _size(file: Encodings) -> int:
    return sum(held.size + _OVERHEAD_BYTES for held in file.values())
