"""What a request says that its client has already (RFC 9110, section 13). Pure."""

from django.utils.http import parse_http_date_safe

from diurna.delivery.proxies import Environ


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an `If-None-Match` names this tag, or says `*`; weak and strong are the same here."""
    opaque = etag.removeprefix("W/")
    return if_none_match.strip() == "*" or any(
        word.strip().removeprefix("W/") == opaque for word in if_none_match.split(",")
    )


def unchanged(environ: Environ, etag: str, modified: float | None) -> bool:
    """Whether the client has just this, so that 304 says it all.

    `modified` is in seconds since 1970, None where nobody knows. A tag is believed before a date.
    """
    if known := environ.get("HTTP_IF_NONE_MATCH"):
        return matches(known, etag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since or modified is None:
        return False
    seconds = _seconds(since)
    return seconds is not None and int(modified) <= seconds


def range_still_fits(environ: Environ, etag: str, modified: float) -> bool:
    """Whether the part that is asked for belongs to what the client has of it (`If-Range`).

    A weak tag never does, and a date only if it is the very same (RFC 9110, 13.1.5).
    """
    known = environ.get("HTTP_IF_RANGE", "").strip()
    if not known:
        return True
    if known.endswith('"'):
        return bool(known == etag)
    return _seconds(known) == int(modified)


def _seconds(date: str) -> float | None:
    """The moment of a date in one of HTTP's forms; another one is no condition."""
    return parse_http_date_safe(date)
