"""One `diurna serve` a home, and no rebuilding under it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diurna.common.errors import Refused

LOCK_FILE = "serve.lock"


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Holds the home for the length of the block.

    Raises Refused if another process does: two servers would share one worker's note.
    """
    with (home / LOCK_FILE).open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                f"{home} is being served already; stop that one first, or choose another"
                " DIURNA_HOME."
            ) from error
        yield
