"""Asking Django for a page on behalf of nobody, so that it can be given to everybody.

What reaches the application is made from the address alone: no cookie, no preference, no condition
and no network address of a reader. So nothing of a reader can get in, and `guard` looks at what
comes out all the same.
"""

import sys
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from io import BytesIO
from typing import Any, Final, NamedTuple

from diurna.delivery import guard
from diurna.delivery.caching import Cdn, cache_control, key_headers
from diurna.delivery.proxies import FORWARDED, Application, Environ
from diurna.delivery.store import LIFETIME_SECONDS, Page, Ticket
from diurna.delivery.surrogate import EXPIRES_HEADER, HEADER
from diurna.delivery.touches import hash_of

# Somebody who asked for what is not there may do so again; when it appears, `missing` is touched.
NOT_FOUND_SECONDS: Final = 10.0
_ETAG_BYTES: Final = 12
# Said once for the connection, or made anew for each answer.
_OWN_HEADERS: Final = frozenset(
    {
        "cache-control",
        "content-length",
        "date",
        "etag",
        "vary",
        EXPIRES_HEADER.lower(),
        HEADER.lower(),
    }
)
# Documentation addresses (RFC 5737): a view that looks who asks learns that nobody does.
NOBODY: Final = "192.0.2.0"


class Address(NamedTuple):
    """What a page is kept under: all parts as WSGI has them, the query without what is ignored."""

    scheme: str
    host: str
    path: str
    query: str

    def name(self) -> str:
        """One word for all of it, and for nothing else: a path is decoded, so it may hold a `?`,
        and only a path may hold a space."""
        return f"{self.scheme}://{self.host} {self.query} {self.path}"


class Drawn(NamedTuple):
    """What came of drawing: a page, and whether it may be kept; None where each has to ask."""

    page: Page | None
    may_be_kept: bool


class _Answer:
    """Takes what a WSGI application says."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and self.status:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self.headers = status, list(headers)
        return no_writing

    def value(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


def draw(
    application: Application, address: Address, ticket: Ticket, port: str, cdn: Cdn | None = None
) -> Drawn:
    """Ask for the page. What the application raises is raised here."""
    answer = _Answer()
    chunks = application(environ_for(address, port), answer.start)
    try:
        code = int(answer.status[:3])
        keys = answer.value(HEADER.lower()).split()
        if not keys and code < 500:
            # Nobody said what it shows, so nobody would say when it changes.
            return Drawn(None, may_be_kept=False)
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    if code >= 500:
        return Drawn(_page(answer, body, ticket, lifetime=0, control="no-store"), may_be_kept=False)
    if reason := guard.why_not_kept(code, answer.headers, body):
        if code in guard.KEPT_STATUSES:
            guard.say(address.path, reason)
        return Drawn(None, may_be_kept=False)
    expires = float(stated) if (stated := answer.value(EXPIRES_HEADER.lower())) else None
    control = cache_control(
        cdn, status=code, given=answer.value("cache-control"), expires_in=expires
    )
    lifetime = NOT_FOUND_SECONDS if code == 404 else LIFETIME_SECONDS
    if expires is not None:
        lifetime = min(lifetime, expires)
    page = _page(answer, body, ticket, lifetime=lifetime, control=control)
    page.headers += key_headers(cdn, " ".join(keys))
    return Drawn(page, may_be_kept=lifetime > 0)


def environ_for(address: Address, port: str) -> Environ:
    """A WSGI environment of nobody's, for this address."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": address.host,
        "REMOTE_ADDR": NOBODY,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        FORWARDED: True,
    }


def _page(answer: _Answer, body: bytes, ticket: Ticket, *, lifetime: float, control: str) -> Page:
    headers = [pair for pair in answer.headers if pair[0].lower() not in _OWN_HEADERS]
    headers += [("Cache-Control", control), ("Vary", _vary(answer.value("vary")))]
    modified = answer.value("last-modified")
    return Page(
        status=answer.status,
        headers=headers,
        bodies={"": body},
        etag=answer.value("etag") or f'W/"{blake2b(body, digest_size=_ETAG_BYTES).hexdigest()}"',
        keys=frozenset(map(hash_of, answer.value(HEADER.lower()).split())),
        ticket=ticket,
        lifetime=lifetime,
        last_modified=parsedate_to_datetime(modified).timestamp() if modified else None,
    )


def _vary(stated: str) -> str:
    words = [word.strip() for word in stated.split(",") if word.strip()]
    if "accept-encoding" not in map(str.lower, words):
        words.append("Accept-Encoding")
    return ", ".join(words)


def no_writing(_data: bytes) -> object:
    """WSGI's other way to send a body, returned by `start_response`: nothing of ours takes it."""
    raise NotImplementedError("No application of ours writes before it returns.")
