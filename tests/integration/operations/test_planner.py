"""What SQLite's planner is told of the tables."""

import pytest
from django.db import connection

from diurna.operations import clock, planner

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL does this by itself"),
]


def _told(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        return [row[0] for row in cursor.fetchall()]


def test_the_clock_tells_how_many_rows_a_table_has_and_tells_it_again() -> None:
    job = next(each for each in clock.JOBS if each.run is planner.keep_statistics)
    table = "planner_rows"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (number integer UNIQUE)")
        cursor.execute(f"INSERT INTO {table} VALUES (1), (2), (3)")
    job.run()
    assert _told(table) == ["3 1"]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} VALUES (4), (5)")
    job.run()
    assert _told(table) == ["5 1"]


def test_no_index_is_read_whole() -> None:
    planner.keep_statistics()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit")
        assert cursor.fetchone() == (planner.ENTRIES,)
