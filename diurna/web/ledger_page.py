"""`/ledger/`: the public log for people, and a check of one article that anyone can keep."""

import re
from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.ledger import reading
from diurna.web.addresses import absolute
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import list_metadata
from diurna.web.numbers_page import days_of
from diurna.web.response import in_newsroom, page_response
from diurna.web.script_words import script_words_as_script

SHOWN_DAYS: Final = 7
_MODULES: Final = ("words.js", "canonical.js", "log.js", "report.js", "count.js", "check.js")
_JS: Final = Path(__file__).parent / "static" / "js"
_IMPORT: Final = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ", re.MULTILINE)


@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """What the log is, how to check it, what it can't show, and where it stands now."""
    log = reading.active_log()
    checkpoint = reading.latest_checkpoint(log) if log else None
    frame = frame_of(request)
    with in_newsroom(frame):
        title = _("The public log")
        metadata = list_metadata(title, path="/ledger/", newsroom=frame.newsroom)
        days = days_of(log, limit=SHOWN_DAYS) if log else []
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
            "downloads/ledger_check.html",
            {
                "frame": frame,
                "script": _script(),
                "words": script_words_as_script(frame.language),
                "site": absolute("/"),
            },
        )
    response = HttpResponse(html)
    # Never opened here: on this site the policy would not run it, and should not.
    response.headers["Content-Disposition"] = 'attachment; filename="diurna-check.html"'
    return response


def _script() -> str:
    """The modules as one script; none of them uses a name of another for something else."""
    whole = "".join((_JS / name).read_text(encoding="utf-8") for name in _MODULES)
    return _EXPORT.sub("", _IMPORT.sub("", whole))
