"""The words of a page that was fetched: its title and its plain text, bounded whatever it holds."""

import codecs
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from diurna.common.http_answer import media_type

# A long report is 300,000 characters; what is kept of a page lies in a row.
MAX_TEXT: Final = 500_000
# A page that unpacks to more is not looked into: a few bytes can become very many.
MAX_UNPACKED: Final = 20_000_000
MAX_TITLE: Final = 500
_MAX_MARKUP: Final = 5_000_000

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN: Final = frozenset({"application/json", "application/ld+json"})
_SILENT: Final = frozenset({"script", "style", "template", "svg", "math", "head", "object"})
# Where a page says its charset itself (HTML, 13.2.3.2).
_DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_DECLARED_WITHIN: Final = 4096
# Words on both sides of these do not stand on one line.
_LINES: Final = frozenset(
    "address article aside blockquote br button caption dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section select "
    "summary table tbody td textarea tfoot th thead tr ul".split()
)


@dataclass(frozen=True, slots=True)
class PageText:
    """What can be read of a page; `readable` is False for what is no text (a film, a PDF file)."""

    title: str = ""
    text: str = ""
    readable: bool = False


def read(headers: Mapping[str, str], body: bytes) -> PageText:
    """The title and words of a body that came with these headers (names in lower case)."""
    kind = media_type(headers)
    data = unpacked(headers, body)
    if data is None:
        return PageText()
    if kind in _HTML or (not kind and data.lstrip()[:1] == b"<"):
        return _of_html(data, charset_of(headers))
    if kind.startswith("text/") or kind in _PLAIN:
        text = decoded(data[: 4 * MAX_TEXT], charset_of(headers))
        return PageText(text=clean(text)[:MAX_TEXT], readable=True)
    return PageText()


def unpacked(headers: Mapping[str, str], body: bytes) -> bytes | None:
    """The body without a content coding that came unasked; None for one that can't be undone.

    None also where it would be larger than MAX_UNPACKED.
    """
    coding = headers.get("content-encoding", "").strip().lower() or "identity"
    if coding == "identity":
        return body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return None
    # 32: a gzip or zlib head, whichever is there.
    machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        data = machine.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return None
    return None if machine.unconsumed_tail else data


def charset_of(headers: Mapping[str, str]) -> str | None:
    """The charset that the header names, if it is one that exists."""
    for part in headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return _known(value)
    return None


def decoded(data: bytes, charset: str | None) -> str:
    """The text of these bytes, with � where they are none; UTF-8 where no charset is known."""
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", errors="replace")
    try:
        return data.decode(charset or "utf-8", errors="replace")
    except (LookupError, ValueError):  # a codec that makes no text of bytes
        return data.decode("utf-8", errors="replace")


def tree_of(data: bytes, charset: str | None) -> html.HtmlElement | None:
    """The page as a tree; None where there is nothing in it. Never fetches anything."""
    encoding = "utf-8" if data.startswith(codecs.BOM_UTF8) else charset or tree_charset(data)
    try:
        parser = html.HTMLParser(
            encoding=encoding, no_network=True, remove_comments=True, remove_pis=True
        )
    except LookupError:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(data[:_MAX_MARKUP], parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def tree_charset(data: bytes) -> str:
    """The charset of a page whose header names none: the one it declares, else a guess.

    Browsers take Windows-1252 for what says nothing; what is UTF-8 is that by no accident.
    """
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    if found and (charset := _known(found[1].decode("ascii", errors="replace"))):
        return charset
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    # As browsers do (the Encoding standard): who says Latin-1 means Windows-1252.
    return "cp1252" if found in {"iso8859-1", "ascii"} else found


def clean(text: str) -> str:
    """The text without what a database refuses, its lines without white space around them."""
    lines = (" ".join(line.split()) for line in text.replace("\0", "").splitlines())
    return "\n".join(line for line in lines if line)


def _of_html(data: bytes, charset: str | None) -> PageText:
    tree = tree_of(data, charset)
    if tree is None:
        return PageText(readable=True)
    title = " ".join((tree.findtext(".//title") or "").replace("\0", "").split())
    return PageText(title=title[:MAX_TITLE], text=_words(tree), readable=True)


def _words(tree: html.HtmlElement) -> str:
    pieces: list[str] = []
    size = 0
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        text = element.text if event == "start" else element.tail
        if event == "start":
            silent += tag in _SILENT
        else:
            silent -= tag in _SILENT
        piece = ("\n" if tag in _LINES else "") + (text or "" if not silent else "")
        pieces.append(piece)
        size += len(piece)
        if size > 2 * MAX_TEXT:
            break
    return clean("".join(pieces))[:MAX_TEXT]
