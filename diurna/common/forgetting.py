"""What a database still holds of rows that were deleted, and how it is made to forget.

SQLite: `secure_delete` overwrites freed pages, but the index of the full-text search keeps words
until its segments are merged, and the write-ahead log keeps the pages as they were. PostgreSQL:
dead rows stay in their pages until VACUUM.
"""

import logging
import time
from collections.abc import Collection

from django.db import connection, transaction

logger = logging.getLogger(__name__)

# Somebody who is reading keeps the write-ahead log from being emptied.
PATIENCE_SECONDS = 5.0
_STEP_SECONDS = 0.1


def forget_deleted(*, tables: Collection[str] = ()) -> None:
    """Overwrite what was deleted, as soon as the caller's transaction is committed.

    With `tables`, only they are seen to, and not the full-text search: on a large site all of it
    takes long.
    """
    if connection.vendor == "sqlite":
        if not tables:
            _merge_search_indexes()
        transaction.on_commit(empty_write_ahead_log, robust=True)
    else:
        transaction.on_commit(lambda: _vacuum(tables), robust=True)


def empty_write_ahead_log() -> bool:
    """Write SQLite's log back into the file and truncate it; False when readers kept it busy."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
        if row is None or row[0] == 0:
            return True
        if time.monotonic() >= deadline:
            logger.warning("The write-ahead log could not be emptied; it is when nobody reads.")
            return False
        time.sleep(_STEP_SECONDS)


def _merge_search_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%%fts5%%'")
        for (name,) in cursor.fetchall():
            quoted = connection.ops.quote_name(name)
            # The name is from SQLite's own list of tables.
            cursor.execute(f"INSERT INTO {quoted} ({quoted}) VALUES ('optimize')")  # noqa: S608


def _vacuum(tables: Collection[str]) -> None:
    if connection.in_atomic_block:
        # A test's own transaction; there is nothing to vacuum before it ends.
        return
    with connection.cursor() as cursor:
        # The names are those of models.
        cursor.execute("VACUUM " + ", ".join(map(connection.ops.quote_name, sorted(tables))))
