"""Lists of articles, a page at a time."""

from dataclasses import dataclass

from django.db.models import Exists
from django.http import Http404, HttpRequest

from diurna.newsroom import newest
from diurna.newsroom.models import Article, ArticleQuerySet
from diurna.web.cards_plan import listed

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
    found = _among_newest(having, start, start + size + 1) if having else []
    found = found or listed(articles, start, start + size + 1)
    if number > 1 and not found:
        raise Http404
    path = request.path
    return ListPage(
        articles=found[:size],
        number=number,
        newer="" if number == 1 else path if number == 2 else f"{path}?page={number - 1}",
        older=f"{path}?page={number + 1}" if len(found) > size and number < MAX_PAGE else "",
    )


def _among_newest(having: Exists, start: int, end: int) -> list[Article]:
    """This stretch of the list, if all of it is among the newest stories; else nothing."""
    for number in _WINDOWS:
        since = newest.begins(number)
        if since is None:
            break
        young = Article.objects.published().filter(having, first_published_at__gte=since)
        found = listed(young, start, end)
        if len(found) == end - start:
            return found
    return []


def page_number(request: HttpRequest) -> int:
    """Which page of a list `?page=` asks for; `Http404` for what is no number of a page."""
    text = request.GET.get("page", "1")
    # Written in one way, so that a page has one address.
    if not (text.isascii() and text.isdigit()) or text[0] == "0" or int(text) > MAX_PAGE:
        raise Http404
    return int(text)
