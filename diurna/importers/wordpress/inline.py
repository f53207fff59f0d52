"""Parts of a tree as rich text: marks, links, line breaks, and where pictures stand."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from lxml.html import HtmlElement

from diurna.importers.wordpress.dom import parse

# The marks of Diurna's rich text, and what older or other elements become of them.
_MARKS: Final = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "var": "i", "dfn": "i",
    "s": "s", "del": "s", "strike": "s", "sup": "sup", "sub": "sub",
    "code": "code", "tt": "code", "kbd": "code", "samp": "code",
}  # fmt: skip
# Stands in rich text for a picture, until the line it stands in is known. No text has it, since
# control characters are taken out first.
PICTURE: Final = "\x00"
# A single space is what it should be; a pattern that matched each would cost more than all else.
_SPACE: Final = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
_SPACE_IN_LINE: Final = re.compile(r"[ \t\r\f]{2,}|[\t\r\f]")
_BREAK: Final = "<br/>"
_LINE: Final = re.compile(r" ?\n\s*")
_EMPTY_LINE: Final = re.compile(r"\n[ \t\r]*\n\s*")
_TAGS: Final = re.compile(r"<[^>]*>")
# What links back from a footnote to its place; alone it says nothing to a reader.
_BACK_LINKS: Final = frozenset("↩ ↩︎ ↑ ^ ⤴ ↵ ⬆ ⏎ ↖".split())

# Text and elements that flow together; the text that follows an element stands after it.
Run = list[str | HtmlElement]


def run_html(run: Run, *, keep_lines: bool, pictures: list[HtmlElement]) -> str:
    """A run as rich text; each picture is added to the list and leaves a `PICTURE`.

    With `keep_lines` a line feed in the text is a line break (WordPress's classic editor).
    """
    return "".join(
        text_html(part, keep_lines=keep_lines)
        if isinstance(part, str)
        else mark_html(part, keep_lines=keep_lines, pictures=pictures)
        for part in run
    )


def inline_html(
    element: HtmlElement,
    *,
    keep_lines: bool,
    allowed: frozenset[str] | None = None,
    pictures: list[HtmlElement] | None = None,
) -> str:
    """The content of an element as rich text; `allowed` narrows the marks, words always stay."""
    pieces = [text_html(element.text, keep_lines=keep_lines)] if element.text else []
    for child in element:
        pieces.append(mark_html(child, keep_lines=keep_lines, allowed=allowed, pictures=pictures))
        if child.tail:
            pieces.append(text_html(child.tail, keep_lines=keep_lines))
    return "".join(pieces)


def mark_html(
    element: HtmlElement,
    *,
    keep_lines: bool,
    allowed: frozenset[str] | None = None,
    pictures: list[HtmlElement] | None = None,
) -> str:
    """One inline element as rich text, without the text that follows it."""
    tag = element.tag
    if tag == "br":
        return "<br/>"
    if tag == "img":
        if pictures is None:
            return ""
        pictures.append(element)
        return PICTURE
    if not isinstance(tag, str):
        return ""
    inner = inline_html(element, keep_lines=keep_lines, allowed=allowed, pictures=pictures)
    if tag == "q":
        return f"“{inner}”"
    if tag == "a":
        return _link(element, inner)
    mark = _MARKS.get(tag)
    if mark is None or not inner or (allowed is not None and mark not in allowed):
        return inner
    inner = inner.replace(f"<{mark}>", "").replace(f"</{mark}>", "")
    return f"<{mark}>{inner}</{mark}>" if has_words(inner) else inner


def _link(element: HtmlElement, inner: str) -> str:
    href = (element.get("href") or "").strip()
    # A place inside the old page has no name any more.
    if not href or href.startswith("#"):
        return "" if inner.strip() in _BACK_LINKS else inner
    return f'<a href="{escape(href)}">{inner}</a>' if has_words(inner) else inner


def text_html(text: str, *, keep_lines: bool) -> str:
    """Text as HTML: escaped, white space folded, line feeds kept as `<br/>` where asked."""
    if keep_lines:
        folded = _LINE.sub("\n", _SPACE_IN_LINE.sub(" ", text))
        return escape(folded, quote=False).replace("\n", "<br/>")
    return escape(_SPACE.sub(" ", text), quote=False)


def has_words(html: str) -> bool:
    """Whether rich text says anything."""
    if html[:1].isalnum():
        return True
    if "<" in html:
        html = _TAGS.sub("", html)
    return bool(html.replace("\u00a0", " ").replace(PICTURE, " ").strip(" \t\n\u200b\ufeff"))


def tidy_paragraph(html: str) -> str:
    """A paragraph's content without spaces and line breaks at its ends; empty when no words."""
    return trim(html) if has_words(html) else ""


def trim(html: str) -> str:
    """Rich text without spaces and line breaks at its ends."""
    start, end = 0, len(html)
    while start < end:
        if html[start] in " \n\t":
            start += 1
        elif html.startswith(_BREAK, start):
            start += len(_BREAK)
        else:
            break
    while end > start:
        if html[end - 1] in " \n\t":
            end -= 1
        elif html.endswith(_BREAK, start, end):
            end -= len(_BREAK)
        else:
            break
    return html[start:end]


def split_run(run: Run) -> list[Run]:
    """A run parted at the empty lines of its own text, not at those inside marks."""
    parts: list[Run] = [[]]
    for piece in run:
        if isinstance(piece, str) and "\n" in piece:
            first, *others = _EMPTY_LINE.split(piece)
            parts[-1].append(first)
            parts += [[other] for other in others]
        else:
            parts[-1].append(piece)
    return parts


def narrow_marks(html: str, allowed: frozenset[str]) -> str:
    """Rich text with only these marks, links and line breaks; of the others the words stay."""
    return "".join(
        f"<p>{inline_html(paragraph, keep_lines=False, allowed=allowed)}</p>"
        for paragraph in parse(html).iterchildren("p")
    )


def paragraphs(parts: Iterable[str]) -> str:
    """Rich text of one paragraph for each part."""
    return "".join(f"<p>{part}</p>" for part in parts)
