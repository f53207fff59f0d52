"""`/ledger/`: the public log for people, and a check of one article that anyone can keep."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from diurna.ledger import entry, reading
from diurna.ledger.models import Log
from diurna.web.addresses import absolute
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import list_metadata
from diurna.web.response import in_newsroom, page_response

SHOWN_DAYS: Final = 14
_MODULES: Final = ("canonical.js", "log.js", "check.js")
_JS: Final = Path(__file__).parent / "static" / "js"
_IMPORT: Final = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ", re.MULTILINE)

# What a day's entry may say, in the order of the table; the words that readers see.
FIGURES: Final = {
    "registered": gettext_lazy("accounts registered"),
    "confirmed": gettext_lazy("accounts confirmed"),
    "deleted": gettext_lazy("accounts deleted"),
    "guests": gettext_lazy("guests who wrote or voted"),
    "not_counted": gettext_lazy("votes not counted"),
    "voided": gettext_lazy("votes taken out later"),
    "held": gettext_lazy("comments held back"),
    "spam": gettext_lazy("comments refused as spam"),
}


@dataclass(frozen=True)
class Day:
    """The figures of one day as the log has them; `index` is the entry."""

    date: date
    index: int
    figures: list[tuple[str, int]]


@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """What the log is, how to check it, what it can't show, and where it stands now."""
    log = reading.active_log()
    checkpoint = reading.latest_checkpoint(log) if log else None
    frame = frame_of(request)
    with in_newsroom(frame):
        title = _("The public log")
        metadata = list_metadata(title, path="/ledger/", newsroom=frame.newsroom)
        days = _days(log) if log else []
    context = {
        "metadata": metadata,
        "log": log,
        "checkpoint": checkpoint,
        "root": bytes(checkpoint.root).hex() if checkpoint else "",
        "days": days,
        "site": absolute("/"),
        "max_delay": int(reading.MAX_MERGE_DELAY.total_seconds() // 60),
    }
    return page_response(request, "pages/ledger.html", context, keys=["ledger"], frame=frame)


@require_safe
def standalone_check(request: HttpRequest) -> HttpResponse:
    """The same check in one file to keep: what a site hands out today, it can't change later."""
    if reading.active_log() is None:
        raise Http404("This newsroom has no log yet.")
    frame: Frame = frame_of(request)
    with in_newsroom(frame):
        html = render_to_string(
            "downloads/ledger_check.html", {"frame": frame, "script": _script()}
        )
    response = HttpResponse(html)
    # Never opened here: on this site the policy would not run it, and should not.
    response.headers["Content-Disposition"] = 'attachment; filename="diurna-check.html"'
    return response


def _days(log: Log) -> list[Day]:
    rows = log.entries.filter(type="day").order_by("-index")[:SHOWN_DAYS]
    return [_day(row.index, entry.read(bytes(row.data))) for row in rows]


def _day(index: int, fields: dict[str, Any]) -> Day:
    figures = [
        (str(label), sum(value.values()) if isinstance(value, dict) else value)
        for name, label in FIGURES.items()
        if (value := fields.get(name)) is not None
    ]
    return Day(date.fromisoformat(fields["day"]), index, figures)


def _script() -> str:
    """The three modules as one script."""
    whole = "".join((_JS / name).read_text(encoding="utf-8") for name in _MODULES)
    return _EXPORT.sub("", _IMPORT.sub("", whole))
