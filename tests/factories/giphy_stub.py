"""A GIPHY on loopback for tests: right, slow, wrong, over quota, or with no love for the key."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.factories.moving_pictures import moving_picture

KEY = "stubKEY123"
GIF_ID = "l0HlBO7eyXzSZkJri"
WORDS = "a crane turns"
# What an answer may take that comes, however busy the machine is.
PATIENCE_SECONDS = 30.0


@dataclass
class Stub:
    """How it answers now, what it was asked (paths with queries), and where it is.

    "slow" does not answer before `over` is set, which is at the end of the block.
    """

    answers: str = "right"
    address: str = ""
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def still() -> bytes:
    target = BytesIO()
    Image.new("RGB", (100, 80), "teal").save(target, "WEBP")
    return target.getvalue()


@contextmanager
def giphy_stub() -> Iterator[Stub]:
    """A server for the block."""
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path.startswith("/media/"):
                is_still = parts.path.endswith("_s.webp")
                body = still() if is_still else moving_picture("WEBP").getvalue()
                self.send(200, "image/webp", body)
                return
            if stub.answers == "slow":
                stub.over.wait(PATIENCE_SECONDS)
            status, told = self.told(parts.path, parse_qs(parts.query))
            self.send(status, "application/json", told)

        def told(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
            if stub.answers == "wrong":
                return 200, b"<html>Please sign in to the hotel's network"
            if stub.answers == "other":
                return 200, b'{"data": [], "meta": {"status": 200}}'
            if stub.answers == "broken":
                return 500, b"{}"
            if stub.answers == "down":
                return 503, b"{}"
            if stub.answers == "over quota":
                return 429, b'{"meta": {"status": 429}}'
            if stub.answers == "bad key" or query.get("api_key") != [KEY]:
                return 401, b'{"meta": {"status": 401}}'
            if stub.answers == "banned":
                return 403, b'{"meta": {"status": 403}}'
            if path == "/v1/randomid":
                return 200, json.dumps({"data": {"random_id": "abc123"}}).encode()
            return 200, json.dumps({"data": self.found()}).encode()

        def found(self) -> list[object]:
            picture = {
                "url": f"{stub.address}/media/{GIF_ID}/100w_s.webp",
                "width": "100",
                "height": "80",
            }
            hostile = "<img src=x onerror=window.ran=1>"
            return [
                {
                    "id": GIF_ID,
                    "title": "Crane GIF",
                    "alt_text": WORDS,
                    "images": {"fixed_width_small_still": picture},
                },
                {"id": hostile, "title": hostile, "images": {"fixed_width_small_still": picture}},
                {
                    "id": "anotherOne1",
                    "title": hostile,
                    "images": {"fixed_width_still": {"url": "javascript:ran()"}},
                },
                {"id": "noPicture1", "title": "No picture"},
            ]

        def send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

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
