"""A page store of a test's own, in front of an application or of all of Diurna."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from diurna.delivery.proxies import Application
from diurna.delivery.serving import PageStore
from diurna.delivery.store import Store
from diurna.delivery.surrogate import ring_at
from diurna.delivery.touches import TouchRing

HOST = "testserver"
ROOM = 50_000_000


class Reply(NamedTuple):
    """What a WSGI application said: the code, headers by their lower-case names, the body."""

    code: int
    headers: dict[str, str]
    body: bytes


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        """Let so much time go by."""
        self.seconds += seconds


def page_store(
    application: Application,
    folder: Path,
    *,
    ring: TouchRing | None = None,
    limit: int = ROOM,
    now: Callable[[], float] = time.monotonic,
) -> PageStore:
    """A store before this application, with a ring in the folder if none is given."""
    store = Store(ring or TouchRing(folder / "touches"), limit=limit, now=now)
    return PageStore(application, store, folder=folder, hosts=[HOST])


def store_before_diurna(folder: Path, home: Path) -> PageStore:
    """A store before Django, that hears what this test's actions touch (in `home`)."""
    return page_store(get_wsgi_application(), folder, ring=ring_at(home))


def store_of_live_site(application: Application, folder: Path, *, host: str) -> PageStore:
    """A store before a site that a browser opens; it hears what the test's own process touches."""
    store = Store(ring_at(settings.DIURNA_HOME), limit=ROOM, now=time.monotonic)
    passed = (settings.STATIC_URL, settings.MEDIA_URL)
    return PageStore(application, store, folder=folder, hosts=[host], passed=passed)


@contextmanager
def on_one_connection() -> Iterator[None]:
    """Leave the database's connection open between requests, with the test's transaction on it.

    Django's own test client does the same, and ends it with each of its requests.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def ask(
    application: Application,
    path: str,
    *,
    method: str = "GET",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    host: str = HOST,
) -> Reply:
    """Ask a WSGI application as a browser would; `headers` by their names in HTTP."""
    said: dict[str, Any] = {}

    def start_response(status: str, pairs: list[tuple[str, str]], _info: Any = None) -> None:
        said["code"] = int(status[:3])
        said["headers"] = {name.lower(): value for name, value in pairs}

    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        **{
            f"HTTP_{name.upper().replace('-', '_')}": text for name, text in (headers or {}).items()
        },
    }
    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    return Reply(said["code"], said["headers"], body)


def _name_in_wsgi(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"
