"""What a CDN is asked, on loopback for tests: it notes each call and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    """One call: method, path, headers (names in lower case), body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class CdnStub:
    """Where it is, how it answers from now on, and what it was asked."""

    host: str = "127.0.0.1"
    port: int = 0
    status: int = 200
    answer: bytes = b'{"success": true, "status": "ok"}'
    calls: list[Call] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


@contextmanager
def cdn_stub() -> Iterator[CdnStub]:
    """A server for the block."""
    stub = CdnStub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.calls.append(Call(self.command, self.path, headers, body))
            self.send_response(stub.status)
            if stub.status in (301, 307):
                self.send_header("Location", f"{stub.address}/elsewhere")
            self.send_header("Content-Length", str(len(stub.answer)))
            self.end_headers()
            self.wfile.write(stub.answer)

        do_PURGE = do_GET = do_POST

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer((stub.host, 0), Handler)
    stub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
