"""Which comments of a thread stand on a page, and in which order: one bounded SQL statement.

Nothing here grows with the thread but the replies below the twenty comments that are shown, and
those are read by an index. The window over siblings stands outside the recursion, where neither
SQLite (3.40) nor PostgreSQL takes one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection

# Design: community. Twenty conversations, each with its first three answers.
ROOTS_AT_FIRST: Final = 20
REPLIES_AT_FIRST: Final = 3
# Of a large thread, what is below those three: one each, so that a page stays a page.
REPLIES_BELOW: Final = 1
# Whatever a thread looks like, a page shows no more than this.
MOST_ON_A_PAGE: Final = 200
# Up to here a thread is read from its beginning, as people wrote it, and its replies stand whole.
SMALL_THREAD: Final = 30
# Pinned above all others; of more than these the newest.
MOST_PICKS: Final = 3
_LEVELS: Final = 7
_TREE: Final = "SELECT * FROM tree"
_ONLY_TREE: Final = f"line AS ({_TREE})"
_NEWEST: Final = """newest AS (
  SELECT c.id AS id, c.published_at AS published_at FROM comments_comment c
  WHERE c.state = 'published' ORDER BY c.published_at DESC, c.id DESC LIMIT %s)"""
_NEWEST_HERE: Final = """newest AS (
  SELECT c.id AS id, c.published_at AS published_at FROM comments_comment c
  WHERE c.thread_id = %s AND c.state = 'published'
  ORDER BY c.published_at DESC, c.id DESC LIMIT %s)"""


class Order(StrEnum):
    """In which order a thread is read; the words are those of the address."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    CONTROVERSIAL = "controversial"


@dataclass(frozen=True)
class Sorting:
    """How an order is written: the column, and whether the comment's number runs with it."""

    column: str
    falling: bool
    pk_falling: bool

    def keys(self, alias: str) -> str:
        """For `ORDER BY`."""
        way, pk_way = ("DESC" if down else "ASC" for down in (self.falling, self.pk_falling))
        return f"{alias}.{self.column} {way}, {alias}.id {pk_way}"

    def after(self, alias: str) -> str:
        """What comes after a cursor, whose value is given twice, then its number.

        The bare bound lets the database use the index; the exact one follows.
        """
        column = f"{alias}.{self.column}"
        sign, pk_sign = ("<" if down else ">" for down in (self.falling, self.pk_falling))
        return (
            f"{column} {sign}= %s"
            f" AND ({column} {sign} %s OR ({column} = %s AND {alias}.id {pk_sign} %s))"
        )


SORTINGS: Final[dict[Order, Sorting]] = {
    Order.BEST: Sorting("best", falling=True, pk_falling=False),
    Order.CONTROVERSIAL: Sorting("controversy", falling=True, pk_falling=False),
    Order.OLDEST: Sorting("created_at", falling=False, pk_falling=False),
    Order.NEWEST: Sorting("created_at", falling=True, pk_falling=True),
}


@dataclass(frozen=True)
class Cursor:
    """The last comment of a page: what it was sorted by (a time or a rank), and its number."""

    value: datetime | float
    pk: int


@dataclass(frozen=True)
class Selection:
    """The CTEs of a statement; the last, `line`, has the comments of one page.

    Its columns: `id`; `kind` (`IN_TREE`, `PINNED` or `ABOVE`); `level`, 0 for the first comments of
    the page; `place` among its siblings, from 1.
    """

    sql: str
    parameters: list[Any]


IN_TREE: Final = 0
PINNED: Final = 1
ABOVE: Final = 2


def default_order(published: int) -> Order:
    """Oldest first while a thread can be read as a whole, then best."""
    return Order.OLDEST if published < SMALL_THREAD else Order.BEST


def thread_page(
    thread: int, *, published: int, order: Order, after: Cursor | None = None
) -> Selection:
    """Twenty comments at the top of the tree, replies below them, and on the first page the picks.

    `thread` is its key and `published` its count. One comment more than is shown (place 21) says
    that there is a next page.
    """
    where = "c.thread_id = %s AND c.parent_id IS NULL"
    tree, parameters = _tree(where, [thread], order, after, _replies(published))
    if after is not None:
        return Selection(f"{tree}, {_ONLY_TREE}", parameters)
    picks = (
        "SELECT id, kind, level, place FROM (SELECT c.id AS id, 1 AS kind, 0 AS level,"
        " row_number() OVER (ORDER BY p.picked_at DESC, p.id DESC) AS place"
        " FROM comments_pick p JOIN comments_comment c ON c.id = p.comment_id"
        " WHERE p.thread_id = %s AND c.state = 'published') AS pinned WHERE place <= %s"
    )
    line = f"line AS ({_TREE} UNION ALL {picks})"
    return Selection(f"{tree}, {line}", [*parameters, thread, MOST_PICKS])


def replies_page(
    comment: int, root: int, *, published: int, order: Order, after: Cursor | None = None
) -> Selection:
    """Twenty replies to a comment, and replies below them; `root` is the first comment above."""
    where = "c.root_id = %s AND c.parent_id = %s"
    tree, parameters = _tree(where, [root, comment], order, after, _replies(published))
    return Selection(f"{tree}, {_ONLY_TREE}", parameters)


def one_with_context(comment: int, *, published: int, order: Order) -> Selection:
    """A comment, those above it up to the first, and the replies below it."""
    tree, parameters = _tree("c.id = %s", [comment], order, None, _replies(published))
    above = (
        "above (id, parent_id, level) AS ("
        "SELECT id, parent_id, 0 FROM comments_comment WHERE id = %s"
        " UNION ALL SELECT c.id, c.parent_id, a.level + 1"
        " FROM above a JOIN comments_comment c ON c.id = a.parent_id)"
    )
    line = (
        "line AS (SELECT * FROM tree UNION ALL"
        " SELECT id, 2, level, level FROM above WHERE level > 0)"
    )
    return Selection(f"{tree}, {above}, {line}", [*parameters, comment])


def newest_published(*, thread: int | None = None, most: int) -> Selection:
    """The newest published comments, of one thread or of the site, whatever they answer."""
    line = (
        "line AS (SELECT id, 0 AS kind, 0 AS level,"
        " row_number() OVER (ORDER BY published_at DESC, id DESC) AS place FROM newest)"
    )
    if thread is None:
        return Selection(f"WITH {_NEWEST}, {line}", [most])
    return Selection(f"WITH {_NEWEST_HERE}, {line}", [thread, most])


def _replies(published: int) -> Sequence[int]:
    """How many replies are shown below a comment of the page's level 0, 1, 2, ..."""
    if published <= SMALL_THREAD:
        return (REPLIES_AT_FIRST,) * _LEVELS
    return (REPLIES_AT_FIRST, REPLIES_BELOW)


def _tree(
    where: str, given: list[Any], order: Order, after: Cursor | None, replies: Sequence[int]
) -> tuple[str, list[Any]]:
    sorting = SORTINGS[order]
    parameters = list(given)
    if after is not None:
        where = f"{where} AND {sorting.after('c')}"
        value = _stored(after.value)
        parameters += [value, value, value, after.pk]
    limits = " ".join(f"WHEN {level} THEN {most}" for level, most in enumerate(replies))
    # `shown` breadth first: where the page is full, it is the deepest that wait for "more".
    sql = f"""
WITH RECURSIVE first AS (
  SELECT c.id AS id, coalesce(c.root_id, c.id) AS root, c.{sorting.column} AS {sorting.column}
  FROM comments_comment c WHERE {where} AND c.published_at IS NOT NULL
  ORDER BY {sorting.keys("c")} LIMIT %s
), top AS (
  SELECT f.id AS id, f.root AS root, row_number() OVER (ORDER BY {sorting.keys("f")}) AS place
  FROM first f
), ranked AS (
  SELECT c.id AS id, c.parent_id AS parent_id,
         row_number() OVER (PARTITION BY c.parent_id ORDER BY {sorting.keys("c")}) AS place
  FROM comments_comment c
  WHERE c.root_id IN (SELECT root FROM top WHERE place <= %s) AND c.published_at IS NOT NULL
), near AS (
  SELECT id, parent_id, place FROM ranked WHERE place <= {REPLIES_AT_FIRST}
), shown (id, level, place) AS (
  SELECT id, 0, place FROM top
  UNION ALL
  SELECT n.id, s.level + 1, n.place FROM shown s JOIN near n ON n.parent_id = s.id
  WHERE n.place <= CASE s.level {limits} ELSE 0 END
    AND (s.level > 0 OR s.place <= {ROOTS_AT_FIRST})
), tree AS (
  SELECT id, 0 AS kind, level, place FROM shown ORDER BY level, place, id LIMIT {MOST_ON_A_PAGE}
)"""  # noqa: S608  (columns and figures of this file)
    return sql, [*parameters, ROOTS_AT_FIRST + 1, ROOTS_AT_FIRST]


def _stored(value: datetime | float) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
