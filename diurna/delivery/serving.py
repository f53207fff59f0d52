"""The page store as a server sees it: the layer that answers from memory, and asks Django once.

A GET or HEAD of a public address is one page for everybody. Whether cookies come with it plays no
part, but for one, which says that its reader has just written something and wants to see it.
"""

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from diurna.common.areas import PRIVATE_PREFIXES
from diurna.delivery.caching import Cdn
from diurna.delivery.compression import compressed, encoding_for
from diurna.delivery.conditions import unchanged
from diurna.delivery.drawing import Address, Drawn, draw
from diurna.delivery.flights import FOLDER, Flights
from diurna.delivery.outward import Outward
from diurna.delivery.proxies import Application, Environ
from diurna.delivery.queries import kept_query
from diurna.delivery.store import Page, Store, Tally, Ticket
from diurna.delivery.surrogate import WROTE_COOKIE

# Longer ones are nobody's page; Django says so.
_LONGEST_PATH: Final = 1024
# Addresses that turned out to be nobody's page go straight through for a while.
_PASSED: Final = 4_096
_PASSED_SECONDS: Final = 60.0
# Threads that draw stale pages anew, off the request's own.
_DRAWING_THREADS: Final = 2
# Names of the site by which it was asked, with ports, that need not be looked at again.
_HOSTS: Final = 64
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?\Z")
_IN_304: Final = frozenset(
    {
        "cache-control",
        "content-location",
        "etag",
        "expires",
        "last-modified",
        "surrogate-key",
        "vary",
    }
)
_NOTHING: Final = [b""]

logger = logging.getLogger(__name__)

StartResponse = Callable[..., Any]
# Headers and body of a page in one encoding.
Ready = tuple[list[tuple[str, str]], list[bytes]]


class Answer(NamedTuple):
    """A whole answer: status line, headers, and the body in one piece."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


class PageStore:
    """The WSGI layer that keeps finished pages; `passed` are prefixes that are never looked up."""

    def __init__(
        self,
        application: Application,
        store: Store,
        *,
        folder: Path,
        hosts: Collection[str],
        passed: Iterable[str] = (),
        cdn: Cdn | None = None,
        port: str | None = None,
    ) -> None:
        self._application = application
        self._outward = Outward(application)
        self._cdn = cdn
        self.store = store
        self._flights = Flights(store, folder / FOLDER)
        self._hosts = frozenset(hosts)
        self._port = port
        self._known_hosts: dict[str, bool] = {}
        self._passed_prefixes = (*PRIVATE_PREFIXES, *passed)
        self._passed: OrderedDict[str, float] = OrderedDict()
        self._passed_lock = Lock()
        self._drawers = ThreadPoolExecutor(_DRAWING_THREADS, thread_name_prefix="drawing")
        self.hits, self.misses, self.draws, self.redraws, self.waits = (Tally() for _ in range(5))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory where that may be, else let the application answer."""
        address = self._address(environ)
        if address is None:
            return self._outward(environ, start_response)
        name = address.name()
        page = self._kept(address, name, environ)
        if page is None:
            self.misses.add()
            if self._is_passed(name) or self.store.ring.suspended:
                return self._outward(environ, start_response)
            page = self._drawn(address, name, environ)
            if page is None:
                return self._outward(environ, start_response)
        else:
            self.hits.add()
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answer = _answer(page, self._ready(page, name, encoding), environ)
        start_response(answer.status, answer.headers)
        return answer.body

    def instant(self, environ: Environ) -> Answer | None:
        """The answer, where it lies ready in memory; None where somebody has to work for it.

        Never waits, so it may be asked on the thread that all requests come in by.
        """
        address = self._address(environ)
        if address is None:
            return None
        page = self._kept(address, address.name(), environ)
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        ready = page.ready.get(encoding) if page is not None else None
        if page is None or ready is None:
            return None
        self.hits.add()
        return _answer(page, ready, environ)

    def _address(self, environ: Environ) -> Address | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        path: str = environ["PATH_INFO"]
        if path.startswith(self._passed_prefixes) or len(path) > _LONGEST_PATH:
            return None
        if "HTTP_AUTHORIZATION" in environ or environ.get("SCRIPT_NAME"):
            return None
        query: str | None = environ.get("QUERY_STRING", "")
        if query:
            query = kept_query(query)
            if query is None:
                return None
        host: str = environ.get("HTTP_HOST", "")
        if host not in self._known_hosts and not self._knows(host, environ):
            return None
        return Address(environ["wsgi.url_scheme"], host, path, query or "")

    def _knows(self, host: str, environ: Environ) -> bool:
        """Whether the site goes by this name: one of its own, with no port or with its own one.

        Under every other port each page would be kept once more.
        """
        found = _HOST.match(host)
        if found is None or found["name"] not in self._hosts:
            return False
        if found["port"] not in (None, self._port, environ.get("SERVER_PORT")):
            return False
        if len(self._known_hosts) < _HOSTS:
            self._known_hosts[host] = True
        return True

    def _kept(self, address: Address, name: str, environ: Environ) -> Page | None:
        """The page in memory; while it is stale, the old one for a moment, with a new one on its
        way, but not for who has just written."""
        page = self.store.get(name)
        if page is None or page.stale_since is None:
            return page
        if WROTE_COOKIE in environ.get("HTTP_COOKIE", ""):
            return None
        if not page.is_redrawn and self.store.is_due(page):
            # Two threads may both get here; the flight is one all the same.
            page.is_redrawn = True
            self.redraws.add()
            self._drawers.submit(self._redraw, address, name, environ.get("SERVER_PORT", ""), page)
        return page

    def _redraw(self, address: Address, name: str, port: str, old: Page) -> None:
        try:
            drawn = self._flights.fly(name, self._drawer(address, port))
            if drawn.page is not None and drawn.may_be_kept:
                # Those who come now ask for the same encodings; none of them has to wait for one.
                for encoding in list(old.bodies):
                    self._ready(drawn.page, name, encoding)
        except Exception:
            # Nobody waits for this thread. When the old page's time is over, who asks will know.
            logger.exception("A page could not be drawn again.")
        finally:
            old.is_redrawn = False

    def _drawn(self, address: Address, name: str, environ: Environ) -> Page | None:
        if self._flights.is_flying(name):
            self.waits.add()
        drawn = self._flights.fly(
            name,
            self._drawer(address, environ.get("SERVER_PORT", "")),
            exact=WROTE_COOKIE in environ.get("HTTP_COOKIE", ""),
        )
        if drawn.page is None:
            self._pass(name)
        return drawn.page

    def _drawer(self, address: Address, port: str) -> Callable[[Ticket], Drawn]:
        def drawer(ticket: Ticket) -> Drawn:
            self.draws.add()
            return draw(self._application, address, ticket, port, self._cdn)

        return drawer

    def _is_passed(self, name: str) -> bool:
        until = self._passed.get(name)
        return until is not None and until > time.monotonic()

    def _pass(self, name: str) -> None:
        with self._passed_lock:
            self._passed[name] = time.monotonic() + _PASSED_SECONDS
            self._passed.move_to_end(name)
            while len(self._passed) > _PASSED:
                self._passed.popitem(last=False)

    def _ready(self, page: Page, name: str, encoding: str) -> Ready:
        """Headers and body in this encoding, made once; plain where it gains nothing."""
        found = page.ready.get(encoding)
        if found is not None:
            return found
        body = page.bodies[""]
        etag = page.etag
        headers = [*page.headers]
        if encoding and (smaller := compressed(body, encoding, _content_type(page))) is not None:
            body = page.bodies[encoding] = smaller
            self.store.grow(name, page, len(body))
            headers.append(("Content-Encoding", encoding))
            # The same page, though not the same bytes (RFC 9110, 8.8.1).
            etag = etag if etag.startswith("W/") else f"W/{etag}"
        headers += [("ETag", etag), ("Content-Length", str(len(body)))]
        made = page.ready[encoding] = (headers, [body])
        return made


def _answer(page: Page, ready: Ready, environ: Environ) -> Answer:
    """What this request gets of the page: all of it, its headers, or that nothing has changed."""
    headers, body = ready
    if page.status.startswith("200") and unchanged(environ, page.etag, page.last_modified):
        left = [pair for pair in headers if pair[0].lower() in _IN_304]
        return Answer("304 Not Modified", left, _NOTHING)
    # A list of its own for each answer: a server may add to it.
    sent = _NOTHING if environ["REQUEST_METHOD"] == "HEAD" else body
    return Answer(page.status, headers.copy(), sent)


def _content_type(page: Page) -> str:
    return next((value for key, value in page.headers if key.lower() == "content-type"), "")
