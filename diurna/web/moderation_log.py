"""`/moderation/log/`: every decision with its rule, for everybody; and the same as feeds."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.common.errors import Invalid
from diurna.delivery.surrogate import tag
from diurna.moderation.decisions import Action, Batch, Place, Wanted, decisions
from diurna.moderation.numbers import Numbers, numbers
from diurna.web.addresses import FEED_FORMS, absolute
from diurna.web.conditional import conditional
from diurna.web.feeds_formats import WRITERS, Feed, FeedAuthor, FeedItem
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import FeedLink, Metadata, list_metadata, plain_metadata
from diurna.web.moderation_lines import DayLine, Line, day_lines, lines_of, together
from diurna.web.moderation_numbers import counted_until
from diurna.web.moderation_words import LABELS, rule_choices
from diurna.web.response import in_newsroom, page_response

PATH: Final = "/moderation/log/"
LINES_A_PAGE: Final = 50
# Who follows the log comes once a day; the loudest day of a small newsroom has fewer.
ITEMS_IN_FEED: Final = 50
KEY: Final = "moderation-log"
_AUTOMATED: Final = {"yes": True, "no": False}


@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """The log, newest first; `?action=`, `?rule=`, `?automated=yes|no`, and `?before=` a place.

    Http404 for words that no link of ours has.
    """
    try:
        wanted, before = _wanted(request), _before(request)
    except Invalid as error:
        raise Http404 from error
    is_filtered = wanted != Wanted()
    found = decisions(wanted=wanted, before=before, limit=LINES_A_PAGE)
    counted = numbers(timezone.now())
    frame = frame_of(request)
    with in_newsroom(frame):
        lines = lines_of(found.decisions, frame)
        days = [] if is_filtered else _days(found, before, counted)
        context = {
            "metadata": _metadata(frame, plain=is_filtered or before is not None),
            "lines": together(lines, days),
            "is_filtered": is_filtered,
            "is_first": before is None,
            "here": _address(wanted),
            "older": _address(wanted, found.following) if found.following else "",
            "actions": [(each.value, str(label)) for each, label in LABELS.items()],
            "rules": rule_choices({rule for rule, _automated in counted.total.by_rule}),
            "wanted": wanted,
            "counted_at": counted.counted_at,
            "feeds": [(label, absolute(f"{PATH}{tail}")) for label, tail in _FEEDS],
        }
    keys = _keys(lines)
    return counted_until(
        page_response(request, "pages/moderation_log.html", context, keys=keys, frame=frame)
    )


@require_safe
def log_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest decisions; `form` is one of `FEED_FORMS`."""
    tail, kind = FEED_FORMS[form]
    frame = frame_of(request)
    with in_newsroom(frame):
        lines = lines_of(decisions(wanted=Wanted(), limit=ITEMS_IN_FEED).decisions, frame)
        feed = Feed(
            id=absolute(PATH),
            title=_("Moderation log – %(name)s") % {"name": frame.newsroom.name},
            description=_("Every decision about readers’ comments, with its rule."),
            home=absolute(PATH),
            address=absolute(f"{PATH}{tail}"),
            language=frame.newsroom.language,
            icon="",
            items=tuple(_item(line, frame) for line in lines),
        )
    response = HttpResponse(WRITERS[form](feed), content_type=f"{kind}; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    tag(response, "navigation")
    return conditional(request, response, keys=_keys(lines))


def _keys(lines: list[Line]) -> list[str]:
    """What changes these lines: a decision, and the stories that they name."""
    return [KEY, *sorted({line.key for line in lines if line.key})]


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    action, rule, automated = (asked.get(name) or None for name in ("action", "rule", "automated"))
    if action is not None and action not in set(Action):
        raise Invalid("There is no such action in the moderation log.")
    if automated is not None and automated not in _AUTOMATED:
        raise Invalid("Automated is yes or no.")
    return Wanted(
        action=Action(action) if action else None,
        rule=rule,
        automated=_AUTOMATED[automated] if automated else None,
    )


def _before(request: HttpRequest) -> Place | None:
    text = request.GET.get("before")
    return Place.parse(text) if text is not None else None


def _days(found: Batch, before: Place | None, counted: Numbers) -> list[DayLine]:
    """The days' numbers that belong between the decisions of this page."""
    oldest: datetime | None = found.following.at if found.following else None
    return day_lines(counted, newer_than=oldest, before=before.at if before else None)


def _address(wanted: Wanted, before: Place | None = None) -> str:
    """The page with these filters, as a link on it."""
    said = {
        "action": wanted.action.value if wanted.action else "",
        "rule": wanted.rule or "",
        "automated": next((w for w, value in _AUTOMATED.items() if value == wanted.automated), ""),
        "before": str(before) if before else "",
    }
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{PATH}?{query}" if query else PATH


_FEEDS: Final = (("RSS", "feed/"), ("Atom", "feed/atom/"), ("JSON Feed", "feed.json"))


def _metadata(frame: Frame, *, plain: bool) -> Metadata:
    title = _("Moderation log")
    if plain:
        return plain_metadata(title, PATH, newsroom=frame.newsroom, noindex=True)
    metadata = list_metadata(title, path=PATH, newsroom=frame.newsroom)
    own = tuple(
        FeedLink(f"{title} ({label})", absolute(f"{PATH}{tail}"), kind)
        for (label, tail), (_tail, kind) in zip(_FEEDS, FEED_FORMS.values(), strict=True)
    )
    return replace(metadata, feeds=own + metadata.feeds)


def _item(line: Line, frame: Frame) -> FeedItem:
    at = line.decision.at
    anchor = absolute(f"{PATH}#{line.place}")
    return FeedItem(
        id=anchor,
        title=line.sentence,
        address=line.comment or anchor,
        first_address="",
        summary="",
        html=render_to_string("feeds/moderation.html", {"line": line}),
        language=frame.newsroom.language,
        published=at,
        updated=at,
        authors=(FeedAuthor(frame.newsroom.name, "", "", "", writes=True),),
        tags=(line.decision.rule,) if line.decision.rule else (),
        image="",
    )
