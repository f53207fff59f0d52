"""What old addresses answer now: asked of the application itself, in this process.

No server has to run, and nothing goes over the network: an address is handed to Django as a server
would hand it over, media files included.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from diurna.delivery.files import Files, Mount
from diurna.importers.legacy_paths import MACHINERY
from diurna.importers.wordpress.access_log import Asked

# About 150 MB of addresses; a log has as many as people think of.
MAX_ADDRESSES: Final = 500_000
MAX_KEPT: Final = 10_000
# A title stands in a page's head.
MAX_HEAD: Final = 65_536
_TRACKING: Final = re.compile(r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref_src)$")
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)

Ask = Callable[[str], "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its status, where it forwards to, and the title of its page."""

    status: int
    location: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An old address, how often it was asked for, and what it answers now.

    `target` is where it forwards to, `end` the status there (0: another host, not asked).
    `was_there` says that it answered 2xx or 3xx then, or that nobody wrote down how it answered.
    """

    address: str
    asked: int
    was_there: bool
    status: int
    target: str
    end: int
    title: str

    @property
    def is_wordpress(self) -> bool:
        """Whether it is of the program, not of the site: nothing here should answer for it."""
        return MACHINERY.search(self.address.partition("?")[0]) is not None

    @property
    def is_lost(self) -> bool:
        """Whether readers got something there and get nothing now."""
        ends_badly = self.status >= HTTPStatus.BAD_REQUEST or self.end >= HTTPStatus.BAD_REQUEST
        return ends_badly and self.was_there and not self.is_wordpress


@dataclass(slots=True)
class Found:
    """Different addresses, each with how often it was asked for and whether it answered then."""

    asked: Counter[str]
    answered: set[str]
    left_out: int = 0


def count(addresses: Iterable[Asked]) -> Found:
    """Each address once. Marks of advertisements are dropped: they name no other page."""
    found = Found(Counter(), set())
    for one in addresses:
        address = without_tracking(one.address)
        if address not in found.asked and len(found.asked) >= MAX_ADDRESSES:
            found.left_out += 1
            continue
        found.asked[address] += 1
        if one.status < HTTPStatus.BAD_REQUEST:
            found.answered.add(address)
    return found


def check(found: Found, ask: Ask) -> Iterator[Answer]:
    """What each address answers now, the most asked for first; `ask` asks one address."""
    ends: OrderedDict[str, Said] = OrderedDict()
    for address, asked in sorted(found.asked.items(), key=lambda pair: (-pair[1], pair[0])):
        said = ask(address)
        end = said
        if said.location:
            end = _end(said.location, ends, ask)
        yield Answer(
            address=address,
            asked=asked,
            was_there=address in found.answered,
            status=said.status,
            target=said.location,
            end=end.status,
            # The page that says that nothing is there has a title too.
            title=end.title if end.status < HTTPStatus.BAD_REQUEST else "",
        )


def without_tracking(address: str) -> str:
    """The address without the keys that advertisements and newsletters hang on it."""
    path, mark, query = address.partition("?")
    if not mark:
        return address
    kept = [pair for pair in query.split("&") if not _TRACKING.match(pair.partition("=")[0])]
    return f"{path}?{'&'.join(kept)}" if kept and kept != [""] else path


class InProcess:
    """Asks the application as a server does; the same object may be asked any number of times."""

    def __init__(self) -> None:
        mounts = [Mount(settings.STATIC_URL, Path(settings.STATIC_ROOT), uploads=False)]
        if str(settings.MEDIA_URL).startswith("/"):
            mounts.append(Mount(settings.MEDIA_URL, Path(settings.MEDIA_ROOT), uploads=True))
        self._application = Files(get_wsgi_application(), mounts)
        site = urlsplit(settings.DIURNA_SITE_URL)
        self._scheme = site.scheme or "http"
        self._host = site.hostname or "localhost"
        self._port = site.port or (443 if self._scheme == "https" else 80)

    def __call__(self, address: str) -> Said:
        """The answer to a GET of this path and query."""
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            told["status"] = int(status[:3])
            told["headers"] = {name.lower(): value for name, value in headers}

        with _connection_kept():
            body = self._application(self._environ(address), start)
            try:
                kind = told["headers"].get("content-type", "")
                head = _head(body) if kind.startswith("text/html") else b""
            finally:
                close = getattr(body, "close", None)
                if close is not None:
                    close()
        forwards = told["status"] in {301, 302, 303, 307, 308}
        location = told["headers"].get("location", "") if forwards else ""
        title = _TITLE.search(head)
        words = " ".join(unescape(title[1].decode("utf-8", "replace")).split()) if title else ""
        return Said(told["status"], location, "" if forwards else words)

    def _environ(self, address: str) -> dict[str, Any]:
        path, _, query = address.partition("?")
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self._host,
            "SERVER_PORT": str(self._port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._host if self._port in {80, 443} else f"{self._host}:{self._port}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


@contextmanager
def _connection_kept() -> Iterator[None]:
    """A server may drop its connection to the database after each request; a command has one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _end(location: str, known: "OrderedDict[str, Said]", ask: Ask) -> Said:
    """What the target of a redirect answers; many old addresses share one."""
    own = _own_path(location)
    if not own:
        return Said(0)
    if own not in known:
        known[own] = ask(own)
        if len(known) > MAX_KEPT:
            known.popitem(last=False)
    return known[own]


def _own_path(location: str) -> str:
    parts = urlsplit(location)
    own = urlsplit(settings.DIURNA_SITE_URL)
    if parts.netloc and parts.netloc != own.netloc:
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _head(body: Iterable[bytes]) -> bytes:
    head = b""
    for chunk in body:
        head += chunk
        if len(head) >= MAX_HEAD or b"</title>" in head:
            break
    return head
