"""Commits that do not wait for the disk, for work that can be done again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unhurried_disk() -> Iterator[None]:
    """Inside the block, this connection's commits to SQLite return before the disk has them.

    After a loss of power the last of them may be gone, in order and whole; a process that is killed
    loses nothing, and the database is sound either way (sqlite.org/pragma.html#pragma_synchronous,
    NORMAL with a write-ahead log). What anybody else commits is on the disk as ever, and everything
    before it. For imports, which go on where they were; never for what a reader was told is stored.
    Nothing changes on PostgreSQL, or inside a transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _set("NORMAL")
    try:
        yield
    finally:
        _set("FULL")


def _set(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
