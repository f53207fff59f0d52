"""How citations and sources read in a comparison of two canonical texts. Pure but for the language.

Both texts share one numbering, so that a citation more is one number more, and no other line
changes.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from diurna.newsroom.canonical import Line
from diurna.newsroom.citation_lines import BETWEEN, PAYWALLED
from diurna.newsroom.models import Anonymity, Bearing, Claim, SourceKind

_TOKEN: Final = re.compile(r"\[cite:([0-9a-f]{8})\]")
_KINDS_OF_NOTES: Final = frozenset({"citation", "source"})
_CHOICES: Final = (Claim, Bearing, SourceKind, Anonymity)
# Of the lasting names only those are left out whose own name stands before them.
_KNOWN_BY_NAME: Final = re.compile(r" ⟨(?:outlet|person):[0-9a-f-]{36}⟩")


def readable_notes(before: Sequence[Line], after: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of both texts with numbers for markers and words for the codes of sources."""
    numbers: dict[str, int] = {}
    for line in (*after, *before):
        for name in _TOKEN.findall(line.text):
            numbers.setdefault(name, len(numbers) + 1)
    if not numbers:
        return list(before), list(after)
    return [_readable(line, numbers) for line in before], [
        _readable(line, numbers) for line in after
    ]


def without_notes(lines: Iterable[Line]) -> list[Line]:
    """The lines that are no part of a note, without the marks of notes in their words."""
    return [Line(line.kind, without_marks(line.text)) for line in lines if not is_of_a_note(line)]


def without_marks(text: str) -> str:
    """The words of a line without the codes of the notes behind them."""
    return _TOKEN.sub("", text)


def is_of_a_note(line: Line) -> bool:
    """Whether a line is one of the list of sources."""
    return line.kind.partition(".")[0] in _KINDS_OF_NOTES


def _readable(line: Line, numbers: dict[str, int]) -> Line:
    text = line.text
    if line.kind == "citation":
        mark, *codes = text.split(" ")
        text = f"{mark} {', '.join(_label(code) for code in codes)}"
    elif line.kind == "source":
        text = _source(text)
    elif line.kind == "source.anonymity":
        code, colon, reason = text.partition(": ")
        text = f"{_label(code)}{colon}{reason}"
    elif line.kind in {"source.accessed", "source.approved", "source.checked"}:
        text = _day(text)
    return Line(line.kind, _numbered(text, numbers))


def _numbered(text: str, numbers: dict[str, int]) -> str:
    """The numbers where the story has them: behind their words, before a comma or full stop."""
    return _TOKEN.sub(lambda match: f"[{numbers[match[1]]}]", text)


def _source(text: str) -> str:
    first, *facts = _KNOWN_BY_NAME.sub("", text).split(BETWEEN)
    kind = next((place for place, fact in enumerate(facts) if fact in SourceKind.values), None)
    if kind is not None:
        facts[kind] = _label(facts[kind])
    if facts and facts[-1] == PAYWALLED:
        facts[-1] = _("Behind a pay-wall")
    return BETWEEN.join([first, *facts])


def _label(code: str) -> str:
    pairs = [pair for choices in _CHOICES for pair in choices.choices]
    return next((str(label) for known, label in pairs if known == code), code)


def _day(text: str) -> str:
    if "T" in text:
        return date_format(localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
