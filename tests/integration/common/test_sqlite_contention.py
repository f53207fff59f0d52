"""The SQLite back end under real contention, and what it holds the gate for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, transaction
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from bench.gate import PROCESSES, THREADS, contend
from diurna.common.sqlite.base import DatabaseWrapper
from diurna.common.sqlite.gate import gate_for
from diurna.config.settings.backends import sqlite

SECONDS = 2.0
# What the first thread of a process may have written before the last one was started.
HEAD_START = 20
SHORT_WAIT = 0.05


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, n INTEGER)")
    return path


@pytest.fixture
def connection(database: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    settings = sqlite(database)
    settings["OPTIONS"]["timeout"] = SHORT_WAIT
    opened = ConnectionHandler({"default": settings})["default"]
    with django_db_blocker.unblock():
        yield opened
        opened.close()


def is_free(database: Path) -> bool:
    """Whether somebody else could write now."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        other.execute("ROLLBACK")
    gate = gate_for(database)
    gate.acquire(0)
    gate.release()
    return True


def test_sixteen_writers_in_two_processes_all_get_their_turn(tmp_path: Path) -> None:
    result = contend(tmp_path, SECONDS)
    assert result.errors == []
    assert result.rows == sum(result.writes)
    assert len(result.writes) == PROCESSES * THREADS
    # In line, nobody of a process gets much more than the others, but for who was there first; how
    # the processes share the machine is the machine's to say, but neither is left out. How long
    # the waits are is measured by `bin/bench gate`, on a machine that does nothing else.
    shares = [
        result.writes[first : first + THREADS] for first in range(0, len(result.writes), THREADS)
    ]
    assert all(min(share) > 0.5 * max(share) - HEAD_START for share in shares)
    assert min(result.writes) > 0


def test_a_read_needs_no_gate(database: Path, connection: DatabaseWrapper) -> None:
    gate = gate_for(database)
    gate.acquire(0)
    try:
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM note").fetchone() == (0,)
    finally:
        gate.release()


def test_a_writer_that_waits_in_vain_is_told_why(
    database: Path, connection: DatabaseWrapper
) -> None:
    gate = gate_for(database)
    gate.acquire(0)
    try:
        with (
            connection.cursor() as cursor,
            pytest.raises(OperationalError, match="another writer did not finish"),
        ):
            cursor.execute("INSERT INTO note (n) VALUES (1)")
    finally:
        gate.release()


def test_a_single_statement_gives_the_gate_back(
    database: Path, connection: DatabaseWrapper
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note (n) VALUES (%s)", [1])
        assert is_free(database)
        cursor.executemany("INSERT INTO note (n) VALUES (%s)", [[2], [3]])
        assert is_free(database)


def test_returned_rows_are_there_after_the_gate_is_given_back(
    database: Path, connection: DatabaseWrapper
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note (n) VALUES (1), (2), (3), (4) RETURNING n")
        assert is_free(database)
        assert cursor.fetchone() == (1,)
        assert cursor.fetchmany(1) == [(2,)]
        assert list(cursor) == [(3,), (4,)]
        assert cursor.fetchall() == []


def test_a_statement_that_fails_gives_the_gate_back(
    database: Path, connection: DatabaseWrapper
) -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    assert is_free(database)


def test_a_transaction_holds_the_gate_until_its_commit(
    database: Path, connection: DatabaseWrapper
) -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        cursor.execute("SELECT 1")
        assert not is_free(database)
        connection.commit()
        connection.set_autocommit(True)
        assert is_free(database)


def test_a_transaction_that_is_rolled_back_gives_the_gate_back(
    database: Path, connection: DatabaseWrapper
) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.rollback()
    connection.set_autocommit(True)
    assert is_free(database)


def test_transactions_by_statement_hold_the_gate_too(
    database: Path, connection: DatabaseWrapper
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        assert not is_free(database)
        cursor.execute("COMMIT")
        assert is_free(database)


def test_a_closed_connection_gives_the_gate_back(
    database: Path, connection: DatabaseWrapper
) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.close()
    assert is_free(database)


@pytest.mark.django_db(transaction=True)
def test_the_site_itself_runs_behind_the_gate_on_sqlite() -> None:
    own = transaction.get_connection()
    assert own.vendor != "sqlite" or isinstance(own, DatabaseWrapper)
