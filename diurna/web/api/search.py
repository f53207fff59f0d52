"""`/api/v1/search`: the search for programs."""

from http import HTTPStatus
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from diurna.common.errors import TooMany
from diurna.newsroom.models import Article, NewsroomSettings
from diurna.web.api import present
from diurna.web.api.problems import Problem
from diurna.web.api.schemas import ArticleSummary
from diurna.web.frame import Sections
from diurna.web.search import pace
from diurna.web.search.asked import asked_of
from diurna.web.search.finding import find
from diurna.web.search.pages import PAGE_SIZE, ResultCursor, page_of
from diurna.web.search.suggestions import did_you_mean

MAX_LIMIT: Final = 50

router = Router(tags=["search"])


class TooManySearches(TooMany):
    """A network that searches without end."""

    code = "too_many_searches"


class SearchPage(Schema):
    """Stories that answer, the best first; `next` is a cursor or null."""

    items: list[ArticleSummary]
    next: str | None
    partly: bool = Field(description="No story has all the words; these have some of them.")
    suggestion: str = Field(description="Words that were perhaps meant, or empty.")


@router.get(
    "/search",
    response={
        HTTPStatus.OK: SearchPage,
        HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
        HTTPStatus.TOO_MANY_REQUESTS: Problem,
    },
    url_name="search",
    operation_id="search_articles",
    summary="Published articles with these words, the best first",
)
def search_articles(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(description='Words; "quoted" in a row, -word for none of that.')],
    section: Annotated[str, Query(description="Path of a section, such as `harbour`.")] = "",
    type: Annotated[str, Query(description="A type of work, such as `report`.")] = "",
    by: Annotated[str, Query(description="Slug of a person in the by-line.")] = "",
    first: Annotated[str, Query(alias="from", description="Day, such as `2026-11-23`.")] = "",
    last: Annotated[str, Query(alias="to", description="Day, such as `2026-11-23`.")] = "",
    cursor: Annotated[str, Query(description="`next` of the page before, as it came.")] = "",
    limit: Annotated[int, Query(), Field(ge=1, le=MAX_LIMIT)] = PAGE_SIZE,
) -> SearchPage:
    """One page of results, in the order of the search page; filters that are none are left out."""
    if wait := pace.seconds_to_wait(request):
        sentence = _("Very many searches came from your network. Please try again in a minute.")
        raise TooManySearches(sentence, retry_after=wait)
    newsroom, sections = NewsroomSettings.current(), Sections(request)
    asked = asked_of(request.GET, sections, language=newsroom.language)
    begun = ResultCursor.read(cursor, now=timezone.now())
    answer = find(asked.query, asked.filters, now=begun.at)
    page = page_of(answer, begun, size=limit)
    rows = Article.objects.live().with_page().defer("body", "methods")
    articles = rows.in_bulk([each.pk for each in page.found])
    shown = [articles[each.pk] for each in page.found if each.pk in articles]
    points = present.ShownPoints(shown, sections)
    comments = present.ShownComments(shown, sections)
    response.headers["Cache-Control"] = "private, no-cache"
    return SearchPage(
        items=[
            present.summary(
                item, sections=sections, newsroom=newsroom, points=points, comments=comments
            )
            for item in shown
        ],
        next=page.older or None,
        partly=answer.partly,
        suggestion="" if answer.found and not answer.partly else did_you_mean(asked.query),
    )
