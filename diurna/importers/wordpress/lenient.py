"""A piece of an export that is not well-formed, read by what is known of WXR.

The names that may stand in an item, a comment or a head are few and known, so where an end is
missing, what follows tells where it must have been. Every repair is noted with its place.
"""

import html
import re
from html.entities import html5
from typing import Final

from diurna.importers.wordpress.elements import CHILDREN, FIELDS, KNOWN, Element, Names
from diurna.importers.wordpress.wounds import Place, Wound, Wounds

_TOKEN: Final = re.compile(
    r"<(?:"
    r"(?P<cdata>!\[CDATA\[)"
    r"|(?P<comment>!--)"
    r"|(?P<skip>\?[^<>]*+>|!DOCTYPE[^<>]*+>)"
    r"|(?P<slash>/?)(?P<name>[A-Za-z_][\w.-]*+(?::[\w.-]++)?)"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+(?=>)|[^<>]*+)>"
    r")"
)
_NEXT_TAG: Final = re.compile(r"\s*</?(?P<name>[A-Za-z_][\w.-]*+(?::[\w.-]++)?)")
_ATTRIBUTE: Final = re.compile(
    r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"=]*)\"|'([^'=]*)'|[\"']?([^\s\"'<>=]+))"
)
_REFERENCE: Final = re.compile(
    r"&(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z]\w{0,31});)?"
)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# The end of a section may be looked for to the end of the item; not in a text made of nothing else.
_MAX_SEARCHES: Final = 10_000
_TRANSPARENT: Final = frozenset({"rss", "channel"})
_USUAL_PREFIXES: Final = ("wp:", "excerpt:", "content:", "dc:")


def read_leniently(text: str, place: Place, names: Names, wounds: Wounds, root: str) -> Element:
    """The element `root` (`item`, `wp:author`, `channel` ...) with what could be told of it.

    `text` begins at `place`; what was repaired is added to `wounds`. The start and end tag of the
    root itself may be missing.
    """
    return _Reader(text, place, names, wounds, root).read()


class _Reader:
    def __init__(self, text: str, place: Place, names: Names, wounds: Wounds, root: str) -> None:
        self._source = text
        self._place = place
        self._names = names
        self._wounds = wounds
        self._root = Element(root)
        self._open: list[tuple[Element, str]] = [(self._root, root)]
        self._place_at = (0, place)
        self._comments_end = True
        self._is_whole = bool(re.search(r"</[\w:.-]{1,80}\s{0,9}>\s{0,99}\Z", text[-200:]))
        self._searches = 0

    def read(self) -> Element:
        position = 0
        while (token := _TOKEN.search(self._source, position)) is not None:
            self._text(position, token.start())
            position = self._token(token)
        self._text(position, len(self._source))
        if self._root.name == "item":
            for element, _ in self._open[:0:-1]:
                self._wound(Wound.NO_END, len(self._source), element.name)
        return self._root

    def _token(self, token: re.Match[str]) -> int:
        """Take in what the token begins; where to go on."""
        if token["cdata"]:
            return self._cdata(token.end())
        if token["comment"]:
            if self._comments_end:
                end = self._source.find("-->", token.end())
                self._comments_end = end >= 0
                return end + 3 if end >= 0 else token.end()
            return token.end()
        if token["skip"]:
            return token.end()
        name = self._names.usual(token["name"])
        if token["slash"]:
            self._end(name, token)
        elif name == self._root.name and len(self._open) == 1:
            self._root.attributes.update(_attributes(token["attributes"]))
        elif name not in _TRANSPARENT:
            self._start(name, token)
        return token.end()

    def _start(self, name: str, token: re.Match[str]) -> None:
        top = self._open[-1][0]
        if self._ends_field(name, top):
            while top.name not in CHILDREN:
                self._wound(Wound.NO_END, token.start(), top.name)
                self._open.pop()
                top = self._open[-1][0]
        elif top.name in FIELDS:
            self._literally(token, top)
            return
        if top.name in CHILDREN:
            self._go_up_for(name, token.start())
        element = Element(name, _attributes(token["attributes"]))
        self._open[-1][0].children.append(element)
        if not token["attributes"].rstrip().endswith("/"):
            self._open.append((element, token["name"]))

    def _ends_field(self, name: str, top: Element) -> bool:
        """Whether a start tag inside a field can only mean that the field's end is missing."""
        if name not in KNOWN or top.name in CHILDREN:
            return False
        if ":" in name:
            return True
        # An unknown element of the head may hold a title (that of an image); in an item it is one
        # whose name is damaged.
        return ":" not in top.name and (top.name in FIELDS or self._root.name == "item")

    def _go_up_for(self, name: str, index: int) -> None:
        """Close what has no end, as far up as this name belongs."""
        for depth in range(len(self._open) - 1, -1, -1):
            if name in CHILDREN.get(self._open[depth][0].name, ()):
                for element, _ in self._open[:depth:-1]:
                    self._wound(Wound.NO_END, index, element.name)
                del self._open[depth + 1 :]
                return

    def _end(self, name: str, token: re.Match[str]) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth][0].name == name:
                for element, _ in self._open[:depth:-1]:
                    self._wound(Wound.NO_END, token.start(), element.name)
                del self._open[depth:]
                return
        if name == self._root.name or name in _TRANSPARENT:
            return
        top = self._open[-1][0]
        if top.name in CHILDREN:
            self._wound(Wound.STRAY_END, token.start(), name)
        elif name.startswith(_USUAL_PREFIXES) or name in KNOWN:
            # One of the two names is damaged; the one that is known is right.
            self._wound(Wound.OTHER_END, token.start(), top.name)
            top.name = top.name if top.name in KNOWN or name not in KNOWN else name
            self._open.pop()
        elif top.name in FIELDS and self._is_misspelt(token, top):
            self._wound(Wound.OTHER_END, token.start(), top.name)
            self._open.pop()
        else:
            self._literally(token, top)

    def _is_misspelt(self, token: re.Match[str], top: Element) -> bool:
        """Whether an unknown end, which has no start in the field, is followed by a known tag."""
        following = _NEXT_TAG.match(self._source, token.end())
        if not following or f"<{token['name']}" in top.text:
            return False
        name = self._names.usual(following["name"])
        return name in KNOWN or name in CHILDREN

    def _literally(self, token: re.Match[str], top: Element) -> None:
        if top.name in FIELDS:
            self._wound(Wound.MARKUP, token.start(), top.name)
        self._text(token.start(), token.end(), is_markup=True)

    def _text(self, start: int, end: int, *, is_markup: bool = False) -> None:
        if start == end:
            return
        top = self._open[-1][0]
        if top.name in CHILDREN:
            loose = self._source[start:end]
            if loose.strip():
                first = start + len(loose) - len(loose.lstrip())
                self._wound(Wound.LOOSE_TEXT, first)
            return
        if not is_markup:
            less = self._source.find("<", start, end)
            while less >= 0:
                self._wound(Wound.LESS_THAN, less)
                less = self._source.find("<", less + 1, end)
        pieces: list[str] = []
        position = start
        for found in _REFERENCE.finditer(self._source, start, end):
            pieces.append(self._source[position : found.start()])
            pieces.append(self._reference(found))
            position = found.end()
        pieces.append(self._source[position:end])
        top.pieces.append(self._clean("".join(pieces), start, end))

    def _reference(self, found: re.Match[str]) -> str:
        number = int(found["decimal"] or 0) or int(found["hex"] or "0", 16)
        if found["decimal"] or found["hex"]:
            if number == 0 or number > 0x10FFFF or _FORBIDDEN.match(chr(number)):
                self._wound(Wound.FORBIDDEN, found.start())
                return ""
            return chr(number)
        name = found["name"]
        if not name:
            self._wound(Wound.AMPERSAND, found.start())
            return found[0]
        if name in _XML_ENTITIES:
            return _XML_ENTITIES[name]
        letter = html5.get(f"{name};")
        self._wound(Wound.HTML_ENTITY if letter else Wound.UNKNOWN_ENTITY, found.start(), name)
        return letter or found[0]

    def _clean(self, text: str, start: int, end: int) -> str:
        """The text as XML allows it, lines ending in \\n; `start` and `end` say where it stood."""
        text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        if not _FORBIDDEN.search(text):
            return text
        for found in _FORBIDDEN.finditer(self._source, start, end):
            self._wound(Wound.FORBIDDEN, found.start())
        return _FORBIDDEN.sub("", text)

    def _cdata(self, start: int) -> int:
        """Take in the CDATA section whose text begins here; where to go on behind it."""
        top, qualified = self._open[-1]
        close = self._source.find("]]>", start)
        if top.name in CHILDREN:
            self._wound(Wound.LOOSE_TEXT, start)
            return close + 3 if close >= 0 else len(self._source)
        end, behind = self._end_of_cdata(start, close, qualified)
        text = self._source[start:end]
        if end > close >= 0:
            text = self._unnested(text, start)
        top.pieces.append(self._clean(text, start, end))
        return behind

    def _end_of_cdata(self, start: int, close: int, qualified: str) -> tuple[int, int]:
        """Where the text of a section ends, and where to go on."""
        self._searches += 1
        if self._searches > _MAX_SEARCHES and close >= 0:
            return close, close + 3
        # It has to be followed by the end of the element or by another section.
        tag = re.escape(qualified)
        proper = re.compile(rf"\]\]>(?=\s*</{tag}\s*>|<!\[CDATA\[)").search(self._source, start)
        if close < 0 and not self._is_whole:
            self._wound(Wound.CDATA_NO_END, len(self._source))
            return len(self._source), len(self._source)
        limit = proper.start() if proper else len(self._source)
        lost = self._lost_end(start, limit, tag)
        if proper and proper.start() == close:
            # Words like an export's may be text; not if another section opens behind them.
            if lost >= 0 and "<![CDATA[" in self._source[lost:close] and not self._splits(close):
                self._wound(Wound.CDATA_NO_END, lost)
                return lost, lost
            self._searches -= 1
            return close, close + 3
        if 0 <= close < lost:
            return close, close + 3
        if lost >= 0:
            self._wound(Wound.CDATA_NO_END, lost)
            return lost, lost
        if proper:
            return proper.start(), proper.end()
        if close >= 0:
            return close, close + 3
        self._wound(Wound.CDATA_NO_END, len(self._source))
        return len(self._source), len(self._source)

    def _splits(self, close: int) -> bool:
        """Whether this is the way in which WordPress writes `]]>` inside a text."""
        return self._source[close - 2 : close + 13] == "]]]]><![CDATA[>"

    def _lost_end(self, start: int, limit: int, tag: str) -> int:
        """Where a section must have ended whose own end is missing; -1 when nothing says so."""
        pattern = re.compile(
            rf"</{tag}\s*>(?=\s*</?[\w.-]+(?::[\w.-]+)?)|<(?P<name>[\w.-]+:[\w.-]+)>"
        )
        for found in pattern.finditer(self._source, start, limit):
            if found["name"] is None or self._names.usual(found["name"]) in KNOWN:
                return found.start()
        return -1

    def _unnested(self, text: str, start: int) -> str:
        """The text of a section in which others were opened, without their marks."""
        pieces: list[str] = []
        depth = position = 0
        for mark in re.finditer(r"<!\[CDATA\[|\]\]>", text):
            if mark[0] != "]]>":
                self._wound(Wound.CDATA_NESTED, start + mark.start())
                depth += 1
            elif depth:
                depth -= 1
            else:
                self._wound(Wound.CDATA_END_INSIDE, start + mark.start())
                continue
            pieces.append(text[position : mark.start()])
            position = mark.end()
        pieces.append(text[position:])
        return "".join(pieces)

    def _wound(self, wound: Wound, index: int, word: str = "") -> None:
        last, place = self._place_at
        if index < last:
            last, place = 0, self._place
        place = place.after(self._source[last:index])
        self._place_at = (index, place)
        self._wounds.add(wound, place, word)


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1]: _FORBIDDEN.sub("", html.unescape(found[2] or found[3] or found[4] or ""))
        for found in _ATTRIBUTE.finditer(text)
    }
