"""One page as the site answers with it, in each encoding: asked for, kept in a file, compared."""

import base64
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.homes import HOST
from bench.processes import LOOPBACK

ENCODINGS: Final = ("", "gzip", "br")
# What the server itself adds to every answer.
_OF_THE_SERVER: Final = frozenset({"date", "server", "connection", "keep-alive"})
SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers without those of the server, and the body as it was sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name; empty if there is none."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")


def ask(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """One answer over a connection of its own."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS)
    try:
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, text in {"Host": HOST, **(headers or {})}.items():
            connection.putheader(name, text)
        connection.endheaders()
        answer = connection.getresponse()
        kept = [pair for pair in answer.getheaders() if pair[0].lower() not in _OF_THE_SERVER]
        return Answer(answer.status, kept, answer.read())
    finally:
        connection.close()


def page(port: int, path: str) -> dict[str, Answer]:
    """The page at this path in each encoding, by the encoding's name."""
    return {name: ask(port, path, {"Accept-Encoding": name} if name else {}) for name in ENCODINGS}


def keep(page: Mapping[str, Answer], file: Path) -> None:
    """Write the page to a file that `load` reads."""
    told = {
        name: [one.status, one.headers, base64.b64encode(one.body).decode()]
        for name, one in page.items()
    }
    file.write_text(json.dumps(told), encoding="utf-8")


def load(file: Path) -> dict[str, Answer]:
    """A page that `keep` has written."""
    return {
        name: Answer(status, [(key, text) for key, text in headers], base64.b64decode(body))
        for name, (status, headers, body) in json.loads(file.read_text("utf-8")).items()
    }
