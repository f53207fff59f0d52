"""`/api/v1/articles/{uuid}/points/entries`: the entries of the log about an article's votes."""

import re
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from diurna.delivery import surrogate
from diurna.ledger import reading
from diurna.newsroom.models import Article
from diurna.points.models import Tally, TargetKind
from diurna.web.api.cursor import BadCursor
from diurna.web.api.problems import Problem
from diurna.web.points_entries import EntriesPage, entries_of

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1000
_CURSOR: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)

router = Router(tags=["points"])


class EntryOut(Schema):
    """An entry of the log: its index, and its bytes as text (UTF-8, canonical JSON)."""

    index: int
    entry: str = Field(description="see docs/reference/ledger.md")


class EntriesOut(Schema):
    """Some entries in the order of their indexes; `next` is the cursor of what follows, or null."""

    items: list[EntryOut]
    next: str | None


@router.get(
    "/articles/{uuid:article_id}/points/entries",
    response={
        HTTPStatus.OK: EntriesOut,
        HTTPStatus.BAD_REQUEST: Problem,
        HTTPStatus.NOT_FOUND: Problem,
        HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
    },
    url_name="article-points-entries",
    operation_id="list_points_entries",
    summary="The log's entries about the votes on an article",
)
def list_points_entries(
    request: HttpRequest,
    response: HttpResponse,
    article_id: UUID,
    cursor: Annotated[str, Query(description="`next` of the page before, as it came.")] = "",
    limit: Annotated[int, Query(), Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> EntriesOut:
    """Votes on the article, and decisions about them; 404 for one that is not public."""
    article = Article.objects.published().filter(uuid=article_id).first()
    if article is None:
        raise Http404
    surrogate.tag(response, article.surrogate_key(), "ledger")
    found = _entries(article, after=_after(cursor), limit=limit)
    return EntriesOut(
        items=[EntryOut(index=item.index, entry=item.data.decode()) for item in found.items],
        next=str(found.items[-1].index) if found.following else None,
    )


def _entries(article: Article, *, after: int, limit: int) -> EntriesPage:
    tally = Tally.objects.filter(kind=TargetKind.ARTICLE, uuid=article.uuid).first()
    log = reading.active_log()
    if tally is None or log is None:
        return EntriesPage(items=[], decisions=[], following=False, total=0)
    return entries_of(tally, log, after=after, limit=limit)


def _after(cursor: str) -> int:
    if not cursor:
        return -1
    if not _CURSOR.fullmatch(cursor):
        raise BadCursor(
            "This cursor is not one of ours; start without one, and use `next` as it comes."
        )
    return int(cursor)
