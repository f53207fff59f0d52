"""One consistent view of the database while the site goes on working, and how it is written down.

SQLite: `VACUUM INTO` copies the file in one read transaction, without deleted pages, and keeps no
writer waiting. PostgreSQL: one REPEATABLE READ transaction, each table by COPY.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register

from diurna.operations.backup.archive import ArchiveWriter

SQLITE_MEMBER: Final = "database/diurna.sqlite3"
SNAPSHOT_PREFIX: Final = ".backup-"
# A table goes into members of about this size, so that nothing has to be written down first.
_PIECE: Final = 8 * 1024 * 1024

# Told how many bytes have been written since the last time.
Written = Callable[[int], None]


class Snapshot(Protocol):
    """The database as it was at one moment."""

    engine: str

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def tables(self) -> dict[str, int]:
        """Every table with the number of its rows."""

    def write(self, archive: ArchiveWriter, written: Written) -> None:
        """Add the members that hold the database."""


@contextmanager
def take_snapshot(home: Path) -> Iterator[Snapshot]:
    """The database as it is now, for the length of the block."""
    if connection.vendor == "sqlite":
        with _sqlite_snapshot(Path(connection.settings_dict["NAME"]), home) as snapshot:
            yield snapshot
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield PostgresSnapshot()


@contextmanager
def _sqlite_snapshot(database: Path, home: Path) -> Iterator[Snapshot]:
    _forget_leftovers(home)
    copy = home / f"{SNAPSHOT_PREFIX}{os.getpid()}.sqlite3"
    # Made first, for its owner only: SQLite fills a file that is empty.
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    try:
        # A connection of its own: VACUUM INTO reads, so it takes no turn at the writer gate.
        # Open for writing all the same: of a read-only connection, SQLite 3.40 can't copy a table
        # with generated columns ("15 columns but 17 values were supplied").
        with closing(open_sqlite(database, mode="rw")) as source:
            source.execute("VACUUM INTO ?", [str(copy)])
        with closing(open_sqlite(copy)) as frozen:
            yield SqliteSnapshot(copy, frozen)
    finally:
        copy.unlink(missing_ok=True)


def _forget_leftovers(home: Path) -> None:
    """Delete the copies that killed processes left; another backup may be at work."""
    for leftover in home.glob(f"{SNAPSHOT_PREFIX}*.sqlite3"):
        number = leftover.name.removeprefix(SNAPSHOT_PREFIX).removesuffix(".sqlite3")
        if number.isdecimal() and int(number) != os.getpid() and not _is_alive(int(number)):
            leftover.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def open_sqlite(path: Path, *, mode: str = "ro") -> sqlite3.Connection:
    """A connection that reads only (`ro`), with the functions that Django's constraints use."""
    database = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True)
    register(database)
    return database


class SqliteSnapshot:
    """A copy of the file that nobody else writes to."""

    engine = "sqlite"

    def __init__(self, path: Path, frozen: sqlite3.Connection) -> None:
        self._path = path
        self._frozen = frozen

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._frozen.execute(sql).fetchall()

    def tables(self) -> dict[str, int]:
        """Every table with the number of its rows."""
        return count_sqlite(self._frozen)

    def write(self, archive: ArchiveWriter, written: Written) -> None:
        """Add the file."""
        size = self._path.stat().st_size
        with self._path.open("rb") as file:
            archive.add(SQLITE_MEMBER, file, size)
        written(size)


def count_sqlite(database: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table; what the full-text search keeps for itself is left out."""
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\'"
    )
    # The names are SQLite's own.
    return {
        name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names.fetchall()
    }


class PostgresSnapshot:
    """The transaction that is open."""

    engine = "postgresql"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def tables(self) -> dict[str, int]:
        """Every table with the number of its rows."""
        return count_postgres()

    def write(self, archive: ArchiveWriter, written: Written) -> None:
        """Add the rows of every table, in pieces."""
        for name in postgres_tables():
            for number, piece in enumerate(_pieces(name), start=1):
                archive.add_bytes(f"database/{name}/{number:06}", piece)
                written(len(piece))


def postgres_tables() -> list[str]:
    """The names of the tables of this schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


def count_postgres() -> dict[str, int]:
    """Rows of every table."""
    found = {}
    with connection.cursor() as cursor:
        for name in postgres_tables():
            # The names are PostgreSQL's own.
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            (found[name],) = cursor.fetchone() or (0,)
    return found


def columns_of(table: str) -> str:
    """The stored columns of a table, quoted, as COPY wants them; generated ones are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attname",
            [connection.ops.quote_name(table)],
        )
        return ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())


def _pieces(table: str) -> Iterator[bytes]:
    rows = bytearray()
    command = f"COPY {connection.ops.quote_name(table)} ({columns_of(table)}) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in copy:
            rows += row
            if len(rows) >= _PIECE:
                yield bytes(rows)
                rows.clear()
    if rows:
        yield bytes(rows)
