"""The pages of ranked lists: of the site, a section or a topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from diurna.common.errors import Invalid
from diurna.delivery import surrogate
from diurna.newsroom.models import Article, Section, Topic
from diurna.points.ranked import Order, Place, Ranked, Window, ranked
from diurna.web.cards import Card, Cards, keys_of
from diurna.web.frame import Frame, Link, frame_of
from diurna.web.lists import LIST_KEY
from diurna.web.metadata import ranked_metadata
from diurna.web.ranked_links import (
    SITE,
    Scope,
    heading_of,
    order_links,
    parse_view,
    standfirst_of,
    window_links,
)
from diurna.web.ranked_words import reasons
from diurna.web.response import in_newsroom, page_response

PAGE_SIZE: Final = 20
# Where nothing is ranked yet, so that nobody stands before an empty page.
LATEST_INSTEAD: Final = 6


@dataclass(frozen=True)
class Row:
    """A story of the list with its rank, and why it stands there, in sentences."""

    card: Card
    rank: int
    reasons: Sequence[str]
    # Whether its votes played a part, so that there is something to check.
    is_by_votes: bool


@dataclass(frozen=True)
class Neighbours:
    """The addresses of the pages before and after (empty where there is none)."""

    before: str
    after: str


def top(request: HttpRequest) -> HttpResponse:
    """`/top/` without a window leads to the week's."""
    return redirect(SITE.address(Order.TOP, Window.WEEK))


def site_list(request: HttpRequest, order: str, window: str = "") -> HttpResponse:
    """A list of the whole site."""
    return _page(request, SITE, (order, window) if window else (order,))


def section_list(section: Section, request: HttpRequest, view: str) -> HttpResponse:
    """A list of a section and those below it; `view` is the end of its address."""
    return _page(request, Scope.of_section(section), tuple(view.split("/")))


def topic_list(request: HttpRequest, slug: str, order: str, window: str = "") -> HttpResponse:
    """A list of the stories about a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    return _page(request, Scope.of_topic(topic), (order, window) if window else (order,))


def _page(request: HttpRequest, scope: Scope, words: tuple[str, ...]) -> HttpResponse:
    order, window = parse_view(words)
    frame = frame_of(request)
    after = _place(request)
    found = ranked(
        order,
        window=window,
        section=scope.section,
        topic=scope.topic,
        count=PAGE_SIZE,
        after=after,
    )
    if after is not None and not found.entries:
        raise Http404
    with in_newsroom(frame):
        rows = _rows(found, order, window, request, frame)
        instead = [] if rows else _latest(scope, request, frame)
        heading = heading_of(order, window)
        of, above = _of(scope, frame)
        context = {
            "metadata": ranked_metadata(
                f"{heading}: {of.text}" if of else heading,
                scope.address(order, window),
                newsroom=frame.newsroom,
                description=standfirst_of(order),
                is_first=after is None,
                owner=scope.section or scope.topic,
            ),
            "heading": heading,
            "standfirst": standfirst_of(order),
            "of": of,
            "above": above,
            "section": scope.section.pk if scope.section else "",
            "orders": list(order_links(scope, order)),
            "windows": list(window_links(scope, window)) if window else [],
            "rows": rows,
            "instead": instead,
            "latest": scope.latest,
            "ranked": found,
            "begins": found.begins if order is Order.TOP else None,
            "pages": _neighbours(found, scope.address(order, window), after),
        }
    cards = [row.card for row in rows] or instead
    keys = [found.key, *_keys(scope), *keys_of(cards), *([] if rows else [LIST_KEY])]
    response = page_response(request, "pages/ranked.html", context, keys=keys, frame=frame)
    surrogate.expires(response, seconds=found.seconds)
    if found.lost:
        # Any number names a list that is gone; with a page for each the room would be full.
        response.headers.pop(surrogate.HEADER, None)
    return response


def _place(request: HttpRequest) -> Place | None:
    word = request.GET.get("cursor", "")
    if not word:
        return None
    try:
        return Place.read(word)
    except Invalid as error:
        raise Http404 from error


def _rows(
    found: Ranked, order: Order, window: Window | None, request: HttpRequest, frame: Frame
) -> list[Row]:
    wanted = {entry.article: entry for entry in found.entries}
    articles = Article.objects.filter(pk__in=wanted).with_cards()
    cards = {card.pk: card for card in Cards(request, frame).of(articles)}
    return [
        Row(
            cards[entry.article],
            entry.rank,
            reasons(entry, order, window, at=found.at, begins=found.begins),
            order is not Order.DISCUSSED,
        )
        for entry in found.entries
        if entry.article in cards
    ]


def _latest(scope: Scope, request: HttpRequest, frame: Frame) -> list[Card]:
    articles = Article.objects.published()
    if scope.section is not None:
        articles = articles.in_section(scope.section)
    if scope.topic is not None:
        articles = articles.about(scope.topic)
    return Cards(request, frame).of(articles.with_cards()[:LATEST_INSTEAD])


def _of(scope: Scope, frame: Frame) -> tuple[Link | None, Link | None]:
    """Whose list it is, and the section above that."""
    if scope.section is not None:
        parent = frame.sections.of(scope.section)
        return frame.sections.link(scope.section), frame.sections.link(parent)
    if scope.topic is not None:
        return Link(scope.topic.name, scope.topic.get_absolute_url()), None
    return None, None


def _keys(scope: Scope) -> list[str]:
    if scope.section is not None:
        return [scope.section.surrogate_key()]
    return [f"topic-{scope.topic.uuid}"] if scope.topic is not None else []


def _neighbours(found: Ranked, address: str, after: Place | None) -> Neighbours:
    """An earlier page begins where it began, unless a story was withdrawn since."""
    before = ""
    if after is not None:
        begun = after.passed - PAGE_SIZE
        before = f"{address}?cursor={Place(after.edition, begun).word()}" if begun > 0 else address
    following = f"{address}?cursor={found.next.word()}" if found.next else ""
    return Neighbours(before, following)
