"""An Akismet on loopback for tests: right, slow, wrong, over quota, or with no love for the key."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from diurna.common.http_client import GuardedClient

KEY = "123abcDEF456"
# What an answer may take that comes, however busy the machine is; and the client's patience where
# a test is about an answer that does not come.
PATIENCE_SECONDS = 30.0
LITTLE_PATIENCE_SECONDS = 0.2
_SAID = {
    "ham": (200, b"false"),
    "spam": (200, b"true"),
    "sure": (200, b"true"),
    "bad key": (200, b"invalid"),
    "refused": (403, b""),
    "over quota": (429, b""),
    "down": (503, b""),
    "broken": (500, b"<html>"),
    "hotel": (200, b"<html>Please sign in to the hotel's network"),
    "slow": (200, b"true"),
}


@dataclass
class Stub:
    """How it answers now, what it was sent (path and fields), and where it is.

    "slow" does not answer before `over` is set, which is at the end of the block.
    """

    answers: str = "ham"
    address: str = ""
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def client(self) -> GuardedClient:
        """A client that may go to loopback, impatient only with one who never answers."""
        port = urlsplit(self.address).port
        assert port is not None
        seconds = LITTLE_PATIENCE_SECONDS if self.answers == "slow" else PATIENCE_SECONDS
        return GuardedClient(
            total_seconds=seconds, allow=lambda _address: True, ports=frozenset({port})
        )


@contextmanager
def akismet_stub() -> Iterator[Stub]:
    """A server for the block."""
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = dict(parse_qsl(body, keep_blank_values=True))
            stub.sent.append((self.path, fields))
            if stub.answers == "slow":
                stub.over.wait(PATIENCE_SECONDS)
            status, said = _SAID[stub.answers if fields.get("api_key") == KEY else "bad key"]
            if "/submit-" in self.path and said in (b"true", b"false"):
                said = b"Thanks for making the web a better place."
            self.send_response(status)
            if stub.answers == "sure":
                self.send_header("X-akismet-pro-tip", "discard")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Whoever has lost patience has closed the connection.
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
