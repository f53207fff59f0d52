"""The canonical text of an article: what its words were, in a form that anyone can recompute.

The text is made twice, by two roads that must meet: from the structured data when an article is
published (`render_lines`, called by the models), and from the public page by anybody
(`recompute`). The definition is `docs/reference/canonical-text.md`; this module is that page as
code. It imports nothing but the standard library, so that it can be copied and run alone:

    python canonical.py < page.html

Form: UTF-8, Unicode NFC, each line ends with a line feed. The first line is
`diurna-canonical-text/1`; every other line is `<kind>: <text>`.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Final, NamedTuple

HEADER: Final = "diurna-canonical-text/1"

# Named one by one, since `\s` means different characters in Python and in JavaScript.
_SPACES: Final = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN_OF_SPACES: Final = re.compile(f"[{_SPACES}]+")
_TRAILING_SPACES: Final = re.compile(f"[{_SPACES}]+$")

# A new line starts before and after each of these; every other element flows in its line.
_BLOCKS: Final = frozenset(
    "address article aside blockquote br caption dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main nav ol p pre section "
    "summary table tbody tfoot thead tr ul".split()
)
_CELLS: Final = frozenset({"td", "th"})
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg"})
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
# Elements whose end tag may be left out close when one of these follows or their parent ends.
_CLOSED_BY: Final = {
    "p": _BLOCKS - {"br"},
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
}


class Line(NamedTuple):
    """One line of a canonical text: its kind (`headline`, `text`, `caption`, ...) and its text."""

    kind: str
    text: str


def render_lines(lines: Iterable[Line]) -> str:
    """The canonical text of these lines, header first; lines without text are left out."""
    body = "".join(f"{kind}: {text}\n" for kind, text in lines if text)
    return f"{HEADER}\n{body}"


def parse_lines(text: str) -> list[Line]:
    """The lines of a canonical text; ValueError when it does not start with the header."""
    header, _, body = text.partition("\n")
    if header != HEADER:
        raise ValueError(f"A canonical text starts with {HEADER!r}, not with {header[:40]!r}.")
    pairs = (line.partition(": ") for line in body.split("\n") if line)
    return [Line(kind, value) for kind, _, value in pairs]


def plain_line(kind: str, text: str) -> list[Line]:
    """The line of a plain string, white space folded; no line when nothing is left."""
    folded = _fold(text)
    return [Line(kind, folded)] if folded else []


def html_lines(kind: str, html: str) -> list[Line]:
    """The lines of a piece of HTML: one for each paragraph, list item, table row and so on."""
    return recompute_lines(f'<div data-canonical="{kind}">{html}</div>')


def verbatim_lines(kind: str, text: str) -> list[Line]:
    """The lines of preformatted text: indentation kept, empty lines left out."""
    return [Line(kind, line) for raw in text.split("\n") if (line := _keep(raw))]


def format_time(moment: datetime) -> str:
    """A moment as the canonical text writes it: UTC, to the second, `2026-11-22T16:05:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def recompute(html: str) -> str:
    """The canonical text of a public page, from its `data-canonical` marks alone."""
    return render_lines(recompute_lines(html))


def recompute_lines(html: str) -> list[Line]:
    """The lines that the marked elements of this HTML give, in document order."""
    reader = _MarkReader()
    reader.feed(html)
    reader.close()
    return list(reader.finish())


def _fold(text: str) -> str:
    return _RUN_OF_SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def _keep(text: str) -> str:
    return _TRAILING_SPACES.sub("", unicodedata.normalize("NFC", text))


class _Open(NamedTuple):
    tag: str
    kind: str | None
    silent: bool
    target: str | None


class _MarkReader(HTMLParser):
    """Reads marked elements out of HTML; forgiving about left-out end tags, as browsers are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._stack: list[_Open] = []
        self._lines: list[Line] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_left_open(tag)
        named = {name: value or "" for name, value in attrs}
        outer = self._stack[-1] if self._stack else _Open("", None, False, None)
        kind = named.get("data-canonical") or outer.kind
        silent = outer.silent or tag in _SILENT or "data-canonical-skip" in named
        if tag in _BLOCKS or kind != outer.kind or "data-canonical" in named:
            self._break(outer.kind)
        # A code or a date stands for the whole element: its visible words are for people only.
        coded = named.get("data-canonical-code")
        if "data-canonical" in named and tag == "time":
            coded = named.get("datetime", "")
        if coded is not None and not silent and kind:
            self._text.append(coded)
            silent = True
        elif not silent and kind:
            self._read_start(tag, named)
        target = named.get("data-canonical-target") or named.get("href")
        if tag in _VOID:
            self._break(kind if "data-canonical" in named or tag in _BLOCKS else None)
            return
        marked = kind if "data-canonical" in named else outer.kind
        self._stack.append(_Open(tag, marked, silent, target if tag == "a" else None))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._stack):
            return
        while self._stack:
            element = self._stack[-1]
            self._close(element)
            if element.tag == tag:
                return

    def handle_data(self, text: str) -> None:
        if self._stack and self._stack[-1].kind and not self._stack[-1].silent:
            inside_pre = any(element.tag == "pre" for element in self._stack)
            self._text.append(text if inside_pre else text.replace("\n", " "))

    def finish(self) -> Iterator[Line]:
        while self._stack:
            self._close(self._stack[-1])
        return iter(self._lines)

    def _read_start(self, tag: str, named: dict[str, str]) -> None:
        if tag == "img" and (alt := named.get("alt", "")):
            self._text.append(alt if "data-canonical" in named else f"[{alt}]")
        elif tag in _CELLS:
            self._text.append("| ")

    def _close(self, element: _Open) -> None:
        if element.target and element.kind and not element.silent:
            self._text.append(f" ⟨{element.target}⟩")
        if element.tag in _CELLS and element.kind:
            self._text.append(" ")
        verbatim = any(open_.tag == "pre" for open_ in self._stack)
        self._stack.pop()
        outer_kind = self._stack[-1].kind if self._stack else None
        if element.tag in _BLOCKS or element.kind != outer_kind:
            self._break(element.kind, verbatim=verbatim)

    def _close_left_open(self, tag: str) -> None:
        while self._stack and tag in _CLOSED_BY.get(self._stack[-1].tag, ()):
            self._close(self._stack[-1])

    def _break(self, kind: str | None, *, verbatim: bool = False) -> None:
        if kind is None:
            return
        text = "".join(self._text)
        self._text.clear()
        self._lines += verbatim_lines(kind, text) if verbatim else plain_line(kind, text)


if __name__ == "__main__":
    sys.stdout.write(recompute(sys.stdin.read()))
