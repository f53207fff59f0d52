"""Wagtail's search back end for the database, without a sum over all titles at each change.

modelsearch computes the average length of all titles whenever one row is indexed, and notes in each
row how its own compares: work that grows with the site, for a figure that only modelsearch's own
ranking of words reads. The desk completes titles, and readers' search has its own order.
"""

from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:
    """The back end for the database that is set, as modelsearch chooses it."""
    if connection.vendor == "postgresql":
        # "simple" takes words as they come: their stems are made in `words`, as for SQLite.
        return _postgresql()({"SEARCH_CONFIG": "simple", **params})
    return _sqlite()(params)


def _postgresql() -> Any:
    from modelsearch.backends.database.postgres.postgres import (
        PostgresIndex,
        PostgresSearchBackend,
    )

    class Index(PostgresIndex):
        def _refresh_title_norms(self, full: bool = False) -> None:
            """Nothing; see above."""

    class Backend(PostgresSearchBackend):
        index_class = Index

    return Backend


def _sqlite() -> Any:
    from modelsearch.backends.database.sqlite.sqlite import SQLiteIndex, SQLiteSearchBackend

    class Index(SQLiteIndex):
        def _refresh_title_norms(self, full: bool = False) -> None:
            """Nothing; see above."""

    class Backend(SQLiteSearchBackend):
        index_class = Index

    return Backend
