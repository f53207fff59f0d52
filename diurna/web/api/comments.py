"""`/api/v1/articles/{uuid}/comments` and `/api/v1/comments/{uuid}`: what readers have written."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from diurna.comments.models import Comment, CommentState
from diurna.comments.threads import (
    ROOTS_AT_FIRST,
    Cursor,
    Order,
    default_order,
    one_with_context,
    replies_page,
    thread_page,
)
from diurna.common.errors import Invalid
from diurna.delivery import surrogate
from diurna.newsroom.models import Article
from diurna.points.targets import points_show_from
from diurna.web.addresses import absolute
from diurna.web.api.comment_points import CommentPoints, points_of_comments
from diurna.web.api.comment_posting import router
from diurna.web.api.cursor import BadCursor
from diurna.web.api.problems import Problem
from diurna.web.api.schemas import PointsOut
from diurna.web.comment_counts import thread_key
from diurna.web.frame import Sections
from diurna.web.participation import (
    comment_settings_of,
    opening_of,
    points_mode,
    thread_of,
    with_participation,
)
from diurna.web.thread_order import read_cursor, write_cursor
from diurna.web.thread_rows import Row, tree_of


class CommentOut(Schema):
    """A comment; one that is off the page has neither author nor words, only its place."""

    id: UUID
    url: str
    state: str = Field(
        description="published; or removed, hidden or deleted, which leave a tombstone"
    )
    parent: UUID | None = Field(description="the comment that it stands under")
    depth: int = Field(description="1 to 8")
    author: str | None
    is_member: bool = Field(description="written by an account, not by a guest")
    is_staff: bool
    html: str | None
    created_at: datetime
    edited_at: datetime | None
    points: PointsOut | None = Field(description="what they are made of; null before `points_from`")
    points_from: datetime = Field(description="when everybody may see its points")
    picked: str | None = Field(description="why an editor has put it first, if one has")
    imported: bool
    replies: list["CommentOut"]
    more_replies: int = Field(description="how many more stand directly under it")
    more_replies_url: str | None = Field(description="where those are")


class CommentsOut(Schema):
    """A page of a thread; `next` is the cursor of the page after it, or null."""

    count: int = Field(description="published comments of the article")
    order: str
    items: list[CommentOut]
    next: str | None


__all__ = ["CommentOut", "CommentsOut", "router"]

_PROBLEMS: Final = {
    HTTPStatus.BAD_REQUEST: Problem,
    HTTPStatus.NOT_FOUND: Problem,
    HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
}
# What readers are told of the states after a removal: one.
_SHOWN_STATES: Final = {
    CommentState.APPEALED: CommentState.REMOVED,
    CommentState.UPHELD: CommentState.REMOVED,
    CommentState.HELD: CommentState.HIDDEN,
}
_Order = Annotated[str, Query(description="best, newest, oldest or controversial.")]
_Cursor = Annotated[str, Query(description="`next` of the page before, as it came.")]


@router.get(
    "/articles/{uuid:article_id}/comments",
    response={HTTPStatus.OK: CommentsOut, **_PROBLEMS},
    url_name="comments",
    operation_id="list_comments",
    summary="The comments on one published article, twenty conversations a page",
)
def list_comments(
    request: HttpRequest,
    response: HttpResponse,
    article_id: UUID,
    order: _Order = "",
    cursor: _Cursor = "",
) -> CommentsOut:
    """A page of the thread; 404 for an article that is not public or shows no comments."""
    found = _Reading(request, _article(article_id), order)
    surrogate.tag(response, *found.keys())
    if found.thread is None:
        return CommentsOut(count=0, order=found.order, items=[], next=None)
    selection = thread_page(
        found.thread.pk,
        published=found.published,
        order=found.order,
        after=_after(cursor, found.order),
    )
    return found.page(tree_of(selection).top, above=None)


@router.get(
    "/comments/{uuid:comment_id}",
    response={HTTPStatus.OK: CommentOut, **_PROBLEMS},
    url_name="comment",
    operation_id="get_comment",
    summary="One comment, with the first of its replies",
)
def get_comment(request: HttpRequest, response: HttpResponse, comment_id: UUID) -> CommentOut:
    """The comment, or its tombstone; 404 for one that was never public."""
    comment = _comment(comment_id)
    found = _Reading(request, _article(comment.thread.article.uuid), "")
    surrogate.tag(response, *found.keys())
    selection = one_with_context(comment.pk, published=found.published, order=found.order)
    (row,) = tree_of(selection).top
    found.read_points([row])
    return found.shown(row, comment.parent.uuid if comment.parent else None)


@router.get(
    "/comments/{uuid:comment_id}/replies",
    response={HTTPStatus.OK: CommentsOut, **_PROBLEMS},
    url_name="comment-replies",
    operation_id="list_replies",
    summary="The replies to one comment, twenty a page",
)
def list_replies(
    request: HttpRequest,
    response: HttpResponse,
    comment_id: UUID,
    order: _Order = "",
    cursor: _Cursor = "",
) -> CommentsOut:
    """A page of replies, each with the first of those below it."""
    comment = _comment(comment_id)
    found = _Reading(request, _article(comment.thread.article.uuid), order)
    surrogate.tag(response, *found.keys())
    selection = replies_page(
        comment.pk,
        comment.root_id or comment.pk,
        published=found.published,
        order=found.order,
        after=_after(cursor, found.order),
    )
    return found.page(tree_of(selection).top, above=comment.uuid)


class _Reading:
    """One article's thread with its rules, as the API tells it."""

    def __init__(self, request: HttpRequest, article: Article, order: str) -> None:
        sections = Sections(request).all
        settings, now = comment_settings_of(article), timezone.now()
        if not opening_of(article, settings, sections, now).is_shown:
            raise Http404
        self._article = article
        self._now = now
        self._mode = points_mode(article, sections)
        self._points: dict[UUID, CommentPoints] = {}
        self._address = absolute(f"{article.address_path()}comments/")
        self.thread = thread_of(article)
        self.published = self.thread.published if self.thread else 0
        self.order = _order(order, self.published)

    def keys(self) -> list[str]:
        """What the answer is kept under."""
        # Of their points it says how much of the log they are of.
        return [thread_key(self._article), self._article.surrogate_key(), "navigation", "ledger"]

    def page(self, rows: list[Row], *, above: UUID | None) -> CommentsOut:
        """Twenty of these rows; one more says that there is a next page."""
        shown = rows[:ROOTS_AT_FIRST]
        self.read_points(shown)
        more = len(rows) > ROOTS_AT_FIRST
        return CommentsOut(
            count=self.published,
            order=self.order,
            items=[self.shown(row, above) for row in shown],
            next=write_cursor(shown[-1].cursor(self.order)) if more else None,
        )

    def shown(self, row: Row, parent: UUID | None) -> CommentOut:
        """A row with the replies that were read with it."""
        public = row.is_public
        waiting = row.below - len(row.replies)
        return CommentOut(
            id=row.uuid,
            url=f"{self._address}{row.uuid}/",
            state=_SHOWN_STATES.get(CommentState(row.state), row.state),
            parent=parent,
            depth=row.depth,
            author=row.name if public else None,
            is_member=public and row.user is not None,
            is_staff=public and row.is_staff,
            html=row.html if public else None,
            created_at=row.created_at,
            edited_at=row.shown_edit if public else None,
            points=self._points[row.uuid].points if public else None,
            points_from=points_show_from(row.published_at),
            picked=row.pick_reason or None if public else None,
            imported=row.imported,
            replies=list(self._replies(row)),
            more_replies=waiting,
            more_replies_url=absolute(f"/api/v1/comments/{row.uuid}/replies") if waiting else None,
        )

    def _replies(self, row: Row) -> Iterable[CommentOut]:
        return (self.shown(reply, row.uuid) for reply in row.replies)

    def read_points(self, rows: Iterable[Row]) -> None:
        """What the points of these and of their replies are made of; one query."""
        found = [(row.uuid, row.published_at) for row in _with_replies(rows) if row.is_public]
        self._points |= points_of_comments(found, mode=self._mode, now=self._now)


def _with_replies(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _with_replies(row.replies)


def _article(uuid: UUID) -> Article:
    here = Article.objects.published().filter(uuid=uuid).defer("body", "methods")
    article: Article | None = with_participation(here).first()
    if article is None:
        raise Http404
    return article


def _comment(uuid: UUID) -> Comment:
    here = Comment.objects.on_page().select_related("thread__article", "parent")
    comment = here.filter(uuid=uuid).first()
    if comment is None:
        raise Http404
    return comment


def _order(word: str, published: int) -> Order:
    if not word:
        return default_order(published)
    try:
        return Order(word)
    except ValueError as error:
        orders = ", ".join(Order)
        raise Invalid(f"There is no order “{word}” here; use one of: {orders}.") from error


def _after(word: str, order: Order) -> Cursor | None:
    if not word:
        return None
    try:
        return read_cursor(word, order)
    except Http404 as error:
        raise BadCursor(
            "This cursor is not one of ours; start without one, and use `next` as it comes, with"
            " the `order` of the page before."
        ) from error
