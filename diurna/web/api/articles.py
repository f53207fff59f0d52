"""`/api/v1/articles`: lists of articles, and one with its history."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from diurna.common.errors import DiurnaError, Invalid, Missing
from diurna.delivery import surrogate
from diurna.newsroom.models import Article, ArticleQuerySet, Section, Topic
from diurna.newsroom.newest import stories as newest_stories
from diurna.web.api import present
from diurna.web.api.cursor import Cursor
from diurna.web.api.problems import Problem
from diurna.web.api.ranked import Asked, ranked_page
from diurna.web.api.schemas import ArticleOut, ArticlePage, RankedPage, RevisionTextOut
from diurna.web.comment_counts import thread_key
from diurna.web.frame import Sections, newsroom_of

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
LATEST: Final = "latest"

router = Router(tags=["articles"])


class WordsGone(DiurnaError):
    """A version whose words were removed by law, or lost with a backup."""

    code = "words_gone"
    status = HTTPStatus.GONE


_PROBLEMS: Final = {
    HTTPStatus.BAD_REQUEST: Problem,
    HTTPStatus.NOT_FOUND: Problem,
    HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
}


@router.get(
    "/articles",
    response={HTTPStatus.OK: RankedPage | ArticlePage, **_PROBLEMS},
    url_name="articles",
    operation_id="list_articles",
    summary="Published articles, newest first or ranked",
)
def list_articles(
    request: HttpRequest,
    response: HttpResponse,
    order: Annotated[
        str,
        Query(description="`latest`, `hot`, `trending`, `top`, `discussed` or `controversial`."),
    ] = "latest",
    window: Annotated[
        str, Query(description="Of `top`: `day`, `week`, `month`, `year` or `all`.")
    ] = "",
    section: Annotated[
        str, Query(description="Path of a section, such as `harbour` or `harbour/ferries`.")
    ] = "",
    topic: Annotated[str, Query(description="The last word of a topic's address.")] = "",
    cursor: Annotated[str, Query(description="`next` of the page before, as it came.")] = "",
    limit: Annotated[int, Query(), Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> RankedPage | ArticlePage:
    """One page of articles; `section` includes the sections below it."""
    sections = Sections(request)
    asked = Asked(
        section=_find_section(sections, section) if section else None,
        topic=_find_topic(topic) if topic else None,
        cursor=cursor,
        limit=limit,
    )
    if order == LATEST:
        if window:
            raise Invalid("Only the order “top” has a window; leave it out for “latest”.")
        return _latest(request, response, asked, sections)
    return ranked_page(request, response, asked, sections, order=order, window=window)


def _latest(
    request: HttpRequest, response: HttpResponse, asked: Asked, sections: Sections
) -> ArticlePage:
    of_all = asked.section is None and asked.topic is None
    articles: ArticleQuerySet = newest_stories() if of_all else Article.objects.published()
    if asked.section is not None:
        articles = articles.in_section(asked.section)
    if asked.topic is not None:
        articles = articles.about(asked.topic)
    if asked.cursor:
        articles = _after(articles, Cursor.decode(asked.cursor))
    found = list(articles.with_page().defer("body", "methods")[: asked.limit + 1])
    shown = found[: asked.limit]
    surrogate.tag(response, "list-latest", "navigation", *asked.keys(), *_keys(shown))
    newsroom = newsroom_of(request)
    points = present.ShownPoints(shown, sections)
    comments = present.ShownComments(shown, sections)
    return ArticlePage(
        items=[
            present.summary(
                item, sections=sections, newsroom=newsroom, points=points, comments=comments
            )
            for item in shown
        ],
        next=_cursor_of(shown[-1]).encode() if len(found) > asked.limit else None,
    )


@router.get(
    "/articles/{uuid:article_id}",
    response={HTTPStatus.OK: ArticleOut, **_PROBLEMS},
    url_name="article",
    operation_id="get_article",
    summary="One published article with its canonical text and public history",
)
def get_article(request: HttpRequest, response: HttpResponse, article_id: UUID) -> ArticleOut:
    """The article; 404 for one that is not, or no longer, public."""
    article = Article.objects.published().with_page().filter(uuid=article_id).first()
    if article is None:
        raise Http404
    topics = [f"topic-{topic.uuid}" for topic in article.topics.all()]
    surrogate.tag(response, *_keys([article]), *topics, "navigation")
    return present.whole(article, sections=Sections(request), newsroom=newsroom_of(request))


@router.get(
    "/articles/{uuid:article_id}/revisions/{int:number}",
    response={HTTPStatus.OK: RevisionTextOut, **_PROBLEMS, HTTPStatus.GONE: Problem},
    url_name="revision",
    operation_id="get_revision",
    summary="One public version of an article with its canonical text",
)
def get_revision(
    request: HttpRequest, response: HttpResponse, article_id: UUID, number: int
) -> RevisionTextOut:
    """A version of a published article; 404 where there is none, 410 without words."""
    article = Article.objects.published().filter(uuid=article_id).first()
    if article is None:
        raise Http404
    revision = article.public_revisions.filter(number=number).first()
    if revision is None:
        raise Http404
    if revision.removed:
        raise WordsGone(
            "The words of this version are gone; that it was published stays in the public log."
        )
    surrogate.tag(response, article.surrogate_key())
    return present.version(revision)


def _keys(articles: Iterable[Article]) -> list[str]:
    """What shows these articles is kept under their names, and under those of their threads."""
    return [key for each in articles for key in (each.surrogate_key(), thread_key(each))]


def _find_section(sections: Sections, path: str) -> Section:
    wanted = f"/{path.strip('/')}/"
    found = (section for section in sections.all if section.address_path() == wanted)
    section = next(found, None)
    if section is None:
        raise Missing(f"There is no section “{path}”; write its path, such as harbour/ferries.")
    return section


def _find_topic(slug: str) -> Topic:
    # PostgreSQL takes no NUL, and no slug has one.
    topic = None if "\0" in slug else Topic.objects.filter(slug=slug).first()
    if topic is None:
        raise Missing(f"There is no topic “{slug}”; write the last word of its address.")
    return topic


def _after(articles: ArticleQuerySet, cursor: Cursor) -> ArticleQuerySet:
    older = Q(first_published_at__lt=cursor.published)
    same_moment = Q(first_published_at=cursor.published, pk__lt=cursor.pk)
    # The bare bound lets the database use the index; the exact one follows.
    bound = articles.filter(first_published_at__lte=cursor.published)
    return bound.filter(older | same_moment)


def _cursor_of(article: Article) -> Cursor:
    return Cursor(article.first_published_at, article.pk)
