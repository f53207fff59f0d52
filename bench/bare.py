"""A bare WSGI callable that sends finished bytes from a dict: the most that Granian's WSGI gives.

    python -m bench.bare PAGES --socket FD

The dict is read from a file that `bench.pages` has written: for each encoding the status, the
headers and the body that Diurna answered with. One thread calls it, which is Granian's fastest way
for a callable that never waits (measured: 64 threads cost a tenth more).
"""

import argparse
import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server.mt import MTServer

from bench.pages import Answer, load
from bench.processes import BACKLOG


class OneThread(MTServer):
    """Granian's threaded server in this process, on a socket that is given to it."""

    def __init__(self, *args: Any, socket: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given_socket = socket

    def _check_gil(self) -> None:
        """Any Python will do."""

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(self._given_socket, False, self.backlog)
        self._sfd = self._given_socket


def application_of(page: Mapping[str, Answer]) -> Callable[..., Iterable[bytes]]:
    """A callable that sends the page in the encoding that the client names, and looks at nothing
    else."""
    ready = {
        encoding: (f"{answer.status} OK", answer.headers, [answer.body])
        for encoding, answer in page.items()
    }

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        status, headers, body = ready[environ.get("HTTP_ACCEPT_ENCODING", "")]
        start_response(status, headers)
        return body

    return application


def main() -> None:
    """Serve it until SIGTERM."""
    parser = argparse.ArgumentParser(prog="bench.bare")
    parser.add_argument("pages", type=Path)
    parser.add_argument("--socket", type=int, required=True)
    asked = parser.parse_args()
    application = application_of(load(asked.pages))
    gc.collect()
    gc.freeze()
    server = OneThread(
        "bench.bare",
        socket=asked.socket,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        backlog=BACKLOG,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    )
    server.serve(target_loader=lambda: application, wrap_loader=False)
    sys.exit(0)


if __name__ == "__main__":
    main()
