"""Rows written straight into SQLite's tables, some hundred thousand a second.

A sample, made by the model, says what stands in every column; what differs from row to row is given
in SQLite's own form (`uuid.hex`, `stamp`). So a new column of a model needs no change here.

What makes ten million rows slow is not the rows: SQLite builds the list of an `IN` in a CHECK anew
for every row (three quarters of the time of a vote), looks every foreign key up, and keeps each
index in order. So the checks are asked of the first rows only, and indexes are made at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Final

# What is lost with the machine can be made again; and nothing waits for WAL to be copied over.
_FAST: Final = (
    "PRAGMA journal_mode=MEMORY",
    "PRAGMA synchronous=OFF",
    "PRAGMA secure_delete=OFF",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA cache_size=-400000",
    "PRAGMA temp_store=MEMORY",
)
# Of each kind so many rows are held against the table's constraints; the others are like them.
_CHECKED: Final = 1_000


def hurry() -> None:
    """Let this connection, the only one, write without waiting and without looking keys up."""
    from django.db import connection

    if connection.vendor != "sqlite":
        raise SystemExit("The site of a bench is made on SQLite; leave DATABASE_URL out.")
    with connection.cursor() as cursor:
        for pragma in _FAST:
            cursor.execute(pragma)


def insert(sample: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into the own table of the sample's model: `columns` as given, others as there.

    `columns` are attribute names (`article_id`). In the transaction that is open.
    """
    from django.db import connection

    fields = [field for field in sample._meta.local_concrete_fields if not field.generated]
    changing = {name: number for number, name in enumerate(columns)}
    fixed = [field for field in fields if _is_fixed(field, sample, changing)]
    named = [field.column for field in fixed]
    named += [sample._meta.get_field(_name_of(sample, column)).column for column in columns]
    names = ", ".join(connection.ops.quote_name(name) for name in named)
    table = connection.ops.quote_name(sample._meta.db_table)
    rows = iter(rows)
    with connection.cursor() as opened:
        # Its types ask for a list, and ten million rows should not be one.
        cursor: Any = opened
        values = [
            _quoted(cursor, field.get_db_prep_save(getattr(sample, field.attname), connection))
            for field in fixed
        ]
        places = ", ".join(values + ["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  (of the model)
        cursor.executemany(sql, islice(rows, _CHECKED))
        cursor.execute("PRAGMA ignore_check_constraints=ON")
        cursor.executemany(sql, rows)
        cursor.execute("PRAGMA ignore_check_constraints=OFF")


def _quoted(cursor: Any, value: Any) -> str:
    """The value as SQLite writes it in a statement: what is the same everywhere is bound once."""
    cursor.execute("SELECT quote(%s)", [value])
    return str(cursor.fetchone()[0]).replace("%", "%%")


@contextmanager
def indexed_at_the_end(*models: Any) -> Iterator[None]:
    """Take the indexes of these tables away for this block, and make them when it is done.

    Not those of constraints in the table itself, which SQLite cannot do without.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        statements = []
        for model in models:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [model._meta.db_table],
            )
            for name, sql in cursor.fetchall():
                statements.append(sql)
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for statement in statements:
            cursor.execute(statement)


def _is_fixed(field: Any, sample: Any, changing: dict[str, int]) -> bool:
    if field.attname in changing:
        return False
    # A key that SQLite gives by itself.
    return not (field.primary_key and getattr(sample, field.attname) is None)


def _name_of(sample: Any, attribute: str) -> str:
    fields = sample._meta.local_concrete_fields
    return next(str(field.name) for field in fields if field.attname == attribute)


def last_key(model: Any) -> int:
    """The highest primary key; 0 in an empty table."""
    from django.db.models import Max

    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)


def stamp(moment: datetime) -> str:
    """A time (UTC) as Django writes it into SQLite."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
