"""`/moderation/`: what is decided here in numbers, by day and month, as a page, CSV and JSON."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from diurna.comments.models import Transition
from diurna.common.durations import in_words
from diurna.delivery import surrogate
from diurna.moderation.numbers import NAMES, Figures, Numbers, numbers, seconds_to_next_count
from diurna.web.conditional import conditional
from diurna.web.frame import frame_of
from diurna.web.metadata import list_metadata
from diurna.web.moderation_words import LABELS, rule_choices
from diurna.web.response import in_newsroom, page_response

PATH: Final = "/moderation/"
KEY: Final = "moderation-numbers"
SHOWN_DAYS: Final = 30
# The drawing's own units; the page stretches it to its place.
_STEP: Final = 10
_BAR: Final = 8
_HEIGHT: Final = 100

# The columns of the tables; the rest is in the files.
_COLUMNS: Final[dict[str, Promise]] = {
    "decisions_by_people": _lazy("Decisions by moderators"),
    "decisions_automated": _lazy("Automatic decisions"),
    "held": _lazy("Held for a moderator"),
    "let_stand": _lazy("Of those held, let stand"),
    "spam": _lazy("Refused as spam"),
    "reports": _lazy("Reports by readers"),
    "appeals": _lazy("Appeals"),
    "appeals_reinstated": _lazy("Appeals that were right"),
    "notices": _lazy("Notices of illegal content"),
    "suspensions": _lazy("Suspensions"),
    "bans": _lazy("Bans"),
}
# What became of what, as sums of all time.
_OUTCOMES: Final[dict[Promise, tuple[tuple[str, Promise], ...]]] = {
    _lazy("Reports by readers"): (
        ("reports", _lazy("made")),
        ("reports_upheld", _lazy("right: the comment was taken away")),
        ("reports_rejected", _lazy("wrong: the comment stays")),
        ("reports_moot", _lazy("the author had deleted the comment")),
    ),
    _lazy("Appeals"): (
        ("appeals", _lazy("made")),
        ("appeals_reinstated", _lazy("right: the decision was taken back")),
        ("appeals_upheld", _lazy("looked at: the decision stays")),
        ("appeals_withdrawn", _lazy("taken back by who made them")),
    ),
    _lazy("Notices of illegal content"): (
        ("notices", _lazy("received")),
        ("notices_removed", _lazy("right: the content is gone")),
        ("notices_kept", _lazy("looked at: the content stays")),
        ("notices_nothing_there", _lazy("about nothing that is here")),
    ),
    _lazy("About readers"): (
        ("warnings", _lazy("warnings")),
        ("suspensions", _lazy("suspensions")),
        ("bans", _lazy("bans")),
        ("measures_lifted", _lazy("lifted before their end")),
    ),
    _lazy("Bursts of votes"): (
        ("bursts_counted", _lazy("counted after all")),
        ("bursts_left_out", _lazy("left out")),
    ),
}


@dataclass(frozen=True)
class Row:
    """One day or month of a table; `wait` is the median in words, empty where there is none."""

    period: date
    cells: list[int]
    wait: str


@dataclass(frozen=True)
class Bar:
    """One day of the chart in the drawing's units: what moderators decided below what rules did."""

    day: date
    people: int
    automated: int
    x: str
    people_y: str
    people_height: str
    automated_y: str
    automated_height: str


@require_safe
def numbers_page(request: HttpRequest) -> HttpResponse:
    """The last 30 days, every month, and what all of it adds up to."""
    counted = numbers(timezone.now())
    frame = frame_of(request)
    with in_newsroom(frame):
        titles = dict(rule_choices({rule for rule, _automated in counted.total.by_rule}))
        days = _last_days(counted)
        months = sorted(counted.months.items(), reverse=True)
        context = {
            "metadata": list_metadata(_("Moderation in numbers"), PATH, newsroom=frame.newsroom),
            "counted_at": counted.counted_at,
            "columns": list(_COLUMNS.values()),
            "days": [_row(*pair) for pair in reversed(days)],
            "months": [_row(*pair) for pair in months],
            "bars": _bars(days),
            "most": max((each.counts["decisions"] for _day, each in days), default=0),
            "width": _STEP * SHOWN_DAYS,
            "rules": _split(counted.total.by_rule, lambda word: titles.get(word, word)),
            "actions": _split(counted.total.by_action, lambda action: str(LABELS[action])),
            "outcomes": _outcomes(counted.total),
            "wait": _wait(counted.total),
            "decisions": counted.total.counts["decisions"],
            "is_empty": not counted.days,
        }
    response = page_response(
        request, "pages/moderation_numbers.html", context, keys=[KEY], frame=frame
    )
    return counted_until(response)


@require_safe
def numbers_json(request: HttpRequest) -> HttpResponse:
    """All of it: `counted_at`, `days`, `months`, `total`, and how many entries the ledger has."""
    counted = numbers(timezone.now())
    body = {
        "counted_at": counted.counted_at.isoformat(),
        "ledger_entries": Transition.objects.filter(logged=True).count(),
        "days": [
            {"day": day.isoformat(), **_in_json(each)} for day, each in sorted(counted.days.items())
        ],
        "months": [
            {"month": f"{month:%Y-%m}", **_in_json(each)}
            for month, each in sorted(counted.months.items())
        ],
        "total": _in_json(counted.total),
    }
    return _file(request, JsonResponse(body))


@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """One line for each day and one for each month; an empty median: nothing was decided."""
    counted = numbers(timezone.now())
    out = StringIO()
    write = csv.writer(out).writerow
    write(["kind", "period", *NAMES, "median_wait_seconds"])
    for day, each in sorted(counted.days.items()):
        write(["day", day.isoformat(), *_in_csv(each)])
    for month, each in sorted(counted.months.items()):
        write(["month", f"{month:%Y-%m}", *_in_csv(each)])
    return _file(request, HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8"))


def _file(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    # Who recounts does so from elsewhere.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return conditional(request, counted_until(response), keys=[KEY])


def counted_until(response: HttpResponse) -> HttpResponse:
    """Have what shows the numbers drawn again once they are counted anew."""
    surrogate.expires(response, seconds=seconds_to_next_count(timezone.now()))
    return response


def _last_days(counted: Numbers) -> list[tuple[date, Figures]]:
    """The last 30 days (UTC), oldest first, also those without a number."""
    today = counted.counted_at.date()
    days = [today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    return [(day, counted.days.get(day, Figures())) for day in days]


def _row(period: date, figures: Figures) -> Row:
    return Row(period, [figures.counts[name] for name in _COLUMNS], _wait(figures))


def _wait(figures: Figures) -> str:
    wait = figures.median_wait
    return in_words(wait) if wait is not None else ""


def _bars(days: list[tuple[date, Figures]]) -> list[Bar]:
    most = max(each.counts["decisions"] for _day, each in days)
    scale = _HEIGHT / most if most else 0.0
    bars = []
    for place, (day, each) in enumerate(days):
        people = each.counts["decisions_by_people"]
        automated = each.counts["decisions_automated"]
        low, high = people * scale, automated * scale
        bars.append(
            Bar(
                day, people, automated,
                x=_number(place * _STEP + (_STEP - _BAR) / 2),
                people_y=_number(_HEIGHT - low), people_height=_number(low),
                automated_y=_number(_HEIGHT - low - high), automated_height=_number(high),
            )
        )  # fmt: skip
    return bars


def _number(value: float) -> str:
    """As SVG reads it in any language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _split(counts: Any, name: Any) -> list[tuple[str, int, int]]:
    """Name, by people, automatic; most first."""
    keys = {key for key, _automated in counts}
    rows = [(name(key), counts[key, False], counts[key, True]) for key in keys]
    return sorted(rows, key=lambda row: (-row[1] - row[2], row[0]))


def _outcomes(total: Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (str(heading), [(str(label), total.counts[name]) for name, label in rows])
        for heading, rows in _OUTCOMES.items()
    ]


def _in_json(figures: Figures) -> dict[str, Any]:
    wait = figures.median_wait
    return {
        **{name: figures.counts[name] for name in NAMES},
        "median_wait_seconds": int(wait.total_seconds()) if wait is not None else None,
        "by_rule": [
            {"rule": rule, "automated": automated, "decisions": number}
            for (rule, automated), number in sorted(figures.by_rule.items())
        ],
        "by_action": [
            {"action": action.value, "automated": automated, "decisions": number}
            for (action, automated), number in sorted(figures.by_action.items())
        ],
    }


def _in_csv(figures: Figures) -> list[int | str]:
    wait = figures.median_wait
    seconds = int(wait.total_seconds()) if wait is not None else ""
    return [*(figures.counts[name] for name in NAMES), seconds]
