"""Stored rich text as paragraphs of plain words, with where its citations and links stand. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from diurna.newsroom.citation_marks import LINK_TYPE

# Tags of rich text that stand inside a sentence; every other one ends it.
_INSIDE: Final = frozenset(
    {"a", "b", "strong", "i", "em", "sup", "sub", "s", "del", "code", "span", "mark", "embed"}
)


@dataclass(frozen=True)
class Link:
    """A link as it is stored: to one of our pages or documents by number, or to an address."""

    kind: str  # "page", "document", "address"
    target: str
    words: str


@dataclass
class Paragraph:
    """Plain words; `markers` are the places in them (characters) at which citations stand."""

    words: str = ""
    markers: list[int] = field(default_factory=list)


@dataclass
class Passage:
    """The paragraphs of one rich text, none of them empty, and its links in order."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def read_passage(html: str) -> Passage:
    """What stands in a stored rich text. Any text is read in time proportional to its length."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return reader.passage


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passage = Passage()
        self._parts: list[str] = []
        self._length = 0
        self._markers: list[int] = []
        self._in_marker = False
        self._link: tuple[str, str] | None = None
        self._link_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._start_link({name: value or "" for name, value in attrs})
        elif tag == "br":
            self._add(" ")
        elif tag not in _INSIDE:
            self.end_paragraph()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag not in _INSIDE and tag != "br":
            self.end_paragraph()

    def handle_data(self, data: str) -> None:
        if self._in_marker:
            return
        if self._link is not None:
            self._link_words.append(data)
        self._add(data)

    def end_paragraph(self) -> None:
        words = "".join(self._parts)
        if words.strip():
            self.passage.paragraphs.append(Paragraph(words, self._markers))
        self._parts, self._length, self._markers = [], 0, []

    def _add(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _start_link(self, values: dict[str, str]) -> None:
        kind = values.get("linktype", "")
        if kind == LINK_TYPE:
            self._in_marker = True
            self._markers.append(self._length)
        elif kind in {"page", "document"}:
            self._link = (kind, values.get("id", ""))
        elif not kind:
            self._link = ("address", values.get("href", ""))

    def _end_link(self) -> None:
        self._in_marker = False
        if self._link is not None:
            words = " ".join("".join(self._link_words).split())
            self.passage.links.append(Link(*self._link, words))
        self._link, self._link_words = None, []
