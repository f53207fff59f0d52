"""`/ledger/numbers/`: what the log says of each day, so that invented readers would show."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from diurna.ledger import entry, reading
from diurna.ledger.models import Entry, Log
from diurna.points.models import Reason
from diurna.web.frame import frame_of
from diurna.web.metadata import list_metadata
from diurna.web.response import in_newsroom, page_response

PAGE_SIZE: Final = 31
# The day's entries are named `day/2026-11-22` in the log; by that name they are found, and sorted.
_PREFIX: Final = "day/"

# What a day's entry may say, in the order of the columns; the words that readers see.
FIGURES: Final = {
    "registered": gettext_lazy("accounts registered"),
    "confirmed": gettext_lazy("accounts confirmed"),
    "deleted": gettext_lazy("accounts deleted"),
    "guests": gettext_lazy("guests who wrote or voted"),
    "not_counted": gettext_lazy("votes not counted"),
    "voided": gettext_lazy("votes taken out later"),
    "held": gettext_lazy("comments held back"),
    "removed": gettext_lazy("comments removed before anybody saw them"),
    "spam": gettext_lazy("comments refused as spam"),
}


@dataclass(frozen=True)
class Figure:
    """One figure of a day: its name for readers, the number (None: not told), and its parts."""

    label: str
    number: int | None
    parts: list[tuple[str, int]]


@dataclass(frozen=True)
class Day:
    """What the log says of one day (UTC); `index` is the entry."""

    date: date
    index: int
    figures: list[Figure]

    @property
    def told(self) -> list[Figure]:
        """The figures that this day's entry has."""
        return [figure for figure in self.figures if figure.number is not None]


@require_safe
def numbers_page(request: HttpRequest) -> HttpResponse:
    """The days, newest first; `?before=2026-11-22` names the day before which they begin."""
    before = _before(request)
    log = reading.active_log()
    frame = frame_of(request)
    with in_newsroom(frame):
        metadata = list_metadata(_("Day by day"), path="/ledger/numbers/", newsroom=frame.newsroom)
        days = days_of(log, before=before, limit=PAGE_SIZE + 1) if log else []
    shown = days[:PAGE_SIZE]
    context = {
        "metadata": metadata,
        "log": log,
        "labels": list(FIGURES.values()),
        "days": shown,
        "older": shown[-1].date.isoformat() if len(days) > PAGE_SIZE else "",
        "is_first": before is None,
    }
    return page_response(request, "pages/numbers.html", context, keys=["ledger"], frame=frame)


def days_of(log: Log, *, before: date | None = None, limit: int) -> list[Day]:
    """The last `limit` days that the log has (before this one), newest first."""
    # Bounds of the same shape: in some collations of PostgreSQL a slash does not count at all.
    first, bound = (f"{_PREFIX}{day.isoformat()}" for day in (date.min, before or date.max))
    rows = (
        Entry.objects.filter(log=log, name__startswith=_PREFIX, name__gte=first, name__lt=bound)
        # What the index is made for: only entries that have a name.
        .exclude(name="")
        .order_by("-name")
    )
    return [_day(row.index, entry.read(bytes(row.data))) for row in rows[:limit]]


def _before(request: HttpRequest) -> date | None:
    text = request.GET.get("before")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _day(index: int, fields: dict[str, Any]) -> Day:
    figures = [_figure(str(label), fields.get(name)) for name, label in FIGURES.items()]
    return Day(date.fromisoformat(fields["day"]), index, figures)


def _figure(label: str, value: Any) -> Figure:
    if not isinstance(value, dict):
        return Figure(label, value, [])
    parts = sorted(value.items(), key=lambda part: (-part[1], part[0]))
    return Figure(label, sum(value.values()), [(_reason(name), n) for name, n in parts if n])


def _reason(word: str) -> str:
    """A reason as readers read it; the log's own word where Diurna has no other."""
    known = {reason.value: str(reason.label) for reason in Reason if reason.value}
    return known.get(word, word.replace("_", " "))
