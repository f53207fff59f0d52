"""An old site's server on loopback, as bad as servers are, for tests of fetching."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from diurna.common.http_client import GuardedClient

LOOPBACK = "127.0.0.1"


@dataclass
class OldServer:
    """What is served, and what was asked. `answers` gives statuses to say before the file."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    breaks_at: dict[str, int] = field(default_factory=dict)
    ranges: bool = True
    slow: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    wanted_ranges: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    sent: int = 0
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        """The address of a path under a name that only the tests' resolver knows."""
        return f"http://old.example:{self.port}{path}"

    def client(self) -> GuardedClient:
        """A client that may go to loopback, and nowhere else."""
        return GuardedClient(
            resolver=lambda *_: [LOOPBACK],
            allow=lambda address: str(address) == LOOPBACK,
            ports=frozenset({self.port}),
        )


def _handler(server: OldServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with server.lock:
                server.asked[self.path] += 1
                server.agents.add(self.headers["User-Agent"])
                server.at_once += 1
                server.most_at_once = max(server.most_at_once, server.at_once)
            time.sleep(server.slow)
            # Before the answer: whoever has it may ask for the next file at once.
            with server.lock:
                server.at_once -= 1
            self._answer()

        def _answer(self) -> None:
            with server.lock:
                waiting = server.answers.get(self.path)
                said = waiting.pop(0) if waiting else None
            body = server.files.get(self.path)
            if said is not None or body is None:
                status, headers = said or (404, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(body)

        def _send(self, body: bytes) -> None:
            start, asked = 0, self.headers["Range"]
            if asked and server.ranges and self.headers["If-Range"] == '"one"':
                server.wanted_ranges.append(asked)
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            else:
                self.send_response(200)
            self.send_header("ETag", '"one"')
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            end = server.breaks_at.pop(self.path, len(body))
            self.wfile.write(body[start:end])
            with server.lock:
                server.sent += end - start

        def log_message(self, *_args: object) -> None:
            pass

    return Handler


@contextmanager
def old_server(**options: object) -> Iterator[OldServer]:
    """Serve until the block ends."""
    server = OldServer(**options)  # type: ignore[arg-type]
    http = ThreadingHTTPServer((LOOPBACK, 0), _handler(server))
    http.handle_error = lambda *_args: None  # type: ignore[method-assign]
    server.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
