"""What a WSGI application answers, whole before any of it is sent.

Granian takes the parts of a streamed answer without end, however slowly the reader takes them, and
can't cut one off: an answer that failed on its way would look complete. So what is no file is
collected first, and what is large goes through a file, which Granian sends as the reader takes it.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from io import BufferedRandom
from itertools import chain
from typing import IO, Any, Final

from diurna.delivery.drawing import no_writing

# Up to here an answer of unknown length is held in memory, beyond it in a file without a name.
IN_MEMORY_BYTES: Final = 256 * 1024
# Nothing that Diurna makes comes near; what never ends must end somewhere.
LONGEST_BYTES: Final = 1024 * 1024 * 1024


class Started:
    """What the application says before its body, with the status as a number."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.sent = False

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and self.sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status = int(status.split(" ", 1)[0])
        self.headers = list(headers)
        return no_writing


def collected(chunks: Iterable[bytes]) -> bytes | IO[bytes]:
    """All of an answer: its bytes, or an open file without a name if they are many.

    Raises what the application raises, and OverflowError for an answer that does not end.
    """
    if isinstance(chunks, list):
        return b"".join(chunks)
    parts = iter(chunks)
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size > IN_MEMORY_BYTES:
            return _in_file(chain(held, parts))
    return b"".join(held)


def _in_file(parts: Iterator[bytes]) -> IO[bytes]:
    file: BufferedRandom = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        size = 0
        for part in parts:
            size += file.write(part)
            if size > LONGEST_BYTES:
                raise OverflowError("An answer is longer than any that Diurna sends.")
        file.flush()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
