"""What is not right with the citations of a draft, before it is published."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from diurna.newsroom.citation_marks import LINK_TYPE, name_in_draft, texts_in
from diurna.newsroom.models import Article, Citation

# Tags of rich text that stand inside a sentence; every other one ends it.
_INSIDE: Final = frozenset(
    {"a", "b", "strong", "i", "em", "sup", "sub", "s", "del", "code", "span", "mark", "embed"}
)


class Trouble(StrEnum):
    """What can be wrong with a citation."""

    NO_ROW = "no_row"  # a marker that names no citation
    WORDS_GONE = "words_gone"  # other words than the cited ones stand before the marker
    MARKER_GONE = "marker_gone"  # a citation of this story has no marker any more


@dataclass(frozen=True)
class Problem:
    """One citation that is not right; `block` is the id of the block of the text, "" if none."""

    trouble: Trouble
    name: UUID
    words: str
    block: str = ""
    citation: Citation | None = None


def problems(article: Article) -> list[Problem]:
    """What is wrong with the citations of a story as it is in memory, in the order of its text.

    Give it `article.get_latest_revision_as_object()` before a publication. Last come the citations
    whose marker is gone: those that readers see now, and those that were made since the last
    publication (others were dropped on purpose, and an old revision may bring them back). Those in
    whose place the draft has one with other words are not among them.
    """
    places = list(_places(article.body.raw_data))
    names = {name for name, _words, _block in places}
    of_story = Q(article=article.pk) if article.pk else Q()
    rows = (
        {row.uuid: row for row in Citation.objects.filter(Q(uuid__in=names) | of_story)}
        if names or article.pk
        else {}
    )
    found = [problem for place in places if (problem := _wrong(*place, rows.get(place[0])))]
    since = article.last_published_at
    return found + [
        Problem(Trouble.MARKER_GONE, row.uuid, row.exact, citation=row)
        for row in rows.values()
        if not names & {row.uuid, name_in_draft(row.uuid)}
        and (row.position is not None or since is None or row.created_at > since)
    ]


def plain_words(text: str) -> str:
    """Words as they are compared: in one Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def words_before_markers(html: str) -> list[tuple[UUID, str]]:
    """The name of each marker of a stored rich text with the plain words before it, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.markers


def _wrong(name: UUID, before: str, block: str, row: Citation | None) -> Problem | None:
    if row is None:
        return Problem(Trouble.NO_ROW, name, before[-Citation.CONTEXT_LENGTH :], block)
    if before.endswith(plain_words(row.exact)):
        return None
    return Problem(Trouble.WORDS_GONE, name, row.exact, block, row)


def _places(raw: Any) -> Iterator[tuple[UUID, str, str]]:
    for part in raw:
        block = str(part.get("id") or "") if isinstance(part, dict) else ""
        for text in texts_in(part):
            for name, before in words_before_markers(text):
                yield name, before, block


class _Reader(HTMLParser):
    """Collects the words of rich text, without its markers, and what stands before each marker."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.markers: list[tuple[UUID, str]] = []
        self._words: list[str] = []
        self._in_marker = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("linktype") == LINK_TYPE:
            self._in_marker = True
            try:
                name = UUID(values.get("id") or "")
            except ValueError:
                return
            self.markers.append((name, plain_words("".join(self._words))))
        elif tag not in _INSIDE:
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._in_marker = False
        elif tag not in _INSIDE:
            self._words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._in_marker:
            self._words.append(data)
