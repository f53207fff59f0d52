"""From the paragraph notation to the HTML that Wagtail's rich text stores."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

Resolve = Callable[[str], str]
"""From the target of a link, as written, to its opening tag."""

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")
_CODE = re.compile(r"`([^`]+)`")
# The marker of a citation; `citing` puts the real one in its place.
CITE = re.compile(r"\[\^([a-z0-9-]+)\]")


def link_targets(text: str) -> Iterator[str]:
    """The targets of all links in the text, in order, as written."""
    return (match[2] for match in _LINK.finditer(text))


def to_html(paragraphs: Iterable[str], resolve: Resolve) -> str:
    """The paragraphs and lists as HTML; every link's opening tag comes from `resolve`."""
    return "".join(_paragraph(text, resolve) for text in paragraphs)


def plain_text(text: str) -> str:
    """The words of a paragraph without its marks."""
    text = CITE.sub("", _CODE.sub(r"\1", text))
    text = _LINK.sub(r"\1", text).replace("*", "")
    return " ".join(re.sub(r"^(- |\d+\. )", "", text, flags=re.MULTILINE).split())


def split_paragraphs(text: str) -> tuple[str, ...]:
    """A string with empty lines between its paragraphs, as paragraphs; lists keep their lines."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return tuple(part if _is_list(part) else " ".join(part.split()) for part in parts if part)


def _is_list(text: str) -> bool:
    return all(re.match(r"(- |\d+\. )", line.strip()) for line in text.splitlines())


def _paragraph(text: str, resolve: Resolve) -> str:
    if not _is_list(text):
        return f"<p>{_marks(text, resolve)}</p>"
    tag = "ul" if text.startswith("- ") else "ol"
    items = (line.strip().partition(" ")[2] for line in text.splitlines())
    return f"<{tag}>{''.join(f'<li>{_marks(item, resolve)}</li>' for item in items)}</{tag}>"


def _marks(text: str, resolve: Resolve) -> str:
    html = escape(text, quote=False)
    html = _CODE.sub(r"<code>\1</code>", html)
    html = _LINK.sub(lambda match: f"{resolve(match[2])}{match[1]}</a>", html)
    html = _STRONG.sub(r"<b>\1</b>", html)
    return _EMPHASIS.sub(r"<i>\1</i>", html)
