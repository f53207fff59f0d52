"""What SQLite's planner knows of the tables: looked at by the clock, and at the end of an import.

Without it SQLite guesses, and on a large site it guesses wrong. PostgreSQL does this by itself.
"""

from typing import Final

from django.db import connection, transaction

# Entries that are looked at in each index, so that a turn of the writer is short at any size.
ENTRIES: Final = 1000
# Often, since what was seen of a table that was nearly empty is wrong once it has filled.
SECONDS: Final = 3600.0
_VIEW: Final = "diurna_look_again"


def keep_statistics() -> None:
    """Look at every table, each in a turn of the writer of its own; nothing on PostgreSQL.

    Every connection to the file, in whatever process, goes by what was found from its next
    question on.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ENTRIES}")
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
        _tell_of_the_empty(tables)
    _have_all_look_again()


def _tell_of_the_empty(tables: list[str]) -> None:
    """Say of each table in which nothing was found that it has no rows.

    ANALYZE says nothing of those, and of what nothing is said SQLite assumes a million rows: a feed
    then looks for the corrections of each story, one by one, where there are none at all. Rows may
    be written so (https://www.sqlite.org/fileformat2.html#stat1tab); it takes none as a thousand.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        told = {row[0] for row in cursor.fetchall()}
        rows = [(table, "0") for table in tables if table not in told]
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, NULL, %s)", rows)


def _have_all_look_again() -> None:
    """Change the schema and change it back, in one transaction that nobody can see into.

    A connection reads the statistics with the schema, and again only once that has changed
    (https://www.sqlite.org/lang_analyze.html); another one's ANALYZE does not change it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP VIEW IF EXISTS {_VIEW}")
        cursor.execute(f"CREATE VIEW {_VIEW} AS SELECT 1")
        cursor.execute(f"DROP VIEW {_VIEW}")
