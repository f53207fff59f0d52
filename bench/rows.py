"""Rows written straight into SQLite's tables, some hundred thousand a second.

A sample, made by the model, says what stands in every column; what differs from row to row is given
in SQLite's own form (`uuid.hex`, `stamp`). So a new column of a model needs no change here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

# What is lost with the machine can be made again.
_FAST = ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000", "PRAGMA temp_store=MEMORY")


def hurry() -> None:
    """Let this connection write without waiting for the disk."""
    from django.db import connection

    if connection.vendor != "sqlite":
        raise SystemExit("The site of a bench is made on SQLite; leave DATABASE_URL out.")
    with connection.cursor() as cursor:
        for pragma in _FAST:
            cursor.execute(pragma)


def insert(sample: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into the own table of the sample's model: `columns` as given, others as there.

    `columns` are attribute names (`article_id`). One statement, in the transaction that is open.
    """
    from django.db import connection

    fields = [field for field in sample._meta.local_concrete_fields if not field.generated]
    changing = {name: number for number, name in enumerate(columns)}
    fixed = [field for field in fields if _is_fixed(field, sample, changing)]
    values = tuple(
        field.get_db_prep_save(getattr(sample, field.attname), connection) for field in fixed
    )
    named = [field.column for field in fixed]
    named += [sample._meta.get_field(_name_of(sample, column)).column for column in columns]
    names = ", ".join(connection.ops.quote_name(name) for name in named)
    places = ", ".join(["%s"] * len(named))
    table = connection.ops.quote_name(sample._meta.db_table)
    with connection.cursor() as opened:
        # Its types ask for a list, and ten million rows should not be one.
        cursor: Any = opened
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608  (of the model)
            ((*values, *row) for row in rows),
        )


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
