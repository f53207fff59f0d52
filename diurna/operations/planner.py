"""What SQLite's planner knows of the tables: looked at anew by the clock.

Without it SQLite guesses, and on a large site it guesses wrong. PostgreSQL does this by itself.
"""

from typing import Final

from django.db import connection

# Entries that are looked at in each index, so that a turn of the writer is short at any size.
ENTRIES: Final = 1000
# Often, since what was seen of a table that was nearly empty is wrong once it has filled.
SECONDS: Final = 3600.0


def keep_statistics() -> None:
    """Look at every table, each in a turn of the writer of its own; nothing on PostgreSQL."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ENTRIES}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
