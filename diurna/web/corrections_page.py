"""`/corrections/`: every notice of every story, and the same as feeds.

Of the notices of stories that are gone only kind and time stay, so that a correction can not be
hidden by taking its story away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.common.neighbour_pages import Pages
from diurna.delivery.surrogate import tag
from diurna.newsroom.correction_lines import paragraphs
from diurna.newsroom.corrections import KEY
from diurna.newsroom.models import Correction, CorrectionKind, CorrectionQuerySet
from diurna.newsroom.notice_display import Notice, anchor_of, headline_of, notice_of
from diurna.web.addresses import FEED_FORMS, absolute, page_address
from diurna.web.conditional import conditional
from diurna.web.feeds_formats import WRITERS, Feed, FeedAuthor, FeedItem
from diurna.web.frame import Frame, address_of, frame_of
from diurna.web.listing import page_number
from diurna.web.metadata import FeedLink, Metadata, list_metadata
from diurna.web.response import in_newsroom, page_response

PATH: Final = "/corrections/"
NOTICES_A_PAGE: Final = 30
ITEMS_IN_FEED: Final = 50
_FEEDS: Final = (("RSS", "feed/"), ("Atom", "feed/atom/"), ("JSON Feed", "feed.json"))
# A list of notices shows nothing of these.
_UNREAD: Final = ("article__body", "article__methods", "article__search_description")


@dataclass(frozen=True)
class Entry:
    """A notice in the list with its story; `language` is empty where it is the site's own.

    `gone` says of what it was a notice where its story is gone; nothing else is told then, and
    `address`, if there is one, answers 410.
    """

    notice: Notice
    address: str
    headline: str
    language: str
    direction: str
    gone: str = ""


@dataclass(frozen=True)
class Month:
    """The notices of one month, newest first; `first` is its first day."""

    first: date
    entries: list[Entry]


@require_safe
def corrections_page(request: HttpRequest) -> HttpResponse:
    """The notices, newest first, a page at a time (`?page=`); Http404 for one that is not there."""
    number = page_number(request)
    start = (number - 1) * NOTICES_A_PAGE
    found = list(_listed()[start : start + NOTICES_A_PAGE + 1])
    if number > 1 and not found:
        raise Http404
    frame = frame_of(request)
    shown = found[:NOTICES_A_PAGE]
    with in_newsroom(frame):
        context = {
            "metadata": _metadata(frame, number),
            "months": _months([_entry(row, request, frame) for row in shown]),
            "stories": _neighbours(number, more=len(found) > NOTICES_A_PAGE),
            "feeds": [(label, absolute(f"{PATH}{tail}")) for label, tail in _FEEDS],
        }
    keys = _keys(shown)
    return page_response(request, "pages/corrections.html", context, keys=keys, frame=frame)


@require_safe
def corrections_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest notices; `form` is one of `FEED_FORMS`."""
    tail, kind = FEED_FORMS[form]
    rows = list(_listed()[:ITEMS_IN_FEED])
    frame = frame_of(request)
    with in_newsroom(frame):
        feed = Feed(
            id=absolute(PATH),
            title=_("Corrections – %(name)s") % {"name": frame.newsroom.name},
            description=_("What we got wrong, and what is right."),
            home=absolute(PATH),
            address=absolute(f"{PATH}{tail}"),
            language=frame.newsroom.language,
            icon="",
            items=tuple(_item(row, frame) for row in rows),
        )
    response = HttpResponse(WRITERS[form](feed), content_type=f"{kind}; charset=utf-8")
    tag(response, "navigation")
    return conditional(request, response, keys=_keys(rows))


def _listed() -> CorrectionQuerySet:
    return Correction.objects.listed().select_related("article").defer(*_UNREAD)


def _keys(rows: Sequence[Correction]) -> list[str]:
    """What changes these lines: a notice, its story, and a story that comes or goes."""
    stories = {row.article.surrogate_key() for row in rows if row.article}
    return [KEY, "list-latest", *sorted(stories)]


def _entry(row: Correction, request: HttpRequest, frame: Frame) -> Entry:
    article = row.article
    if article is None or not row.tells_words:
        address = article.address_path() if article else ""
        return Entry(notice_of(row, address=""), address, "", "", "", gone=_gone(row))
    address = address_of(article, request)
    foreign = article.own_language() not in ("", frame.language)
    return Entry(
        notice=notice_of(row, address=address),
        address=address,
        headline=headline_of(article),
        language=article.own_language() if foreign else "",
        direction=article.text_direction() if foreign or article.direction else "",
    )


def _gone(row: Correction) -> str:
    """What stands for a notice whose story is gone."""
    words = (
        _("%(kind)s of a story that was removed")
        if row.removed and row.article is None
        else _("%(kind)s of a story that was withdrawn")
    )
    return words % {"kind": CorrectionKind(row.kind).label}


def _months(entries: list[Entry]) -> list[Month]:
    def first_day(entry: Entry) -> date:
        return timezone.localdate(entry.notice.at).replace(day=1)

    return [Month(first, list(found)) for first, found in groupby(entries, key=first_day)]


def _neighbours(number: int, *, more: bool) -> Pages:
    return Pages(
        number=number,
        newer="" if number == 1 else PATH if number == 2 else f"{PATH}?page={number - 1}",
        older=f"{PATH}?page={number + 1}" if more else "",
    )


def _metadata(frame: Frame, number: int) -> Metadata:
    title = _("Corrections")
    metadata = list_metadata(
        title,
        PATH,
        newsroom=frame.newsroom,
        description=_("What we got wrong, and what is right."),
        page_number=number,
    )
    own = tuple(
        FeedLink(f"{title} ({label})", absolute(f"{PATH}{tail}"), kind)
        for (label, tail), (_tail, kind) in zip(_FEEDS, FEED_FORMS.values(), strict=True)
    )
    return replace(metadata, feeds=own + metadata.feeds)


def _item(row: Correction, frame: Frame) -> FeedItem:
    article = row.article
    if article is None or not row.tells_words:
        return _item_without_words(row, frame)
    notice = notice_of(row, address=page_address(article))
    label = CorrectionKind(row.kind).label
    return FeedItem(
        id=f"urn:uuid:{row.uuid}",
        title=f"{label}: {article.title}",
        address=f"{page_address(article)}#{anchor_of(row.number)}",
        first_address="",
        summary=" ".join(paragraphs(row.text)),
        html=render_to_string("feeds/notice.html", {"notice": notice}),
        language=article.own_language() or frame.newsroom.language,
        published=row.at,
        updated=row.at,
        authors=(FeedAuthor(frame.newsroom.name, "", "", "", writes=True),),
        tags=(str(label),),
        image="",
    )


def _item_without_words(row: Correction, frame: Frame) -> FeedItem:
    """The same item once its story is gone: readers that know it replace what they have kept."""
    gone = _gone(row)
    return FeedItem(
        id=f"urn:uuid:{row.uuid}",
        title=gone,
        address=page_address(row.article) if row.article else absolute(PATH),
        first_address="",
        summary="",
        html=format_html("<p>{}</p>", gone),
        language=frame.newsroom.language,
        published=row.at,
        updated=row.at,
        authors=(FeedAuthor(frame.newsroom.name, "", "", "", writes=True),),
        tags=(str(CorrectionKind(row.kind).label),),
        image="",
    )
