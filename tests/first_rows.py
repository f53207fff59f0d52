"""Rows of the test database, read and written as they are, without models.

A test that really commits leaves rows behind. Django would empty every table after it and load
what the migrations had left from JSON, row by row: half a second of processor time. Here only the
tables that are not as they were are written again. In the same way a newsroom that one test
founded is there again for the next, which founding it anew would take a hundred queries.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

_QUEUE: Final = "django_tasks_database_dbtaskresult"


class Table(NamedTuple):
    """All rows of a table, in the order of its columns; the database gives them in any order."""

    columns: tuple[str, ...]
    rows: frozenset[tuple[Any, ...]]


Rows = dict[str, Table]


class Founding(NamedTuple):
    """What an action made of some tables."""

    before: Rows
    after: Rows


def read(tables: Iterable[str] | None = None) -> Rows:
    """The rows of these tables, or of all that belong to models."""
    if tables is None:
        tables = connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {_quoted(table)}")
            columns = tuple(each[0] for each in cursor.description)
            found[table] = Table(columns, frozenset(map(tuple, cursor.fetchall())))
    return found


def put_back(wanted: Rows) -> None:
    """Have these tables hold exactly these rows; outside a transaction, whatever refers to what."""
    with _unconstrained(), transaction.atomic():
        present = read(wanted)
        _write({name: table for name, table in wanted.items() if present[name] != table})


def done_again(known: list[Founding], action: Callable[[], object]) -> bool:
    """Repeat what this action made of the same rows before; if it never did, do and watch it."""
    if any(repeat(founding) for founding in known):
        return True
    known.append(watch(action))
    return False


def watch(action: Callable[[], object]) -> Founding:
    """Do this, and say what it made of which tables."""
    before = read()
    action()
    after = read()
    changed = [name for name, table in after.items() if table != before[name]]
    if _QUEUE in changed:
        # What waited before is no condition: it comes to the queue whenever a model is stored.
        new = after[_QUEUE].rows - before[_QUEUE].rows
        after[_QUEUE] = after[_QUEUE]._replace(rows=new)
        before[_QUEUE] = before[_QUEUE]._replace(rows=frozenset())
    return Founding({n: before[n] for n in changed}, {n: after[n] for n in changed})


def repeat(founding: Founding) -> bool:
    """Change the same rows again, dated now; False, and nothing is done, where that can't be.

    What the action found must be there still, and nothing with the key of a row that it made.
    """
    gone, come = {}, {}
    present = read(founding.before)
    for name, table in founding.after.items():
        before, key = founding.before[name].rows, table.columns.index(_key(name))
        gone[name] = Table(table.columns, before - table.rows)
        come[name] = Table(table.columns, table.rows - before)
        others = {row[key] for row in present[name].rows - before}
        if not before <= present[name].rows or others & {row[key] for row in come[name].rows}:
            return False
    try:
        with transaction.atomic():
            _change(gone, come)
    except IntegrityError:
        # Something of it is there already under another key: a name, a word.
        return False
    return True


def _change(gone: Rows, come: Rows) -> None:
    with connection.cursor() as cursor:
        for name, table in gone.items():
            keys = [(row[table.columns.index(_key(name))],) for row in table.rows]
            if keys:
                cursor.executemany(
                    f"DELETE FROM {_quoted(name)} WHERE {_quoted(_key(name))} = %s", keys
                )
    for name, table in come.items():
        _insert(name, _dated_now(name, table))


def _write(rows: Rows) -> None:
    with connection.cursor() as cursor:
        # All rows go before any comes: references are looked at when the transaction ends.
        for name in rows:
            cursor.execute(f"DELETE FROM {_quoted(name)}")
    for name, table in rows.items():
        _insert(name, table)


def _insert(name: str, table: Table) -> None:
    if not table.rows:
        return
    columns = ", ".join(map(_quoted, table.columns))
    marks = ", ".join(["%s"] * len(table.columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_quoted(name)} ({columns}) VALUES ({marks})", list(table.rows)
        )


def _dated_now(name: str, table: Table) -> Table:
    """The same rows as if they had been written now: the clock of each test is another."""
    dated = {
        field.column
        for field in _models()[name]._meta.local_concrete_fields
        if isinstance(field, models.DateTimeField)
    }
    if not dated:
        return table
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = (
        tuple(
            now if value is not None and column in dated else value
            for column, value in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    )
    return Table(table.columns, frozenset(rows))


def _key(name: str) -> str:
    return str(_models()[name]._meta.pk.column)


@cache
def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _unconstrained() -> Any:
    if connection.vendor == "postgresql":
        return _Replica()
    return connection.constraint_checks_disabled()


class _Replica:
    """PostgreSQL checks no reference for a session that calls itself a replica."""

    def __enter__(self) -> None:
        self._set("replica")

    def __exit__(self, *_: object) -> None:
        self._set("origin")

    def _set(self, role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET session_replication_role = {role}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
