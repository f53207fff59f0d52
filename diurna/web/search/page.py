"""The search page, `/search/?q=`: a form, and what was found.

The same bytes for everybody, and kept by nobody: there are as many searches as there are readers,
and a page store full of them would have no room for what many read. A search costs about as much
as drawing a list; `pace` bounds how many one network gets.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from diurna.delivery import surrogate
from diurna.newsroom.models import WorkType
from diurna.newsroom.newest import stories as newest_stories
from diurna.web.cards import Card, Cards, keys_of
from diurna.web.cards_plan import stories_for_cards
from diurna.web.frame import Frame, Link, frame_of
from diurna.web.metadata import Metadata, plain_metadata
from diurna.web.response import in_newsroom, page_response
from diurna.web.search import pace
from diurna.web.search.about import pages_about
from diurna.web.search.asked import Asked, asked_of
from diurna.web.search.finding import ANYWHERE, LATELY, Answer, find
from diurna.web.search.named import Named, people_named, topics_named, well_filled_topics
from diurna.web.search.pages import ResultCursor, ResultPage, page_of
from diurna.web.search.query import LONGEST
from diurna.web.search.shown import shown
from diurna.web.search.suggestions import did_you_mean

# With fewer results than this a reader may have mistyped.
FEW: Final = 3
LATEST: Final = 6
_LIST_KEY: Final = "list-latest"


@dataclass(frozen=True, kw_only=True)
class _Results:
    """What `components/search_results.html` shows."""

    page: ResultPage
    cards: list[Card]
    answer: Answer
    older: str
    is_first: bool
    suggestion: Link | None = None
    unfiltered: str = ""
    people: tuple[Named, ...] = ()
    topics: tuple[Named, ...] = ()
    pages: tuple[Named, ...] = ()

    @property
    def told(self) -> str:
        """How many stories were found, as a sentence."""
        if self.answer.partly:
            return _("No story has all of these words. These have some of them.")
        count = len(self.answer.found)
        if self.answer.lately:
            return _(
                "%(count)d stories with these words in their headlines, or in a row among the"
                " newest %(newest)d stories"
            ) % {"count": count, "newest": LATELY}
        if not self.answer.complete:
            return _("%(count)d stories or more, the best first") % {"count": ANYWHERE}
        return ngettext("%(count)d story", "%(count)d stories", count) % {"count": count}


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The form, with results where something was asked; 429 for who asks without end."""
    frame = frame_of(request)
    with in_newsroom(frame):
        zone = ZoneInfo(frame.newsroom.time_zone)
        asked = asked_of(request.GET, frame.sections, language=frame.language, zone=zone)
        if not asked.query.terms:
            return _form_only(request, frame, asked)
        wait = pace.seconds_to_wait(request)
        if wait:
            return _wait(request, frame, asked, wait)
        results = _results(request, frame, asked)
        metadata = _metadata(frame, _("Search: %(words)s") % {"words": asked.query.text})
    context = {**_form(frame, asked), "results": results, "metadata": metadata}
    if not results.cards:
        context |= _instead(request, frame)
    return _unkept(page_response(request, "pages/search.html", context, frame=frame))


def _results(request: HttpRequest, frame: Frame, asked: Asked) -> _Results:
    page_asked = pages_cursor(request)
    answer = find(asked.query, asked.filters, now=page_asked.at)
    page = page_of(answer, page_asked)
    articles = {one.pk: one for one in stories_for_cards([each.pk for each in page.found])}
    ordered = [articles[each.pk] for each in page.found if each.pk in articles]
    cards = shown(Cards(request, frame).of(ordered), asked.query)
    path = request.path
    first = not page_asked.after
    few = first and (answer.partly or len(answer.found) < FEW)
    suggestion = did_you_mean(asked.query) if few else ""
    return _Results(
        page=page,
        cards=cards,
        answer=answer,
        is_first=first,
        older=asked.address(path, cursor=page.older) if page.older else "",
        suggestion=Link(suggestion, asked.address(path, q=suggestion)) if suggestion else None,
        unfiltered=_unfiltered(asked, path) if first and not answer.found else "",
        people=tuple(people_named(asked.query)) if first else (),
        topics=tuple(topics_named(asked.query)) if first else (),
        pages=tuple(pages_about(asked.query)) if first else (),
    )


def _unfiltered(asked: Asked, path: str) -> str:
    """The same words without filters, where there are any."""
    return Asked(asked.query, asked.filters, {}).address(path) if asked.filters else ""


def _form_only(request: HttpRequest, frame: Frame, asked: Asked) -> HttpResponse:
    metadata = _metadata(frame, _("Search"))
    context = {**_form(frame, asked), "metadata": metadata, **_instead(request, frame)}
    keys = [_LIST_KEY, *keys_of(context["latest"])]
    response = page_response(request, "pages/search.html", context, keys=keys, frame=frame)
    return _unkept(response) if request.GET else response


def _wait(request: HttpRequest, frame: Frame, asked: Asked, seconds: int) -> HttpResponse:
    context = {
        **_form(frame, asked),
        "metadata": _metadata(frame, _("Search")),
        "wait": True,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS
    response = page_response(request, "pages/search.html", context, frame=frame, status=status)
    response.headers["Retry-After"] = str(seconds)
    return _unkept(response)


def _form(frame: Frame, asked: Asked) -> dict[str, Any]:
    chosen = asked.given
    return {
        "asked": asked,
        "longest": LONGEST,
        "sections": [
            (section.address_path().strip("/"), section.title, len(frame.sections.trail(section)))
            for section in frame.sections.all
        ],
        "types": WorkType.choices,
        "no_words": not asked.query.terms,
        "narrowed": bool(asked.filters),
        "chosen": chosen,
    }


def _instead(request: HttpRequest, frame: Frame) -> dict[str, Any]:
    """Where to go on without results: the latest stories, and topics that many of them have."""
    latest = newest_stories().defer("body")[:LATEST]
    return {
        "latest": Cards(request, frame).of(latest, full=False),
        "well_filled": well_filled_topics(),
    }


def _metadata(frame: Frame, heading: str) -> Metadata:
    # Results are no pages of their own: whoever searches for us should find the stories.
    return plain_metadata(heading, "", newsroom=frame.newsroom, noindex=True)


def pages_cursor(request: HttpRequest) -> ResultCursor:
    """Where the results go on, and as of when they are in their order."""
    return ResultCursor.read(request.GET.get("cursor", ""), now=timezone.now())


def _unkept(response: HttpResponse) -> HttpResponse:
    """What a reader looks for is nobody's business: kept by his own browser at most."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers.pop(surrogate.HEADER, None)
    return response
