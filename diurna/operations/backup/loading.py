"""From the unpacked files to a database that answers, checked against the manifest."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from diurna.common.errors import Refused
from diurna.operations.backup.errors import Damaged
from diurna.operations.backup.manifest import Manifest
from diurna.operations.backup.snapshot import (
    columns_of,
    count_postgres,
    count_sqlite,
    open_sqlite,
    postgres_tables,
)
from diurna.operations.backup.unpacking import SQLITE_FILE, TABLES

_CHUNK = 1024 * 1024


def demand_empty_database() -> None:
    """Raise Refused unless nothing is in the PostgreSQL database yet."""
    if connection.vendor == "postgresql" and (tables := postgres_tables()):
        raise Refused(
            f"The database of DATABASE_URL holds {len(tables)} tables already; name an empty one."
        )


def load(staging: Path, manifest: Manifest) -> None:
    """Have the unpacked database answer, and bring it up to this version's migrations.

    Raises Damaged when it is not sound or not what the manifest says, Refused for a backup of a
    newer Diurna.
    """
    demand_known_migrations(manifest)
    if manifest.engine == "sqlite":
        check_sqlite(staging / SQLITE_FILE, manifest)
    else:
        _load_postgres(staging / TABLES, manifest)
        _compare_counts(count_postgres(), manifest)
    call_command("migrate", interactive=False, verbosity=0)


def demand_known_migrations(manifest: Manifest) -> None:
    """Raise Refused when the database is further than this version."""
    loader = MigrationExecutor(connection).loader
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {
        f"{app}.{name}"
        for migration in loader.disk_migrations.values()
        for app, name in migration.replaces
    }
    if unknown := sorted(set(manifest.migrations) - known):
        raise Refused(
            f"The backup is of a newer Diurna ({manifest.diurna}): this one does not know"
            f" {unknown[0]}. Install that version, and restore with it."
        )


def check_sqlite(path: Path, manifest: Manifest) -> None:
    """Raise Damaged unless the file is sound and has the rows that the manifest tells of."""
    try:
        with closing(open_sqlite(path)) as database:
            sound = database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            whole = database.execute("PRAGMA foreign_key_check").fetchone() is None
            counts = count_sqlite(database)
    except sqlite3.DatabaseError as error:
        raise Damaged("The database in the backup can't be read; restore another copy.") from error
    if not sound or not whole:
        raise Damaged("The database in the backup is damaged; restore another copy.")
    _compare_counts(counts, manifest)


def drop_tables() -> None:
    """Empty the database again after a restore that failed."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in postgres_tables():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")


def _compare_counts(counts: dict[str, int], manifest: Manifest) -> None:
    for name in sorted(counts.keys() | manifest.tables.keys()):
        told, found = manifest.tables.get(name), counts.get(name)
        if told != found:
            raise Damaged(
                f"The backup's table {name} has {found} rows, and its manifest says {told}; restore"
                " another copy."
            )


def _load_postgres(folder: Path, manifest: Manifest) -> None:
    _migrate_as_far_as(manifest)
    tables = postgres_tables()
    if unknown := sorted(set(manifest.tables) - set(tables)):
        raise Damaged(f"The backup holds a table {unknown[0]} that no migration makes.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # What migrations put in is in the backup, too.
            names = ", ".join(map(connection.ops.quote_name, tables))
            cursor.execute(f"TRUNCATE {names}")
        # Foreign keys are looked at when the transaction ends, so any order will do.
        for table in tables:
            _copy_in(table, folder / table)
        _set_sequences(tables)


def _migrate_as_far_as(manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    applied = {(app, name) for app, _, name in (m.partition(".") for m in manifest.migrations)}
    graph = executor.loader.graph
    targets = [
        node
        for node in applied
        if node in graph.nodes
        and not any(child.key in applied for child in graph.node_map[node].children)
    ]
    executor.migrate(targets)


def _copy_in(table: str, folder: Path) -> None:
    pieces = sorted(folder.glob("*")) if folder.is_dir() else []
    command = f"COPY {connection.ops.quote_name(table)} ({columns_of(table)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for piece in pieces:
            with piece.open("rb") as file:
                while data := file.read(_CHUNK):
                    copy.write(data)


def _set_sequences(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace"
            " AND a.attnum > 0 AND NOT a.attisdropped"
            " AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL",
            [tables],
        )
        for table, column, sequence in cursor.fetchall():
            quoted, key = map(connection.ops.quote_name, (table, column))
            # Names from PostgreSQL's own catalogue.
            cursor.execute(
                f"SELECT setval(%s, COALESCE(MAX({key}), 1), MAX({key}) IS NOT NULL)"  # noqa: S608
                f" FROM {quoted}",
                [sequence],
            )
