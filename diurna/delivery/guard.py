"""What must not be kept, whoever says that it may: the last look before a page enters the store.

Pages are drawn for nobody, so nothing of a reader should ever be in one. This is for the day on
which something is: a page that shows a trace of one reader is sent to nobody else, and the log says
so. Not for what a writer of comments can put into a page as text, since then anybody could keep a
page out of the store: only what our own templates write, and headers.
"""

import logging
import re
from collections.abc import Iterable
from threading import Lock
from typing import Final

from django.urls import Resolver404, resolve

logger = logging.getLogger(__name__)

# What is the same for everyone: a page, a redirect, and that there is nothing (here any more).
KEPT_STATUSES: Final = frozenset({200, 301, 302, 308, 404, 410})
# As many pairs of reason and place are said once each; more are a fault that was said often enough.
MOST_SAID: Final = 1_000

# Readers whose answers differ by these can't share one (RFC 9111, 4.1).
_PERSONAL_VARY: Final = frozenset({"cookie", "authorization", "*"})
_PRIVATE_CACHE: Final = frozenset({"private", "no-store"})
# An answer with one of these speaks to one browser (RFC 9110, 11.6.1; W3C Clear Site Data).
_PERSONAL_HEADERS: Final = frozenset(
    {"set-cookie", "www-authenticate", "authentication-info", "clear-site-data", "refresh"}
)
# Words that our own templates, Django and Wagtail write for one person; in HTML only inside a tag,
# and in JSON only as a key: readers' text is escaped in both. What is looked for first is found
# without the expression, which is slower.
_IN_HTML: Final = (
    (b"csrfmiddlewaretoken", rb"<input\b[^<>]*\bname\s*=\s*[\"']?csrfmiddlewaretoken", "a token"),
    (b"csrf", rb"<meta\b[^<>]*\bname\s*=\s*[\"']?csrf[-_]token", "a token"),
    (b"<script", rb"<script\b[^<>]*>[^<]*\"(?i:csrf_?token)\"\s*:", "a token"),
    (b"personal", rb"<nav\b[^<>]*\bclass\s*=\s*[\"']?personal\b", "a reader's links"),
    (
        b"data-own-",
        rb"<(?:data|template)\b[^<>]*\bdata-own-",
        "own words",
    ),
    (b"data-own=", rb"<article\b[^<>]*\bdata-own=", "own words"),
    (b"wagtail-userbar", rb"<wagtail-userbar\b", "an editor's tools"),
)
_IN_JSON: Final = rb"\"(?i:csrf_?token|csrfmiddlewaretoken|session_?(?:id|key))\"\s*:"
_HTML_MARKS: Final = tuple((word, re.compile(mark), says) for word, mark, says in _IN_HTML)
_JSON_MARK: Final = re.compile(_IN_JSON)

_said: set[tuple[str, str]] = set()
_lock = Lock()


def why_not_kept(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str | None:
    """Why this answer must not be given to anybody else, in a few words; None where it may be.

    `headers` as WSGI has them, in any letter case and with repeats; `body` not compressed. The
    words name the place of the trace and never repeat it: they go to the log and to the figures.
    """
    if status not in KEPT_STATUSES:
        return f"the status is {int(status)}"
    content_type = ""
    for name, value in headers:
        lower = name.lower()
        if lower in _PERSONAL_HEADERS:
            return f"it has the header {lower}"
        if lower == "vary" and _PERSONAL_VARY & _words(value):
            return "it varies by reader"
        if lower in ("cache-control", "surrogate-control") and _PRIVATE_CACHE & _words(value):
            return f"{lower} says that it is private"
        if lower == "content-encoding" and _words(value) - {"identity"}:
            return "it is compressed, and can't be looked into"
        if lower == "content-type":
            content_type = value.lower()
    return _trace_in(body, content_type)


def say(path: str, reason: str) -> None:
    """Log that a page was not kept, once for each reason and kind of address.

    The address itself is not logged: some hold the secret of one reader (`/moderation/notice/…`).
    """
    place = _kind_of(path)
    with _lock:
        if (reason, place) in _said or len(_said) >= MOST_SAID:
            return
        _said.add((reason, place))
    logger.error(
        "A page is not kept though its view says that it is the same for everyone: %s. "
        "It is drawn anew for each reader until the view is mended. Address: %s",
        reason,
        place,
    )


def _trace_in(body: bytes, content_type: str) -> str | None:
    if "json" in content_type:
        return "a token or a session is in its JSON" if _JSON_MARK.search(body) else None
    # What names no type may be taken for HTML by a browser.
    if content_type and "html" not in content_type:
        return None
    for word, mark, says in _HTML_MARKS:
        if word in body and mark.search(body):
            return f"{says} of one reader is in its HTML"
    return None


def _words(value: str) -> set[str]:
    """The names in a comma-separated header, without their values."""
    return {part.partition("=")[0].strip().lower() for part in value.split(",")} - {""}


def _kind_of(path: str) -> str:
    """The pattern and the view behind an address."""
    try:
        match = resolve(path)
    except Resolver404:
        return "(no view)"
    return f"{match.route} ({match._func_path})"
