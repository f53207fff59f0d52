"""Links between the old site's pages: as links to our pages, which follow a page when it moves."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, Final

_ANCHOR: Final = re.compile(r'<a\b([^>]*?)\bhref="([^"]*)"([^>]*)>')


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a page or document of ours by id, or a path. One of them is set.

    The path of a page has to be looked up: it is asked for only where it is to be written.
    """

    page: int = 0
    document: int = 0
    path: str = ""
    path_of_page: Callable[[int], str] | None = None

    def address(self) -> str:
        """The path of whatever it is; empty when it has none."""
        return self.path_of_page(self.page) if self.page and self.path_of_page else self.path


Resolve = Callable[[str], Target | None]


def addresses_in(body: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The addresses of all links in a raw body."""
    for block in body:
        for html in _texts(block):
            for match in _ANCHOR.finditer(html):
                yield unescape(match[2])


def rewrite_body(body: Iterable[dict[str, Any]], resolve: Resolve) -> list[dict[str, Any]]:
    """The raw body with every link that `resolve` knows turned to where it leads now."""
    rewritten = []
    for block in body:
        value = block["value"]
        if block["type"] == "text":
            value = rewrite_html(value, resolve, rich=True)
        elif block["type"] == "html":
            value = rewrite_html(value, resolve, rich=False)
        elif block["type"] == "quote":
            value = {**value, "text": rewrite_html(value["text"], resolve, rich=True)}
        rewritten.append({**block, "value": value})
    return rewritten


def rewrite_html(html: str, resolve: Resolve, *, rich: bool) -> str:
    """HTML with its links turned; `rich` writes Wagtail's link types instead of addresses."""

    def turned(match: re.Match[str]) -> str:
        address = unescape(match[2])
        target = resolve(address)
        if target is None:
            return match[0]
        if rich and target.page:
            return f'<a linktype="page" id="{target.page}">'
        if rich and target.document:
            return f'<a linktype="document" id="{target.document}">'
        path = target.address()
        return f'<a{match[1]}href="{escape(path)}"{match[3]}>' if path else match[0]

    return _ANCHOR.sub(turned, html)


def _texts(block: dict[str, Any]) -> Iterator[str]:
    if block["type"] in {"text", "html"}:
        yield str(block["value"])
    elif block["type"] == "quote":
        yield str(block["value"]["text"])
