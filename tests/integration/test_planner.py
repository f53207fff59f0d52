"""What SQLite's planner is told of the tables, and that every open connection hears of it."""

from itertools import count
from pathlib import Path

import pytest
from django.db import ConnectionHandler, connection

from diurna.common.sqlite import planner
from diurna.config.settings import backends
from diurna.operations import clock

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


def test_a_table_without_rows_is_told_as_such_until_it_has_some() -> None:
    table = "planner_rows"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (number integer UNIQUE)")
    planner.keep_statistics()
    assert _told(table) == ["0"]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} VALUES (1), (2)")
    planner.keep_statistics()
    assert _told(table) == ["2 1"]


def test_no_index_is_read_whole() -> None:
    planner.keep_statistics()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit")
        assert cursor.fetchone() == (planner.ENTRIES,)


def test_open_connections_go_by_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections to one file: the second asks the same question before and after."""
    known = ConnectionHandler({"default": backends.sqlite(tmp_path / "some.sqlite3")})
    others = ConnectionHandler({"default": backends.sqlite(tmp_path / "some.sqlite3")})
    writer, reader = known["default"], others["default"]
    turns = count()
    monkeypatch.setattr(planner, "connection", writer)
    with writer.cursor() as cursor:
        cursor.execute("CREATE TABLE story (kind integer, number integer)")
        cursor.execute("CREATE INDEX by_kind ON story (kind)")
        cursor.execute("CREATE INDEX by_number ON story (number)")
        # Each of a kind of its own, all with one number.
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
        cursor.execute(f"INSERT INTO story {numbers} SELECT i, 1 FROM n")
    planner.keep_statistics()

    def goes_by() -> str:
        question = "SELECT 1 FROM story WHERE kind = 1 AND number = 1"
        with reader.cursor() as cursor:
            # An EXPLAIN alone does not look whether what is known is still true; and each is
            # another statement, since Python keeps those that it has prepared.
            cursor.execute(question)
            cursor.fetchall()
            cursor.execute(f"EXPLAIN QUERY PLAN {question} -- {next(turns)}")
            return str(cursor.fetchall()[0][3])

    assert "by_kind" in goes_by()
    with writer.cursor() as cursor:
        cursor.execute("UPDATE story SET number = kind, kind = 1")
    planner.keep_statistics()
    try:
        assert "by_number" in goes_by()
        with reader.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
            assert cursor.fetchall() == []
    finally:
        reader.close()
        writer.close()
