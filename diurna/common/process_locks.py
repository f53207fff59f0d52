"""Locks that one process holds among all of a newsroom: for who leads, and for who imports.

On PostgreSQL an advisory lock, so that it counts for every machine; with SQLite, whose database is
a file of one machine, a file lock. Both end with the process, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def process_lock(number: int, file: str | Path) -> Iterator[bool]:
    """Whether this process has the lock for the length of the block; it does not wait for it.

    `number` names it on PostgreSQL, the path `file` elsewhere.
    """
    is_postgresql = connection.vendor == "postgresql"
    with _advisory_lock(number) if is_postgresql else _file_lock(file) as is_held:
        yield is_held


@contextmanager
def _advisory_lock(number: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        row = cursor.fetchone()
    is_held = bool(row and row[0])
    try:
        yield is_held
    finally:
        # A connection that was lost has given the lock back by itself.
        if is_held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(path: str | Path) -> Iterator[bool]:
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
