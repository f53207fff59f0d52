"""A WSGI application for the server's own tests: it says what it was asked, and how."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from diurna.delivery.files import Files, Mount
from diurna.delivery.later import Later
from diurna.delivery.parts import FilePart

PARTS = 10
PART = b"abcdef" * 10_000
MANY_PARTS = 700
MEDIA = "PLAIN_APPLICATION_MEDIA"
# `/held/` is answered once there is a file of this name among the media.
GO_ON = "go-on"


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """What the path names: `/environ/`, `/body/`, `/lines/`, `/stream/`, `/held/` and so on."""
    path = environ["PATH_INFO"]
    if path.startswith("/media/"):
        mount = Mount("/media/", Path(os.environ[MEDIA]), uploads=True)
        return Files(application, [mount])(environ, start)
    if path == "/gone/":
        start("200 OK", [("Content-Length", "100000")])
        return FilePart(Path(os.environ[MEDIA], "gone"), 0, 100_000, whole=True)
    if path in ("/large/", "/breaks/"):
        start("200 OK", [("Content-Type", "text/plain")])
        return _parts(path == "/breaks/")
    if path == "/stream/":
        start("200 OK", [("Content-Length", str(PARTS * len(PART)))])
        return (PART for _ in range(PARTS))
    if path == "/fails/":
        raise ValueError("as it was asked to")
    if path in ("/later/", "/later-fails/"):
        return _later(start, fails=path == "/later-fails/")  # type: ignore[return-value]
    if path == "/slow/":
        time.sleep(0.2)
    if path == "/held/":
        _wait_for(Path(os.environ[MEDIA], GO_ON))
    said: Any = {name: value for name, value in environ.items() if isinstance(value, str)}
    if path == "/body/":
        said = len(environ["wsgi.input"].read())
    elif path == "/lines/":
        body = environ["wsgi.input"]
        said = [body.read(3).decode(), body.readline().decode(), len(body.read())]
    text = json.dumps(said).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
    return [text]


def _wait_for(file: Path) -> None:
    for _step in range(6_000):
        if file.exists():
            return
        time.sleep(0.01)


def _parts(breaks: bool) -> Iterator[bytes]:
    for number in range(MANY_PARTS):
        if breaks and number == PARTS:
            raise ValueError("as it was asked to")
        yield PART


def _later(start: Callable[..., Any], *, fails: bool) -> Later:
    """An answer half a second after the call has returned."""
    awaited: Future[bytes] = Future()
    threading.Timer(0.5, awaited.set_result, [b"at last"]).start()

    def make(done: Future[bytes]) -> list[bytes]:
        if fails:
            raise ValueError("as it was asked to")
        start("200 OK", [("Content-Type", "text/plain")])
        return [done.result(0)]

    return Later(awaited, make)


def _instant(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], list[bytes]] | None:
    if environ["PATH_INFO"] != "/ready/":
        return None
    if "HTTP_COOKIE" in environ:
        raise ValueError("as it was asked to")
    text = json.dumps(environ).encode()
    return "200 OK", [("Content-Length", str(len(text)))], [text]


application.instant = _instant  # type: ignore[attr-defined]  # as a page store has it
