"""A site that stories cite, on loopback: pages to be kept, and a record of who asked for what."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from diurna.common.http_client import GuardedClient
from diurna.newsroom.archive import client
from diurna.newsroom.citation_marks import marker
from diurna.newsroom.models import Article, Citation, Source

LOOPBACK = "127.0.0.1"
PAGE = b"""<!doctype html><html><head><title>Report on the quay</title></head>
<body><h1>The quay</h1>
<p>The wall has <b>moved</b> 4&nbsp;cm since \xe2\x80\x9cMay\xe2\x80\x9d.</p></body></html>"""


@dataclass
class Page:
    """What the site says at one address."""

    body: bytes = PAGE
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    chunked: bool = False


@dataclass
class CitedSite:
    """The pages by their path, and the paths that were asked for, in order."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "paper.org.uk") -> str:
        """The address of a path under a name that only the tests' resolver knows."""
        return f"http://{host}:{self.port}{path}"

    def client(self) -> GuardedClient:
        """A client that may go to loopback, and nowhere else."""
        return GuardedClient(
            resolver=lambda *_: [LOOPBACK],
            allow=lambda address: str(address) == LOOPBACK,
            ports=frozenset({self.port}),
        )


def _handler(site: CitedSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            page = site.pages.get(self.path, Page(b"no", 404, {"Content-Type": "text/plain"}))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for start in range(0, len(page.body), 50):
                    part = page.body[start : start + 50]
                    self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
                return
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_args: object) -> None:
            pass

    return Handler


@contextmanager
def cited_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CitedSite]:
    """Serve until the block ends; whatever Diurna fetches for stories comes from there."""
    site = CitedSite()
    http = ThreadingHTTPServer((LOOPBACK, 0), _handler(site))
    http.handle_error = lambda *_args: None  # type: ignore[method-assign]
    site.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setattr(client, "open_client", site.client)
    try:
        yield site
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def cite(article: Article, source: Source, **fields: Any) -> Citation:
    """A citation whose marker stands at the end of the story's text; the draft is not saved."""
    citation = Citation.objects.create(article=article, source=source, **fields)
    blocks = [dict(block) for block in article.body.raw_data]
    blocks[0]["value"] = blocks[0]["value"].replace("</p>", marker(citation.uuid) + "</p>")
    article.body = article.body.stream_block.to_python(blocks)
    return citation
