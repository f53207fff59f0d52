"""XML as a stream of the channel's children, in constant memory, with nothing declared.

Expat reads the file in pieces. A document type that declares entities is refused at the
declaration, before one is expanded (billion laughs, external entities: CWE-776, CWE-611); WXR
never has one. A child of `<channel>` is handed over as soon as it ends, and forgotten.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from diurna.common.errors import Invalid

_CHUNK: Final = 65_536
_SEPARATOR: Final = "\x1f"
# WXR has six levels; a file with more than this is not one, and depth costs memory.
MAX_DEPTH: Final = 40
_NAMESPACES: Final = (
    (re.compile(r"^https?://wordpress\.org/export/1\.\d+/?$"), "wp"),
    (re.compile(r"^https?://wordpress\.org/export/1\.\d+/excerpt/?$"), "excerpt"),
    (re.compile(r"^http://purl\.org/rss/1\.0/modules/content/?$"), "content"),
    (re.compile(r"^http://purl\.org/dc/elements/1\.1/?$"), "dc"),
)
WXR_NAMESPACE: Final = _NAMESPACES[0][0]


@dataclass(slots=True)
class Element:
    """An XML element with its usual prefix (`wp:post_id`), whatever prefix the file uses."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside, as it stands, CDATA sections joined."""
        return "".join(self.pieces)

    def first(self, name: str) -> str:
        """The text of the first child of this name, stripped; empty when there is none."""
        for child in self.children:
            if child.name == name:
                return child.text.strip()
        return ""


class ChannelStream:
    """The children of `<channel>`, one after the other.

    `uses_wxr` and `root` say what was declared up to the child handed over last.
    """

    def __init__(self, source: IO[bytes], path: Path) -> None:
        self._source = source
        self._path = path
        self._open: list[Element] = []
        self._depth = 0
        self._done: deque[Element] = deque()
        self.root = ""
        self.uses_wxr = False
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartNamespaceDeclHandler = self._namespace
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._external
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser = parser

    @property
    def bytes_read(self) -> int:
        """How far into the file the stream has come."""
        return max(0, self._parser.CurrentByteIndex)

    def __iter__(self) -> Iterator[Element]:
        try:
            while chunk := self._source.read(_CHUNK):
                self._parser.Parse(chunk, False)
                while self._done:
                    yield self._done.popleft()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Invalid(
                f"{self._path} is not well-formed XML: {expat.ErrorString(error.code)} at line "
                f"{error.lineno}, column {error.offset + 1}. Export it again, or repair that place."
            ) from error
        while self._done:
            yield self._done.popleft()

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self.root = _prefixed(qualified)
        if self._depth > MAX_DEPTH:
            raise Invalid(
                f"{self._path} is nested deeper than any WordPress export, at line "
                f"{self._parser.CurrentLineNumber}; it is not read."
            )
        if self._depth >= 3:
            element = Element(_prefixed(qualified), self._parser.CurrentLineNumber, attributes)
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def _end(self, _qualified: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def _namespace(self, _prefix: str | None, uri: str) -> None:
        self.uses_wxr = self.uses_wxr or bool(WXR_NAMESPACE.match(uri))

    def _entity(self, *_declaration: object) -> None:
        raise Invalid(
            f"{self._path} declares an entity at line {self._parser.CurrentLineNumber}, which no "
            "WordPress export does; it is not read, since such a file can be made to harm."
        )

    def _external(self, *_reference: object) -> int:
        self._entity()
        return 0


def _prefixed(qualified: str) -> str:
    uri, separator, local = qualified.rpartition(_SEPARATOR)
    if not separator:
        return local
    for pattern, prefix in _NAMESPACES:
        if pattern.match(uri):
            return f"{prefix}:{local}"
    return f"?:{local}"
