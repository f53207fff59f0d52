"""How SQLite goes about the questions that a piece of code asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def planned() -> Iterator[list[str]]:
    """The steps of every SELECT asked in the block, in the list that is given, when it is over.

    With values bound as the code binds them: a question with its values written into it may go
    another way, since an index of some rows only is used where its condition is recognised.
    """
    asked: list[tuple[str, Any]] = []
    steps: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if sql.lstrip().startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        yield steps
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps += [row[3] for row in cursor.fetchall()]


@contextmanager
def told(*rows: tuple[str, str, str]) -> Iterator[None]:
    """Let SQLite's planner go by this: table, index, rows with rows of a key; by nothing else."""
    with connection.cursor() as cursor:
        # The first makes the table that statistics stand in.
        cursor.execute(f"ANALYZE {connection.ops.quote_name(rows[0][0])}")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE sqlite_schema")
        yield
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def read_whole(steps: list[str], table: str) -> list[str]:
    """Those steps that read this table, or an index of all its rows, from end to end."""
    return [step for step in steps if step.split(" USING ")[0] == f"SCAN {table}"]
