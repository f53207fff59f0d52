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
from html import unescape
from html.entities import html5
from html.parser import HTMLParser
from typing import Final, NamedTuple

HEADER: Final = "diurna-canonical-text/1"

# Named one by one, since `\s` means different characters in Python and in JavaScript.
_SPACES: Final = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN_OF_SPACES: Final = re.compile(f"[{_SPACES}]+")
_TRAILING_SPACES: Final = re.compile(f"[{_SPACES}]+$")

# A new line starts before and after each of these; every other element flows in its line.
_BLOCKS: Final = frozenset(
    "address article aside blockquote br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p "
    "pre search section summary table tbody tfoot thead tr ul".split()
)
_CELLS: Final = frozenset({"td", "th"})
# Nothing inside these is read: it is no text of the page, or only there where something else fails.
_SILENT: Final = frozenset(
    "audio canvas iframe math noembed noframes noscript object script select style svg template "
    "textarea title video".split()
)
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
# An element whose end tag may be left out ends where one of these starts (HTML, 13.1.2.4), looking
# no further up than the next of `_LIMITS`.
_ENDS_PARAGRAPH: Final = frozenset(
    "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search "
    "section summary table ul".split()
)
_CLOSED_BY: Final = {
    "p": _ENDS_PARAGRAPH,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
}
_LIMITS: Final = _SILENT | {"blockquote", "button", "dl", "ol", "table", "ul"}
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?""", re.ASCII
)
_REFERENCE: Final = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)(=?)")
_LINE_END: Final = re.compile("\r\n|\r|\n")


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


def plain_line(kind: str, text: str | None) -> list[Line]:
    """The line of a plain string, white space folded; no line when nothing is left."""
    folded = _fold(text or "")
    return [Line(kind, folded)] if folded else []


def file_line(sha256: str) -> list[Line]:
    """The line that names a stored file by its bytes (64 hexadecimal digits); none without."""
    return [Line("file", f"sha256:{sha256}")] if sha256 else []


def html_lines(kind: str, html: str) -> list[Line]:
    """The lines of a piece of HTML: one for each paragraph, list item, table row and so on."""
    return recompute_lines(f'<div data-canonical="{kind}">{html}</div>')


def verbatim_lines(kind: str, text: str) -> list[Line]:
    """The lines of preformatted text: indentation kept, empty lines left out."""
    return [Line(kind, line) for raw in _LINE_END.split(text) if (line := _keep(raw))]


def format_time(moment: datetime) -> str:
    """A moment as the canonical text writes it: UTC, to the second, `2026-11-22T16:05:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def recompute(html: str) -> str:
    """The canonical text of a public page, from its `data-canonical` marks alone."""
    return render_lines(recompute_lines(html))


def recompute_lines(html: str) -> list[Line]:
    """The lines that the marked elements of this HTML give, in document order."""
    reader = _MarkReader()
    # Browsers know one end of a line only.
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return list(reader.finish())


def _fold(text: str) -> str:
    return _RUN_OF_SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def _keep(text: str) -> str:
    return _TRAILING_SPACES.sub("", unicodedata.normalize("NFC", text))


def _first_attributes(start_tag: str, tag: str) -> dict[str, str]:
    """The attributes of a start tag as browsers read them: of two with one name, the first.

    Python's own reader takes the last, and before 3.13.6 it resolves `&copy=` inside an address.
    """
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(start_tag, 1 + len(tag)):
        bare = value[1:-1] if value[:1] in ("'", '"') else value
        found.setdefault(name.lower(), _REFERENCE.sub(_resolve, bare))
    return found


def _resolve(reference: re.Match[str]) -> str:
    # In an attribute, a name without its semicolon before "=", a letter or a digit is plain text.
    name, follows = reference.groups()
    if name.startswith("#"):
        return unescape(f"&{name}") + follows
    if name not in html5 or (follows and not name.endswith(";")):
        return reference.group()
    return html5[name] + follows


class _Open(NamedTuple):
    """An element that has started and not ended; `breaks` when lines end at its two ends."""

    tag: str
    kind: str | None
    silent: bool
    target: str | None
    breaks: bool


_NOTHING: Final = _Open("", None, silent=False, target=None, breaks=False)


class _MarkReader(HTMLParser):
    """Reads marked elements out of HTML; forgiving about left-out end tags, as browsers are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._stack: list[_Open] = []
        self._lines: list[Line] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_left_open(tag)
        outer = self._stack[-1] if self._stack else _NOTHING
        if outer.silent:
            self._open(_Open(tag, outer.kind, silent=True, target=None, breaks=False))
            return
        named = _first_attributes(self.get_starttag_text() or "", tag)
        marked = "data-canonical" in named
        breaks = marked or tag in _BLOCKS
        if breaks:
            self._break(outer.kind)
        kind = named.get("data-canonical") or outer.kind
        silent = tag in _SILENT or "data-canonical-skip" in named
        coded = _code(tag, named, marked=marked)
        if kind and not silent:
            self._text.append(_opening_text(tag, named, marked=marked) if coded is None else coded)
        target = named.get("data-canonical-target") or named.get("href")
        self._open(
            _Open(
                tag,
                kind,
                silent=silent or coded is not None,
                target=target if tag == "a" else None,
                breaks=breaks,
            )
        )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML's own elements never end themselves: the slash means nothing but in drawings.
        self.handle_starttag(tag, attrs)
        if tag in {"math", "svg"}:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._stack):
            return
        while self._close().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1].kind and not self._stack[-1].silent:
            self._text.append(data)

    def finish(self) -> Iterator[Line]:
        while self._stack:
            self._close()
        return iter(self._lines)

    def _open(self, element: _Open) -> None:
        self._stack.append(element)
        if element.tag in _VOID:
            self._close()

    def _close(self) -> _Open:
        element = self._stack[-1]
        if element.kind and not element.silent:
            if element.target:
                self._text.append(f" ⟨{element.target}⟩")
            if element.tag in _CELLS:
                self._text.append(" ")
        if element.breaks:
            self._break(element.kind)
        return self._stack.pop()

    def _close_left_open(self, tag: str) -> None:
        depth = len(self._stack)
        while depth and self._stack[depth - 1].tag not in _LIMITS:
            depth -= 1
            if tag in _CLOSED_BY.get(self._stack[depth].tag, ()):
                while len(self._stack) > depth:
                    self._close()

    def _break(self, kind: str | None) -> None:
        text = "".join(self._text)
        self._text.clear()
        if kind:
            verbatim = any(element.tag == "pre" for element in self._stack)
            self._lines += verbatim_lines(kind, text) if verbatim else plain_line(kind, text)


def _code(tag: str, named: dict[str, str], *, marked: bool) -> str | None:
    """What stands for the whole element: its visible words are for people only."""
    if tag == "time" and marked:
        return named.get("datetime", "")
    return named.get("data-canonical-code")


def _opening_text(tag: str, named: dict[str, str], *, marked: bool) -> str:
    if tag == "img" and (alt := named.get("alt", "")):
        return alt if marked else f"[{alt}]"
    return "| " if tag in _CELLS else ""


if __name__ == "__main__":
    sys.stdout.write(recompute(sys.stdin.read()))
