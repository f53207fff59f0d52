"""The comments of one page, with everything that is shown of them, in one SQL statement.

`comments.threads` says which comments; here their words, names and points are read beside them.
Rows and not model instances: a page has up to two hundred.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from diurna.comments.gifs import ShownGif, shown_gif
from diurna.comments.models import Comment, CommentState, Gif
from diurna.comments.models.comment import EDITS_UNSEEN
from diurna.comments.threads import ABOVE, PINNED, Cursor, Order, Selection

_COLUMNS: Final = """
SELECT l.kind, l.level, l.place,
       c.id, c.uuid, c.thread_id, c.parent_id, c.root_id, c.depth, c.state, c.html,
       c.name, c.website, c.imported, c.created_at, c.published_at, c.edited_at,
       c.best, c.controversy, c.gif_source, c.giphy_id, c.gif_alt,
       g.alt, g.credit, g.moving, g.still, g.width, g.height,
       c.user_id, u.display_name, u.uuid, u.is_staff, (u.is_active AND u.shows_activity),
       p.reason, k.number,
       a.id, a.uuid, a.state, a.name, v.display_name,
       t.points, t.guest_up + t.guest_down + t.member_up + t.member_down,
       t.imported_up, t.imported_down, t.imported_score,
       (SELECT count(*) FROM comments_comment r
         WHERE r.root_id = coalesce(c.root_id, c.id) AND r.parent_id = c.id
           AND r.published_at IS NOT NULL),
       CASE WHEN c.state = 'published' THEN NULL ELSE
         (SELECT m.rule FROM comments_transition m WHERE m.comment_id = c.id
           AND m.after IN ('removed', 'hidden', 'held') ORDER BY m.at DESC, m.id DESC LIMIT 1) END
FROM line l
JOIN comments_comment c ON c.id = l.id
LEFT JOIN accounts_user u ON u.id = c.user_id
LEFT JOIN comments_gif g ON g.id = c.gif_id
LEFT JOIN comments_pick p ON p.comment_id = c.id
LEFT JOIN newsroom_correction k ON k.id = c.correction_id
LEFT JOIN comments_comment a ON a.id = c.answers_id
LEFT JOIN accounts_user v ON v.id = a.user_id
LEFT JOIN points_tally t ON t.kind = 'comment' AND t.uuid = c.uuid
ORDER BY l.kind, l.level, l.place, c.id
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """The comment that another one answers; `name` is empty where readers no longer see it."""

    pk: int
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ImportedPoints:
    """What the old site said of a comment's points."""

    up: int
    down: int
    score: int


@dataclass(slots=True)
class Row:
    """A comment as it is stored; times are aware, `replies` is filled by `tree_of`.

    `votes` are those that count, None without any; `below` is how many comments stand directly
    under it, shown or not; `rule` is why it is off the page; `correction` is the number of the
    notice in the story that it led to.
    """

    kind: int
    level: int
    place: int
    pk: int
    uuid: UUID
    thread: int
    parent: int | None
    root: int | None
    depth: int
    state: str
    html: str
    name: str
    website: str
    imported: bool
    created_at: datetime
    published_at: datetime
    edited_at: datetime | None
    best: float
    controversy: float
    gif: ShownGif | None
    user: int | None
    user_uuid: UUID | None
    is_staff: bool
    has_page: bool
    pick_reason: str
    correction: int | None
    answered: Answered | None
    points: int
    votes: int
    imported_points: ImportedPoints | None
    below: int
    rule: str
    replies: list["Row"]

    @property
    def is_public(self) -> bool:
        """Whether readers see its words."""
        return self.state == CommentState.PUBLISHED

    @property
    def shown_edit(self) -> datetime | None:
        """When it was last edited, where the page says so: later than a slip is mended."""
        edited = self.edited_at
        return edited if edited and edited - self.created_at > EDITS_UNSEEN else None

    def cursor(self, order: Order) -> Cursor:
        """Where this comment stands in an order."""
        if order == Order.BEST:
            return Cursor(self.best, self.pk)
        if order == Order.CONTROVERSIAL:
            return Cursor(self.controversy, self.pk)
        return Cursor(self.created_at, self.pk)


@dataclass(frozen=True)
class Tree:
    """The comments of a page: those at its top, the picks, and what stands above a single one."""

    top: list[Row]
    pinned: list[Row]
    above: list[Row]


def rows_of(selection: Selection) -> Iterator[Row]:
    """The rows of a selection, level by level, each in the order of the page."""
    with connection.cursor() as cursor:
        cursor.execute(f"{selection.sql} {_COLUMNS}", selection.parameters)
        found = cursor.fetchall()
    return map(_row, found)


def tree_of(selection: Selection) -> Tree:
    """The rows of a selection, each with its replies in their order."""
    top: list[Row] = []
    pinned: list[Row] = []
    above: list[Row] = []
    known: dict[int, Row] = {}
    for row in rows_of(selection):
        if row.kind == PINNED:
            pinned.append(row)
        elif row.kind == ABOVE:
            above.append(row)
        else:
            known[row.pk] = row
            parent = known.get(row.parent or 0) if row.level else None
            (parent.replies if parent else top).append(row)
    above.sort(key=lambda row: row.depth)
    return Tree(top, pinned, above)


def _row(found: tuple[Any, ...]) -> Row:
    (kind, level, place, pk, uuid, thread, parent, root, depth, state, html, name, website,
     imported, created, published, edited, best, controversy, gif_source, giphy_id, gif_alt,
     *gif, user, user_name, user_uuid, is_staff, has_page, reason, correction,
     answered, answered_uuid, answered_state, answered_name, answered_user_name,
     points, votes, up, down, score, below, rule) = found  # fmt: skip
    return Row(
        kind=kind,
        level=level,
        place=place,
        pk=pk,
        uuid=_uuid(uuid),
        thread=thread,
        parent=parent,
        root=root,
        depth=depth,
        state=state,
        html=html,
        name=user_name or "" if user else name,
        website="" if user else website,
        imported=bool(imported),
        created_at=_moment(created),
        published_at=_moment(published),
        edited_at=_moment(edited) if edited else None,
        best=best,
        controversy=controversy,
        gif=_gif(gif_source, giphy_id, gif_alt, gif) if gif_source else None,
        user=user,
        user_uuid=_uuid(user_uuid) if user else None,
        is_staff=bool(is_staff),
        has_page=bool(has_page) and bool(user_name),
        pick_reason=reason or "",
        correction=correction,
        answered=Answered(
            answered,
            _uuid(answered_uuid),
            (answered_user_name or answered_name) if answered_state == "published" else "",
        )
        if answered
        else None,
        points=points or 0,
        votes=votes or 0,
        imported_points=None if score is None else ImportedPoints(up, down, score),
        below=below,
        rule=rule or "",
        replies=[],
    )


def _gif(source: str, giphy: str, alt: str, stored: Sequence[Any]) -> ShownGif | None:
    names = ("alt", "credit", "moving", "still", "width", "height")
    gif = None if stored[0] is None else Gif(**dict(zip(names, stored, strict=True)))
    return shown_gif(Comment(gif_source=source, giphy_id=giphy, gif_alt=alt, gif=gif))


# SQLite stores UUIDs and times as text; PostgreSQL's driver gives objects.


def _uuid(stored: UUID | str) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(hex=stored)


def _moment(stored: datetime | str) -> datetime:
    if isinstance(stored, datetime):
        return stored.astimezone(UTC)
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
