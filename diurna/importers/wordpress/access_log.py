"""Old addresses out of a server's log, a sitemap or a plain list; pure, in constant memory a line.

Logs in the Common and Combined formats (Apache's `%h %l %u %t "%r" %>s %b`, nginx's default) name
the visitor first; nothing but the request and the status is read from a line, and nothing else is
kept or handed on.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit
from xml.parsers import expat

from diurna.common.errors import Invalid

Readable = BufferedReader | gzip.GzipFile

MAX_LINE: Final = 16_384
# Unpacked: a month of a busy site. What unpacks to more is no log.
MAX_BYTES: Final = 20_000_000_000
_CHUNK: Final = 65_536
# The request is the first quoted part after the time; a quotation mark in it is escaped.
_REQUEST: Final = re.compile(
    r"\[[^\]]{10,40}\]\s+\"(?P<method>[A-Z]+) (?P<target>(?:[^\"\\]|\\.)*?)(?: HTTP/[\d.]+)?\""
    r"\s+(?P<status>\d{3})\b"
)
_LOOKS_LIKE_LOG: Final = re.compile(r"\[[^\]]{10,40}\]\s+\"")
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})|\\(.)")
_ASKED_FOR_PAGES: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as it was asked for: path and query, and how it was answered then (0: unknown)."""

    address: str
    status: int = 0


def read_addresses(path: Path) -> Iterator[Asked]:
    """The addresses in a file, in its order, repeated as often as they stand there.

    `Invalid` for a file that is not there, that unpacks to too much, or that holds none of the
    three.
    """
    try:
        with _opened(path) as file:
            head = file.peek(512)[:512]
            if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                yield from _sitemap(file, path)
            else:
                yield from _lines(file)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise Invalid(f"{path} can't be read ({why}).") from error


def path_and_query(address: str) -> str:
    """What a browser would ask this host for; empty for what is no address."""
    text = address.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"}:
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # A path may begin with two slashes; what stands there is no host.
    return text.partition("#")[0] if text.startswith("/") else ""


def _opened(path: Path) -> BufferedReader | gzip.GzipFile:
    with path.open("rb") as file:
        is_zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if is_zipped else path.open("rb")


def _lines(file: Readable) -> Iterator[Asked]:
    read = 0
    while raw := file.readline(MAX_LINE):
        read += len(raw)
        if read > MAX_BYTES:
            raise Invalid(f"This file holds more than {MAX_BYTES // 1_000_000_000} GB of lines.")
        asked = _from_line(raw.decode("utf-8", "replace").strip())
        if asked is not None:
            yield asked


def _from_line(line: str) -> Asked | None:
    if not line or line.startswith("#"):
        return None
    if match := _REQUEST.search(line):
        if match["method"] not in _ASKED_FOR_PAGES:
            return None
        address = path_and_query(_ESCAPED.sub(_unescaped, match["target"]))
        return Asked(address, int(match["status"])) if address else None
    # A line of a log whose request is no HTTP begins with a visitor's address; it is passed over.
    if _LOOKS_LIKE_LOG.search(line):
        return None
    address = path_and_query(line.split()[0])
    return Asked(address) if address else None


def _unescaped(match: re.Match[str]) -> str:
    # Apache and nginx write bytes that do not print as \xNN.
    return f"%{match[1]}" if match[1] else match[2]


class _Locations:
    """Collects the `<loc>` of a sitemap as expat meets them; `is_index` for a list of sitemaps."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.is_index = False
        self._text: list[str] | None = None

    def started(self, name: str, _attributes: object) -> None:
        """An element begins."""
        space, _, local = name.rpartition(" ")
        self.is_index = self.is_index or local == "sitemapindex"
        # Pictures and films of a page have a `<loc>` too, of another name space.
        if local == "loc" and (not space or "sitemaps.org/" in space):
            self._text = []

    def said(self, words: str) -> None:
        """Text, in pieces."""
        if self._text is not None and len(self._text) < MAX_LINE:
            self._text.append(words)

    def ended(self, _name: str) -> None:
        """An element ends."""
        if self._text is not None:
            self.found.append("".join(self._text))
            self._text = None

    def taken(self) -> list[str]:
        """What was found since the last time."""
        found, self.found = self.found, []
        return found


def _sitemap(file: Readable, path: Path, *, inside: bool = False) -> Iterator[Asked]:
    """The addresses of a sitemap; for an index, also of the sitemaps that lie beside it."""
    locations = _Locations()
    for address in _locations(file, path, locations):
        if asked := path_and_query(address):
            yield Asked(asked)
        beside = path.parent / PurePosixPath(asked.partition("?")[0]).name
        if locations.is_index and not inside and beside != path and beside.is_file():
            with _opened(beside) as other:
                yield from _sitemap(other, beside, inside=True)


def _locations(file: Readable, path: Path, locations: _Locations) -> Iterator[str]:
    def refused(*_args: object) -> None:
        raise Invalid(f"{path} declares entities, which no sitemap does; it is not read.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = locations.started
    parser.EndElementHandler = locations.ended
    parser.CharacterDataHandler = locations.said
    parser.EntityDeclHandler = refused
    read = 0
    try:
        while chunk := file.read(_CHUNK):
            read += len(chunk)
            if read > MAX_BYTES:
                raise Invalid(f"{path} unpacks to more than any sitemap holds.")
            parser.Parse(chunk)
            yield from locations.taken()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Invalid(f"{path} is not well-formed: {error}.") from error
