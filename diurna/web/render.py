"""Which composition draws which page: what `newsroom.rendering` is given at the start."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from diurna.newsroom.models import Article, Front, InformationPage, Section
from diurna.web.addresses import FEED_FORMS
from diurna.web.article import article_page, withdrawn_page
from diurna.web.changes import changes_page
from diurna.web.feeds import section_feed
from diurna.web.front import front_page
from diurna.web.information import information_page
from diurna.web.lists import section_page
from diurna.web.points_page import points_page
from diurna.web.ranked_lists import section_list

View = Callable[[Any, HttpRequest], HttpResponse]

ARTICLE_VIEWS: Final[dict[str, View]] = {
    "page": article_page,
    "changes": changes_page,
    "points": points_page,
    "withdrawn": withdrawn_page,
}
SECTION_VIEWS: Final[dict[str, View]] = {"page": section_page}


def article(page: Article, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """An article, its history, or the notice that it was withdrawn."""
    return _draw(ARTICLE_VIEWS, page, request, view)


def section(page: Section, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """A section's front, one of its feeds or ranked lists."""
    if view in FEED_FORMS:
        return section_feed(page, request, view)
    if tuple(view.split("/")) in Section.LISTS:
        return section_list(page, request, view)
    return _draw(SECTION_VIEWS, page, request, view)


def front(page: Front, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """The newsroom's front."""
    return _draw({"page": front_page}, page, request, view)


def information(page: InformationPage, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """An information page."""
    return _draw({"page": information_page}, page, request, view)


def _draw(views: dict[str, View], page: Any, request: HttpRequest, view: str) -> HttpResponse:
    if view not in views:
        raise Http404
    return views[view](page, request)
