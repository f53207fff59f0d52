"""A part of a file as the body of an answer, which a server may send from the file itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHUNK_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class FilePart:
    """`length` bytes of the file at `path` from byte `first` on; `whole` where that is all of it.

    For any WSGI server it is an iterable of bytes. Diurna's own one (`operations.gateway`) sends
    the file as fast as the reader takes it, without a thread and without holding it in memory.
    """

    path: Path
    first: int
    length: int
    whole: bool

    def __iter__(self) -> Iterator[bytes]:
        # Opened on the first step: a body that nobody asks for leaves no file open.
        length = self.length
        with self.path.open("rb") as file:
            file.seek(self.first)
            while length > 0 and (chunk := file.read(min(CHUNK_BYTES, length))):
                length -= len(chunk)
                yield chunk
