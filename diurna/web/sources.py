"""Notes beside the text and the list of sources below it: what a story rests on, for readers.

One query for a page, whatever the number of citations, and none where the text has no marker. The
list (`components/sources.jinja`) is the whole of it; `notes.js` puts parts of it beside the
sentences or into a pop-over. The canonical text of the list is made in `newsroom.citation_lines`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from diurna.newsroom import citation_lines
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.models import Article, Bearing, Citation, Source, SourceState
from diurna.newsroom.models.citation import Claim
from diurna.web.moments import day_words
from diurna.web.source_facts import Fact, facts_of, title_of, unbroken

# The markers as `CitationLinkHandler` writes them.
_MARKER: Final = re.compile(
    r'<a class="cite" href="#source-[0-9a-f]{8}" data-cite="([0-9a-f-]{36})"[^>]*>[^<]*</a>'
)


@dataclass(frozen=True)
class KeptCopy:
    """The copy of a source that the newsroom keeps; `commitment` as hexadecimal."""

    on: date
    commitment: str
    # Where everybody reads it; empty for one that only the desk does.
    address: str
    # Whether the quoted passage stands in it; None where none was looked for.
    found: bool | None


@dataclass(frozen=True)
class Note:
    """One numbered entry of the list of sources, ready to show."""

    number: int
    citation: Citation
    title: Fact
    facts: list[Fact]
    claim: str
    # Empty where the source simply supports what is said.
    bearing: str
    anonymity: str
    approver: str
    state: str
    moved_to: str
    copy: KeptCopy | None
    checker: str
    # The ids of the places in the text that lead here.
    places: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """What is cited."""
        return self.citation.source

    @property
    def anchor(self) -> str:
        """The id of the entry."""
        return f"source-{self.citation.short}"

    @property
    def code(self) -> str:
        """How the canonical text writes what the entry is for."""
        return f"[cite:{self.citation.short}] {self.citation.claim} {self.citation.bearing}"

    def mark(self, time: int, *, follows: bool) -> str:
        """Its number as it stands in the text for the first, second, ... time.

        `follows`: directly after another one. The place is noted for the link back.
        """
        short = self.citation.short
        place = f"ref-{short}" if time == 1 else f"ref-{short}-{time}"
        self.places.append(place)
        said = _("Source %(number)s") % {"number": self.number}
        return (
            f'<sup class="cite{" cite--next" if follows else ""}"><a id="{place}"'
            f' href="#{self.anchor}" data-canonical-code="[cite:{short}]"'
            f' aria-label="{said}">{self.number}</a></sup>'
        )


class Notes:
    """The notes of one story, in the order of its text; false where there are none."""

    def __init__(self, citations: Iterable[Citation]) -> None:
        self.all = [_note(number, row) for number, row in enumerate(citations, start=1)]
        self._by_name = {note.citation.uuid: note for note in self.all}

    def __len__(self) -> int:
        return len(self.all)

    def keys(self) -> list[str]:
        """The surrogate keys of what the list links to: outlets, contributors and own stories."""
        sources = [note.source for note in self.all]
        found = [f"outlet-{source.outlet.uuid}" for source in sources if source.outlet]
        found += [f"person-{source.person.uuid}" for source in sources if source.person]
        found += [source.article.surrogate_key() for source in sources if source.article]
        return list(dict.fromkeys(found))

    def number(self, html: str, *, address: str = "") -> SafeString:
        """The text with numbers in place of its markers; those that name no row are gone.

        The places are noted for the links back. With an `address` the numbers lead to the list of
        that page, for feeds, and have no ids.
        """
        seen: Counter[str] = Counter()
        end = -1

        def numbered(match: re.Match[str]) -> str:
            nonlocal end
            note = self._by_name.get(UUID(match[1]))
            if note is None:
                return ""
            follows, end = match.start() == end, match.end()
            if address:
                between = " " if follows else ""
                return f'{between}<sup><a href="{address}#{note.anchor}">{note.number}</a></sup>'
            seen[note.citation.short] += 1
            return note.mark(seen[note.citation.short], follows=follows)

        return mark_safe(_MARKER.sub(numbered, html))  # noqa: S308  (html is; numbers are ours)


def notes_of(article: Article) -> Notes:
    """The notes of a story or of its draft; one query, none for a text without markers."""
    return Notes(citation_lines.cited_in(article.body))


def notes_of_all(articles: Iterable[Article]) -> dict[int, Notes]:
    """The notes of several stories by primary key; one query, none without markers."""
    names = {article.pk: names_in_body(article.body.raw_data) for article in articles}
    wanted = {name for found in names.values() for name in found}
    rows = citation_lines.rows_of(wanted) if wanted else {}
    return {pk: Notes(citation_lines.in_order(found, rows)) for pk, found in names.items()}


def bearing_words(bearing: str) -> str:
    """How a source bears on what is said, as a sentence; empty where it supports it."""
    return {
        Bearing.PARTLY: _("This source supports it only in part."),
        Bearing.DISPUTES: _("This source disputes it."),
    }.get(Bearing(bearing), "")


def _note(number: int, citation: Citation) -> Note:
    source = citation.source
    return Note(
        number=number,
        citation=citation,
        title=title_of(citation),
        facts=facts_of(source),
        claim=str(Claim(citation.claim).label),
        bearing=bearing_words(citation.bearing),
        anonymity="" if source.is_named else str(source.get_anonymity_display()),
        approver=source.approved_by.display_name if source.approved_by else "",
        state=_state(source),
        moved_to=_moved_to(source),
        copy=_copy(citation),
        checker=citation.checked_by.display_name if citation.checked_by else "",
    )


def _state(source: Source) -> str:
    since = _day(source.state_since)
    looked = _day(source.checked_at) or since
    if not source.state or not since:
        return ""
    if source.state == SourceState.LIVE:
        return _("There when last looked at, on %(day)s.") % {"day": looked}
    said = {
        SourceState.MOVED: _("Moved to another address; seen on %(day)s."),
        SourceState.CHANGED: _("Changed since it was cited; seen on %(day)s."),
        SourceState.DEAD: _("No longer there; seen on %(day)s."),
    }
    return said[SourceState(source.state)] % {"day": since}


def _moved_to(source: Source) -> str:
    is_web = source.moved_to.startswith(("https://", "http://"))
    return source.moved_to if source.state == SourceState.MOVED and is_web else ""


def _copy(citation: Citation) -> KeptCopy | None:
    """Of confidential material nothing is told, not even that there is a copy."""
    copy = citation.copy
    if copy is None or citation.source.confidential or not citation.source.is_named:
        return None
    return KeptCopy(
        on=localdate(copy.captured_at),
        commitment=bytes(copy.commitment).hex(),
        address=reverse("public-copy", args=[copy.uuid]) if copy.is_public else "",
        found=citation.passage_found,
    )


def _day(moment: datetime | None) -> str:
    return unbroken(day_words(localdate(moment))) if moment else ""
