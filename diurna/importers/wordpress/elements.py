"""A piece of an export as elements with their usual names, when the piece is well-formed XML.

Expat parses one piece at a time. No document type is ever handed to it, so there are no entities
to expand (CWE-776, CWE-611).
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

# WXR has six levels; what goes deeper is none, and depth costs memory.
MAX_DEPTH: Final = 40
# Expat hands over a text in pieces of this size at most.
_TEXT_BUFFER: Final = 65_536
_NAMESPACES: Final = (
    (re.compile(r"wordpress\.org/export(?:/[\d.]+)?/excerpt/?$"), "excerpt"),
    (re.compile(r"wordpress\.org/export(?:/[\d.]+)?/?$"), "wp"),
    (re.compile(r"purl\.org/rss/1\.0/modules/content/?$"), "content"),
    (re.compile(r"purl\.org/dc/elements/1\.[01]/?$"), "dc"),
)
_USUAL: Final = frozenset({"wp", "excerpt", "content", "dc"})

_META: Final = frozenset({"wp:meta_key", "wp:meta_value"})
# What may be in what; everything that is named here and holds nothing is a field with a text.
CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "item": frozenset(
        "title link pubDate dc:creator guid description content:encoded excerpt:encoded category "
        "wp:post_id wp:post_date wp:post_date_gmt wp:post_modified wp:post_modified_gmt "
        "wp:comment_status wp:ping_status wp:post_name wp:status wp:post_parent wp:menu_order "
        "wp:post_type wp:post_password wp:is_sticky wp:attachment_url wp:postmeta "
        "wp:comment".split()
    ),
    "wp:postmeta": _META,
    "wp:comment": frozenset(
        "wp:comment_id wp:comment_author wp:comment_author_email wp:comment_author_url "
        "wp:comment_author_IP wp:comment_agent wp:comment_date wp:comment_date_gmt "
        "wp:comment_content wp:comment_approved wp:comment_type wp:comment_parent "
        "wp:comment_user_id wp:commentmeta".split()
    ),
    "wp:commentmeta": _META,
    "wp:author": frozenset(
        "wp:author_id wp:author_login wp:author_email wp:author_display_name "
        "wp:author_first_name wp:author_last_name".split()
    ),
    "wp:category": frozenset(
        "wp:term_id wp:category_nicename wp:category_parent wp:cat_name "
        "wp:category_description wp:termmeta".split()
    ),
    "wp:tag": frozenset(
        "wp:term_id wp:tag_slug wp:tag_name wp:tag_description wp:termmeta".split()
    ),
    "wp:term": frozenset(
        "wp:term_id wp:term_taxonomy wp:term_slug wp:term_parent wp:term_name "
        "wp:term_description wp:termmeta".split()
    ),
    "wp:termmeta": _META,
    "channel": frozenset(
        "title link description language pubDate generator wp:wxr_version wp:base_site_url "
        "wp:base_blog_url".split()
    ),
}
KNOWN: Final = frozenset().union(*CHILDREN.values())
FIELDS: Final = KNOWN - CHILDREN.keys()


class Element:
    """An XML element with its usual name (`wp:post_id`), whatever prefix the file uses."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str] | None = None) -> None:
        self.name = name
        self.attributes = attributes or {}
        self.children: list[Element] = []
        self.pieces: list[str] = []

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


class NotWellFormed(Exception):
    """Expat's word for what is wrong, and the index of the byte."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.index = index


class _NotWxr(Exception):
    pass


class Names:
    """What the prefixes of one file mean: those it declares, and the usual ones without that."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        self._usual: dict[str, str] = {}
        self.declares_wxr = False

    def declare(self, attributes: Mapping[str, str]) -> None:
        """Take in the namespaces that an element declares; they hold for the rest of the file."""
        for attribute, uri in attributes.items():
            if attribute == "xmlns" or attribute.startswith("xmlns:"):
                self._prefixes[attribute[6:]] = _prefix_of(uri.strip())
                self.declares_wxr |= self._prefixes[attribute[6:]] in {"wp", "excerpt"}
        self._usual.clear()

    def usual(self, qualified: str) -> str:
        """The usual name of an element: `w:post_id` is `wp:post_id`, if `w` is WordPress's."""
        try:
            return self._usual[qualified]
        except KeyError:
            return self._usual.setdefault(qualified, self._find(qualified))

    def _find(self, qualified: str) -> str:
        prefix, _, local = qualified.rpartition(":")
        if usual := self._prefixes.get(prefix):
            name = f"{usual}:{local}"
            # A namespace without a prefix would hold for RSS's own names too.
            return name if prefix or (name in KNOWN and local not in KNOWN) else local
        if not prefix or prefix in _USUAL:
            return qualified
        if prefix in self._prefixes:
            return qualified
        # A prefix that was never declared: WordPress's own names tell themselves.
        if f"wp:{local}" in KNOWN | CHILDREN.keys():
            return f"wp:{local}"
        if local == "encoded":
            return "excerpt:encoded" if prefix.startswith("e") else "content:encoded"
        return "dc:creator" if local == "creator" else qualified


def parse(piece: bytes | str, names: Names) -> Element:
    """The element that the piece is. `NotWellFormed` when it is not one well-formed element."""
    return _Builder(names).parse(piece)


class _Builder:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._root = Element("")
        self._open = [self._root]

    def parse(self, piece: bytes | str) -> Element:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = _TEXT_BUFFER
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            parser.Parse(piece, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code) or "not well-formed"
            raise NotWellFormed(reason, max(0, parser.ErrorByteIndex)) from error
        except _NotWxr as problem:
            raise NotWellFormed(str(problem), max(0, parser.CurrentByteIndex)) from problem
        return self._root.children[0]

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        if attributes and any(name.startswith("xmlns") for name in attributes):
            self._names.declare(attributes)
        element = Element(self._names.usual(qualified), attributes)
        above = self._open[-1]
        above.children.append(element)
        self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            raise _NotWxr("it is nested deeper than any export")
        if above.name in FIELDS:
            # The text of a field with markup in it must be taken as it is written.
            raise _NotWxr("a field holds markup")

    def _end(self, _qualified: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        top = self._open[-1]
        if top.name in CHILDREN:
            if not text.isspace():
                raise _NotWxr("there is text outside the fields")
            return
        top.pieces.append(text)


def _prefix_of(uri: str) -> str:
    return next((prefix for pattern, prefix in _NAMESPACES if pattern.search(uri)), "")
