"""Asks the index for stories, people and topics; each answer is bounded."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from diurna.newsroom.models import Article
from diurna.newsroom.search.expression import (
    EVERYTHING,
    HEADLINE,
    Expression,
    Phrase,
    as_fts5,
    as_tsquery,
)

_POSTGRESQL: Final = "postgresql"
_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the index: stems in their order, with single spaces, one at each end.

    `short` is the short headline with the standfirst, `names` by-lines, topics and sections.
    """

    pk: int
    headline: str
    short: str
    names: str
    text: str


def keys(
    model: type[models.Model],
    everywhere: Expression,
    *,
    headline: Expression | None = None,
    limit: int,
) -> list[int]:
    """The keys of rows of a model with these words, the last indexed first; at most `limit`.

    `headline` has to be found in the headline besides. Whether a story is public is for the
    caller to make sure of; the index may be a moment behind.
    """
    return [int(key) for key in _keys(model, everywhere, headline, limit)]


def entries(articles: Collection[int]) -> dict[int, Entry]:
    """What the index has of these stories, by their keys (one query)."""
    if not articles:
        return {}
    marks = ", ".join(["%s"] * len(articles))
    sql = (
        f"SELECT object_id, {_text_column()} FROM {_table()}"  # noqa: S608  (names and signs of our own)
        f" WHERE content_type_id = %s AND object_id IN ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_content_type(Article), *map(str, articles)])
        rows = cursor.fetchall()
    return {int(key): _entry(key, text) for key, text in rows if text}


def entry_of(article: Article) -> Entry | None:
    """What the index has of a story; None where it has nothing yet."""
    return entries([article.pk]).get(article.pk)


def count_up_to(word: str, limit: int) -> int:
    """In how many rows a word stands; `limit` where it is that many or more."""
    return len(_keys(None, Phrase((word,)), None, limit))


def are_as_many(everywhere: Expression, number: int) -> bool:
    """Whether so many rows have these words, or more; rows are counted and not read."""
    if connection.vendor == _POSTGRESQL:
        found, words = f"{_table()} WHERE body @@ %s::tsquery", as_tsquery(everywhere)
    else:
        index = f"{_table()}_fts"
        found, words = f"{index} WHERE {index} MATCH %s", as_fts5(everywhere, EVERYTHING)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {found} LIMIT 1 OFFSET %s", [words, number - 1])  # noqa: S608  (names and signs of our own)
        return cursor.fetchone() is not None


def _keys(
    model: type[models.Model] | None,
    everywhere: Expression,
    headline: Expression | None,
    limit: int,
) -> list[str]:
    table = _table()
    of_model = "AND e.content_type_id = %s" if model else ""
    if connection.vendor == _POSTGRESQL:
        conditions = "e.body @@ %s::tsquery"
        found = [as_tsquery(everywhere)]
        if headline is not None:
            conditions += " AND e.title @@ %s::tsquery"
            found.append(as_tsquery(headline))
        sql = f"SELECT e.object_id FROM {table} e WHERE {conditions} {of_model}"  # noqa: S608  (names and signs of our own)
        order = "ORDER BY e.id DESC"
    else:
        match = as_fts5(everywhere, EVERYTHING)
        if headline is not None:
            match = f"({as_fts5(headline, HEADLINE)}) AND ({match})"
        found = [match]
        # CROSS JOIN is SQLite's word for "in this order": the words first, then the rows.
        sql = (
            f"SELECT e.object_id FROM {table}_fts f CROSS JOIN {table} e"  # noqa: S608  (names and signs of our own)
            f" ON e.id = f.rowid WHERE f.{table}_fts MATCH %s {of_model}"
        )
        order = "ORDER BY f.rowid DESC"
    parameters: list[str | int] = [*found]
    if model:
        parameters.append(_content_type(model))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {order} LIMIT %s", [*parameters, limit])
        return [row[0] for row in cursor.fetchall()]


def _entry(key: str, text: str) -> Entry:
    _markers, *lines = text.split("\n", _LINES - 1)
    padded = [f" {line} " for line in lines] + [" "] * (_LINES - 1 - len(lines))
    return Entry(int(key), *padded)


def _table() -> str:
    from wagtail.search.models import IndexEntry

    return str(IndexEntry._meta.db_table)


def _text_column() -> str:
    """Where the words stand as they were put in."""
    return "body_text" if connection.vendor == _POSTGRESQL else "body"


def _content_type(model: type[models.Model]) -> int:
    return int(ContentType.objects.get_for_model(model).pk)
