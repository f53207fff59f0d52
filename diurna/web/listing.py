"""Lists of articles, a page at a time."""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest

from diurna.newsroom import newest
from diurna.newsroom.models import Article, ArticleQuerySet, Byline, Contributor, Topic
from diurna.web.cards_plan import listed

L = TypeVar("L", bound=Sized)

PAGE_SIZE = 20
# Beyond this many pages a list is a job for the sitemap or the API: each page further costs more.
MAX_PAGE = 500
# So many of the newest stories are looked at one by one before a whole list is put in order.
_WINDOWS = (500, 4_000)


@dataclass(frozen=True)
class ListPage:
    """One page of a list, and the addresses of its neighbours (empty where there is none)."""

    articles: list[Article]
    number: int
    newer: str
    older: str


def list_page(
    request: HttpRequest,
    articles: ArticleQuerySet,
    *,
    size: int = PAGE_SIZE,
    having: Exists | None = None,
) -> ListPage:
    """The page that `?page=` asks for; `Http404` for one that is not there.

    Nothing is counted: one article more than is shown says whether there is a next page. `having`
    is what makes a story one of `articles`, asked of it alone: a list of thousands is then found
    among the newest stories of the site, and not put in order first.
    """
    number = page_number(request)
    start = (number - 1) * size

    def read(stories: ArticleQuerySet) -> list[Article]:
        return listed(stories, start, start + size + 1)

    found = (among_newest(having, size + 1, read) if having else None) or read(articles)
    if number > 1 and not found:
        raise Http404
    path = request.path
    return ListPage(
        articles=found[:size],
        number=number,
        newer="" if number == 1 else path if number == 2 else f"{path}?page={number - 1}",
        older=f"{path}?page={number + 1}" if len(found) > size and number < MAX_PAGE else "",
    )


def among_newest(having: Exists, number: int, read: Callable[[ArticleQuerySet], L]) -> L | None:
    """What `read` finds of `number` stories, where all of them are among the newest; else None."""
    for window in _WINDOWS:
        since = newest.begins(window)
        if since is None:
            break
        young = Article.objects.published().filter(having, first_published_at__gte=since)
        found = read(young)
        if len(found) == number:
            return found
    return None


def is_about(topic: Topic) -> Exists:
    """Whether a story has this topic, asked of the story."""
    return Exists(Article.topics.through.objects.filter(article=OuterRef("pk"), topic=topic))


def is_by(person: Contributor) -> Exists:
    """Whether a story has a line of this person, asked of the story."""
    # Added to nothing, or SQLite would look through all lines of the person for every story.
    lines = Byline.objects.filter(article=OuterRef("pk")).alias(who=F("contributor_id") + 0)
    return Exists(lines.filter(who=person.pk))


def page_number(request: HttpRequest) -> int:
    """Which page of a list `?page=` asks for; `Http404` for what is no number of a page."""
    text = request.GET.get("page", "1")
    # Written in one way, so that a page has one address.
    if not (text.isascii() and text.isdigit()) or text[0] == "0" or int(text) > MAX_PAGE:
        raise Http404
    return int(text)
