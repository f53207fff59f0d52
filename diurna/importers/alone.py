"""One import, or one undo of an import, at a time: two would bring the same items in twice.

On PostgreSQL an advisory lock holds it, so that it counts for every machine; with SQLite, whose
database is a file of one machine, a file lock. Both end with the process, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from diurna.common.errors import Refused

LOCK_SUFFIX: Final = ".import.lock"
# Any number that nothing else in the database uses: "import" in ASCII.
ADVISORY_LOCK: Final = 0x696D706F7274
_ANOTHER: Final = (
    "Another import, or an undo of one, is at work in this newsroom. Wait for its end, or stop it;"
    " then start this one again: it goes on with what is left."
)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the imports of this newsroom for the length of the block; Refused if another does."""
    take = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with take() as is_alone:
        if not is_alone:
            raise Refused(_ANOTHER)
        yield


@contextmanager
def _advisory_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        row = cursor.fetchone()
    is_held = bool(row and row[0])
    try:
        yield is_held
    finally:
        # A connection that was lost has given the lock back by itself.
        if is_held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


@contextmanager
def _file_lock() -> Iterator[bool]:
    # Beside the database, since that is what two imports would both write to.
    path = f"{connection.settings_dict['NAME']}{LOCK_SUFFIX}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        # Closing the file gives the lock back.
        os.close(handle)
