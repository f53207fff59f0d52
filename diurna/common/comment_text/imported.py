"""HTML of a comment from another system, told to the writer.

WordPress keeps a comment as its `kses` left it: a handful of inline elements, and line ends that
its `wpautop` makes paragraphs of when it is shown. Exports hold worse, so this reads any HTML, one
mark after the other and never back; what it does not know goes, and its words stay.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Final

from diurna.common.comment_text.addresses import address
from diurna.common.comment_text.markdown import read_plain
from diurna.common.comment_text.writer import Writer

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_HREF: Final = re.compile(
    r"""(?:^|[\s"'/])(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)
# Python refuses to read numbers of thousands of digits, and no character needs more than seven.
_LONG_NUMBER: Final = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")
_SILENT: Final = frozenset(
    "script style title textarea noscript noframes noembed iframe object embed applet svg math"
    " template select head xmp plaintext".split()
)
_INLINE: Final = {
    "b": "strong", "strong": "strong",
    "i": "em", "em": "em", "cite": "em", "dfn": "em", "var": "em",
    "s": "s", "strike": "s", "del": "s",
    "code": "code", "tt": "code", "kbd": "code", "samp": "code",
}  # fmt: skip
_BLOCKS: Final = frozenset({"blockquote", "ul", "ol", "li", "pre"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS: Final = _HEADINGS | frozenset(
    "p div address article aside caption center dd details div dl dt figcaption figure footer form"
    " header hr main nav section summary table tbody td tfoot th thead tr".split()
)


def read_html(source: str, writer: Writer, own_hosts: frozenset[str]) -> None:
    """Tell the writer what the HTML says; `source` is tidied text."""
    Reader(source, writer, own_hosts).read()


class Reader:
    """One piece of HTML on its way to the writer."""

    def __init__(self, source: str, writer: Writer, own_hosts: frozenset[str]) -> None:
        self._source = source
        self._writer = writer
        self._own_hosts = own_hosts
        self._preformatted = 0
        # Ends that were looked for in vain: what is not there later is not looked for again.
        self._missing: set[str] = set()

    def read(self) -> None:
        """From the beginning to the end, once."""
        at = 0
        while at < len(self._source):
            opened = self._source.find("<", at)
            if opened < 0:
                opened = len(self._source)
            self._words(self._source[at:opened])
            at = self._mark(opened) if opened < len(self._source) else opened

    def _mark(self, at: int) -> int:
        """Read what begins with the `<` at this place; where to go on."""
        if self._source.startswith("<!--", at):
            return self._past("-->", at) or at + 4
        if self._source.startswith(("<!", "<?"), at):
            return self._past(">", at) or at + 2
        match = _TAG.match(self._source, at)
        if match is None:
            self._words("<")
            return at + 1
        tag = match[2].lower()
        if tag in _SILENT and not match[1]:
            name = self._past(f"</{tag}", match.end())
            return (name and self._past(">", name)) or match.end()
        self._tag(tag, closing=bool(match[1]), attributes=match[3])
        # Editors write a line end behind each break, and mean one.
        return match.end() + (tag == "br" and self._source.startswith("\n", match.end()))

    def _past(self, end: str, at: int) -> int:
        """The place behind the next such end, 0 if there is none."""
        if end in self._missing:
            return 0
        found = re.compile(re.escape(end), re.IGNORECASE).search(self._source, at)
        if found is None:
            self._missing.add(end)
            return 0
        return found.end()

    def _words(self, words: str) -> None:
        if not words:
            return
        words = unescape(_LONG_NUMBER.sub("\ufffd", words))
        if self._preformatted:
            self._writer.text(words)
            return
        read_plain(words, self._writer)

    def _tag(self, tag: str, *, closing: bool, attributes: str) -> None:
        if tag in _INLINE:
            self._either(closing, self._writer.inline, self._writer.end_inline, _INLINE[tag])
        elif tag in _BLOCKS:
            if tag == "pre":
                self._preformatted = 0 if closing else 1
            self._either(closing, self._writer.block, self._writer.end_block, tag)
        elif tag in _PARAGRAPHS:
            self._writer.end_block("p")
            if tag in _HEADINGS and not closing:
                self._writer.block("p")
                self._writer.inline("strong")
        elif tag == "br":
            self._writer.line_break()
        elif tag == "q":
            self._writer.text("”" if closing else "“")
        elif tag == "a" and closing:
            self._writer.end_link()
        elif tag in ("a", "img") and not closing:
            self._link(tag, attributes)

    def _link(self, tag: str, attributes: str) -> None:
        values = {
            match[1].lower(): unescape(
                _LONG_NUMBER.sub("\ufffd", match[2] or match[3] or match[4] or "")
            ).strip()
            for match in _HREF.finditer(attributes)
        }
        target = address(
            values.get("src" if tag == "img" else "href", ""), own_hosts=self._own_hosts
        )
        if target is not None:
            self._writer.link(target)
        if tag == "img":
            self._writer.text(values.get("alt", ""), find_addresses=False)
            if target is not None:
                self._writer.end_link()

    @staticmethod
    def _either(
        closing: bool, begin: Callable[[str], None], end: Callable[[str], None], tag: str
    ) -> None:
        (end if closing else begin)(tag)
