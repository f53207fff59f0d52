"""HTML of any age as a tree, and parts of that tree as rich text.

nh3 parses first, as browsers do, and drops what is never kept (scripts, styles, events); its
well-formed output then makes an lxml tree that the block builders walk.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import Final

import nh3
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

_TAGS: Final = frozenset(
    "a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite "
    "code col colgroup dd del details dfn div dl dt em embed figcaption figure font footer h1 h2 "
    "h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p pre q rp rt ruby s samp "
    "section small source span strike strong sub summary sup table tbody td tfoot th thead time "
    "tr track tt u ul var video".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"class", "data-marker", "dir", "lang", "title"},
    "a": {"href"},
    "audio": {"src"},
    "blockquote": {"cite", "data-instgrm-permalink"},
    "embed": {"src"},
    "iframe": {"src"},
    "img": {"alt", "src", "data-id", "data-src", "data-full-url"},
    "ol": {"reversed", "start"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src"},
}
# The marks of Diurna's rich text, and what older or other elements become of them.
_MARKS: Final = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "var": "i", "dfn": "i",
    "s": "s", "del": "s", "strike": "s", "sup": "sup", "sub": "sub",
    "code": "code", "tt": "code", "kbd": "code", "samp": "code",
}  # fmt: skip
# These say something that no mark can say; a paragraph with one is kept as HTML.
_MEANINGFUL: Final = frozenset({"abbr", "bdi", "bdo", "ruby"})
INLINE: Final = (
    frozenset(_MARKS)
    | _MEANINGFUL
    | {
        "a",
        "big",
        "br",
        "font",
        "ins",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "small",
        "span",
        "time",
        "u",
    }
)
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINE: Final = re.compile(r"\n[ \t\r]*\n\s*")
_LINE: Final = re.compile(r"[ \t\r\f]*\n\s*")


def parse(html: str) -> HtmlElement:
    """The fragment as the children of one `<div>`."""
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style", "noscript", "object", "svg", "template"},
        link_rel=None,
        strip_comments=True,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    tree = lxml_html.fragment_fromstring(clean.replace("\x00", ""), create_parent="div")
    assert isinstance(tree, HtmlElement)
    for acronym in tree.iter("acronym"):
        acronym.tag = "abbr"
    return tree


def outer_html(element: HtmlElement) -> str:
    """The element as HTML, without the text that follows it."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def words(element: HtmlElement) -> str:
    """The text of an element on one line; a line break counts as a space."""
    return " ".join("".join(_document_order(element)).split())


def lines_of(element: HtmlElement) -> str:
    """The text of an element as it stands, with a line feed for each line break."""
    pieces = [element.text or ""]
    for child in element:
        pieces.append("\n" if child.tag == "br" else lines_of(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def break_lines(element: HtmlElement) -> None:
    """Turn line feeds in the text of an element into line breaks, as `wpautop` does."""
    first, *others = (element.text or "").strip().split("\n")
    element.text = first
    for place, line in enumerate(others):
        line_break = lxml_html.Element("br")
        line_break.tail = line
        element.insert(place, line_break)


def _document_order(element: HtmlElement) -> Iterator[str]:
    if element.tag == "br":
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _document_order(child)
        yield child.tail or ""


def is_inline(element: HtmlElement) -> bool:
    """Whether this element flows in a line, and so does all that is inside."""
    return element.tag in INLINE and all(is_inline(child) for child in element)


def is_meaningful(element: HtmlElement) -> bool:
    """Whether something inside can't be said with rich text's marks."""
    return any(
        node.tag in _MEANINGFUL and (node.tag != "abbr" or node.get("title"))
        for node in element.iter()
    )


def inline_html(
    element: HtmlElement, *, keep_lines: bool, allowed: frozenset[str] | None = None
) -> str:
    """The content of an element as rich text: marks, links and line breaks.

    With `keep_lines` a line feed in the text is a line break (WordPress's classic editor).
    `allowed` narrows the marks; of others, only the words stay.
    """
    pieces = [text_html(element.text or "", keep_lines=keep_lines)]
    for child in element:
        pieces.append(mark_html(child, keep_lines=keep_lines, allowed=allowed))
        pieces.append(text_html(child.tail or "", keep_lines=keep_lines))
    return "".join(pieces)


def mark_html(
    element: HtmlElement, *, keep_lines: bool, allowed: frozenset[str] | None = None
) -> str:
    """One inline element as rich text, without the text that follows it."""
    if not isinstance(element.tag, str):
        return ""
    if element.tag == "br":
        return "<br/>"
    inner = inline_html(element, keep_lines=keep_lines, allowed=allowed)
    if element.tag == "q":
        return f"“{inner}”"
    if element.tag == "a":
        href = (element.get("href") or "").strip()
        return f'<a href="{escape(href)}">{inner}</a>' if href and inner.strip() else inner
    mark = _MARKS.get(element.tag)
    if mark is None or not inner or (allowed is not None and mark not in allowed):
        return inner
    inner = inner.replace(f"<{mark}>", "").replace(f"</{mark}>", "")
    return f"<{mark}>{inner}</{mark}>"


def text_html(text: str, *, keep_lines: bool) -> str:
    """Text as HTML: escaped, white space folded, line feeds kept as `<br/>` where asked."""
    if keep_lines:
        folded = re.sub(r"[ \t\r\f]+", " ", _LINE.sub("\n", text))
        return escape(folded, quote=False).replace("\n", "<br/>")
    return escape(_SPACE.sub(" ", text), quote=False)


def tidy_paragraph(html: str) -> str:
    """A paragraph's content without spaces and line breaks at its ends; empty when no words."""
    stripped = html.strip(" \n\t")
    while True:
        shorter = stripped.removeprefix("<br/>").removesuffix("<br/>").strip(" \n\t")
        if shorter == stripped:
            break
        stripped = shorter
    bare = re.sub(r"<[^>]*>", "", stripped).replace("\u00a0", " ").replace("&nbsp;", " ")
    return stripped if bare.strip() else ""


def inner_html(element: HtmlElement) -> str:
    """What is inside an element, as HTML."""
    return escape(element.text or "", quote=False) + "".join(
        str(etree.tostring(child, encoding="unicode", method="html")) for child in element
    )


def copy(element: HtmlElement) -> HtmlElement:
    """A tree of its own with the same content."""
    return deepcopy(element)


def is_inline_or_picture(element: HtmlElement) -> bool:
    """Whether this flows in a line: words, marks, links, pictures."""
    if element.tag == "img":
        return True
    return element.tag in INLINE and all(is_inline_or_picture(child) for child in element)


def has_blocks(element: HtmlElement) -> bool:
    """Whether an element holds anything that does not flow in a line."""
    return any(isinstance(c.tag, str) and not is_inline_or_picture(c) for c in element)


def split_run(run: HtmlElement) -> list[HtmlElement]:
    """Inline content parted at the empty lines of its own text, not at those inside marks."""
    parts: list[HtmlElement] = []
    current = lxml_html.Element("div")

    def add_text(text: str) -> None:
        nonlocal current
        first, *others = _EMPTY_LINE.split(text)
        _append_text(current, first)
        for other in others:
            parts.append(current)
            current = lxml_html.Element("div")
            current.text = other

    add_text(run.text or "")
    for child in list(run):
        tail, child.tail = child.tail or "", None
        current.append(child)
        add_text(tail)
    return [*parts, current]


def take_attribution(quote: HtmlElement) -> str:
    """The words of the `<cite>` or `<footer>` that ends a quotation, which is taken out of it."""
    for source in (*quote.iterchildren("cite", "footer"), *quote.iterdescendants("cite")):
        parent = source.getparent()
        following = (source.tail or "").strip() or any(words(e) for e in source.itersiblings())
        if source.tag == "footer" or not following:
            text = words(source)
            source.drop_tree()
            if parent is not None and parent is not quote and not words(parent):
                parent.drop_tree()
            return text.lstrip("—–- ")
    return ""


def narrow_marks(html: str, allowed: frozenset[str]) -> str:
    """Rich text with only these marks, links and line breaks; of the others the words stay."""
    return "".join(
        f"<p>{inline_html(paragraph, keep_lines=False, allowed=allowed)}</p>"
        for paragraph in parse(html).iterchildren("p")
    )


def _append_text(element: HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
