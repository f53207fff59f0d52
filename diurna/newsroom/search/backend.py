"""Wagtail's search back end for the database, changed in two ways.

- modelsearch computes the average length of all titles whenever one row is indexed, and notes in
  each row how its own compares: work that grows with the site, for a figure that only modelsearch's
  own ranking of words reads. The desk completes titles, and readers' search has its own order.
- A page is read again while nobody can change it, so that the words of a story that was withdrawn
  or deleted since it was read do not come back (`held`).
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction

from diurna.newsroom.search.held import hold
from diurna.newsroom.search.text import said_once


def SearchBackend(params: dict[str, Any]) -> Any:
    """The back end for the database that is set, as modelsearch chooses it."""
    if connection.vendor == "postgresql":
        # "simple" takes words as they come: their stems are made in `words`, as for SQLite.
        return _postgresql()({"SEARCH_CONFIG": "simple", **params})
    return _sqlite()(params)


class _Kept:
    """What both databases' indexes do otherwise than modelsearch's own."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing; see above."""

    def add_items(self, model: type[models.Model], objs: Iterable[models.Model]) -> None:
        """Put rows into the index as they are now, not as they were read."""
        with transaction.atomic(), said_once():
            super().add_items(model, hold(model, objs))  # type: ignore[misc]

    def delete_item(self, item: models.Model) -> None:
        """Take a row that was deleted out of the index, and out of what is to be tried again."""
        from diurna.newsroom.search import skipped

        super().delete_item(item)  # type: ignore[misc]
        skipped.forget(item._meta.label_lower, [item.pk])


def _postgresql() -> Any:
    from modelsearch.backends.database.postgres.postgres import (
        PostgresIndex,
        PostgresSearchBackend,
    )

    class Index(_Kept, PostgresIndex):
        """PostgreSQL's."""

    class Backend(PostgresSearchBackend):
        index_class = Index

    return Backend


def _sqlite() -> Any:
    from modelsearch.backends.database.sqlite.sqlite import SQLiteIndex, SQLiteSearchBackend

    class Index(_Kept, SQLiteIndex):
        """SQLite's."""

    class Backend(SQLiteSearchBackend):
        index_class = Index

    return Backend
