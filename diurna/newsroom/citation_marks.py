"""The markers of citations in rich text: one character after the words, that holds a name.

In the database a marker is a link of a type of its own, `<a linktype="citation" id="<uuid>">※</a>`.
Draft.js allows one entity a character, so a marker stands after the words and not around them: a
link in the words stays what it is. This module only reads and rewrites stored text; what readers
see is made by `CitationLinkHandler` (`link_handlers`) and numbered by `web`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any, Final
from uuid import UUID, uuid5

LINK_TYPE: Final = "citation"
# The reference mark of print; a reader sees the number of the note in its place.
MARK: Final = "※"

_OPENING: Final = re.compile(r"<a\b[^>]*\blinktype=\"citation\"[^>]*>", re.IGNORECASE)
_NAME: Final = re.compile(r"\bid=\"([0-9a-fA-F-]{36})\"")
_WHOLE: Final = re.compile(r"<a\b[^>]*\blinktype=\"citation\"[^>]*>[^<]*</a>", re.IGNORECASE)


def marker(name: UUID) -> str:
    """The marker of this citation as rich text stores it."""
    return f'<a linktype="{LINK_TYPE}" id="{escape(str(name))}">{MARK}</a>'


def named_in(html: str) -> list[UUID]:
    """The citations whose markers stand in this stored rich text, in order, repeated ones too."""
    found = (_NAME.search(tag) for tag in _OPENING.findall(html))
    return [name for match in found if match and (name := _uuid(match[1]))]


def name_in_draft(name: UUID) -> UUID:
    """What a citation that readers see is called in a draft that cites other words with it."""
    return uuid5(name, "in a draft")


def renamed(html: str, names: dict[UUID, UUID]) -> str:
    """The same text with the markers of some citations turned into those of others."""

    def rename(match: re.Match[str]) -> str:
        found = _NAME.search(match[0])
        old = _uuid(found[1]) if found else None
        return marker(names[old]) if old in names else match[0]

    return _WHOLE.sub(rename, html)


def without(html: str, names: Iterable[UUID]) -> str:
    """The same text without the markers of these citations."""
    gone = set(names)

    def drop(match: re.Match[str]) -> str:
        found = _NAME.search(match[0])
        return "" if found and _uuid(found[1]) in gone else match[0]

    return _WHOLE.sub(drop, html)


def names_in_body(raw: Any) -> list[UUID]:
    """The citations of a body, in the order of the page, each once.

    `raw` is the stored JSON of a StreamField (`article.body.raw_data`, or any part of it).
    """
    found = (name for text in texts_in(raw) for name in named_in(text))
    return list(dict.fromkeys(found))


def rewritten_body(raw: Any, change: Callable[[str], str]) -> Any:
    """The same stored JSON, each text that holds a marker put through `change`."""
    if isinstance(raw, str):
        return change(raw) if _OPENING.search(raw) else raw
    if isinstance(raw, dict):
        return {key: rewritten_body(value, change) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [rewritten_body(value, change) for value in raw]
    return raw


def texts_in(raw: Any, word: str = LINK_TYPE) -> Iterator[str]:
    """The stored texts of a body, or of a part of it, that may hold markers, in order.

    With another `word`, those that hold it.
    """
    if isinstance(raw, str):
        if word in raw:
            yield raw
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from texts_in(value, word)
    else:
        try:
            parts = iter(raw)
        except TypeError:
            return
        for value in parts:
            yield from texts_in(value, word)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
