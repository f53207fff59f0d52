"""What one request costs: asked of a WSGI callable in this process, as the page store asks Django.

Used by `bench.render` for both sides, so that Diurna and the bare site are measured alike.
"""

import io
import sys
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

HOST: Final = "bench.example"

Application = Callable[..., Any]


class Cost(NamedTuple):
    """Seconds of processor time of each request; queries, bytes and status of the last one."""

    took: list[float]
    queries: int
    bytes: int
    status: int


def cost(application: Application, path: str, requests: int) -> Cost:
    """What so many requests cost, after one that is not measured."""
    from django.db import connection

    asked = 0

    def count(execute: Callable[..., Any], *rest: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        status, body = answer(application, path)
    took = []
    for _ in range(requests):
        begun = time.process_time()
        status, body = answer(application, path)
        took.append(time.process_time() - begun)
    return Cost(took, asked, len(body), status)


def answer(application: Application, path: str) -> tuple[int, bytes]:
    """Status and body of a GET without cookies, encodings and validators."""
    place, _, query = path.partition("?")
    told: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> None:
        told.append(status)

    response = application(_environ(place, query), start_response)
    try:
        body = b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()
    return int(told[0][:3]), body


def _environ(path: str, query: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
