"""What was found damaged in a file, as sentences that name the place.

A place is where the damage was noticed: never before the damage itself, so that whoever looks for
it with an editor has to look there or a little above.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

# A text can be damaged in a thousand places; the report needs no more than this of one item.
MAX_SENTENCES: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column in a file, both counted from 1; columns in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"

    def after(self, text: str, index: int | None = None) -> "Place":
        """The place of `text[index]` (its end without one), when `text` starts at this place."""
        index = len(text) if index is None else index
        feeds = text.count("\n", 0, index)
        if not feeds:
            return Place(self.line, self.column + index)
        return Place(self.line + feeds, index - text.rfind("\n", 0, index))


class Wound(Enum):
    """A kind of damage: how it is said of one, and of several."""

    BYTES = (
        "Bytes that are not UTF-8 were read as Windows-1252",
        "Bytes that are not UTF-8 were read as Windows-1252",
    )
    REPLACED = (
        "Bytes that mean nothing in {0} were replaced by question marks",
        "Bytes that mean nothing in {0} were replaced by question marks",
    )
    SURROGATE = (
        "Letters written in halves (surrogates) were put together or replaced by question marks",
        "Letters written in halves (surrogates) were put together or replaced by question marks",
    )
    FORBIDDEN = (
        "A character that XML forbids was left out",
        "{n} characters that XML forbids were left out",
    )
    AMPERSAND = (
        "An & that was not written as &amp; was taken as it stands",
        "{n} & that were not written as &amp; were taken as they stand",
    )
    LESS_THAN = (
        "A < that was not written as &lt; was taken as it stands",
        "{n} < that were not written as &lt; were taken as they stand",
    )
    HTML_ENTITY = (
        "&{0};, which XML does not know, was read as HTML does",
        "&{0};, which XML does not know, was read as HTML does {n} times",
    )
    UNKNOWN_ENTITY = (
        "&{0};, which is declared nowhere, was taken as it stands",
        "&{0};, which is declared nowhere, was taken as it stands {n} times",
    )
    MARKUP = (
        "Markup in <{0}> that was not escaped was taken as its text",
        "{n} tags in <{0}> that were not escaped were taken as its text",
    )
    NO_END = (
        "<{0}> has no end; it was taken to end here",
        "<{0}> has no end {n} times; it was taken to end before what follows",
    )
    OTHER_END = (
        "<{0}> ends with another name; it was taken for its end",
        "<{0}> ends with another name {n} times; it was taken for its end",
    )
    STRAY_END = (
        "</{0}>, which ends nothing, was left out",
        "</{0}>, which ends nothing, was left out {n} times",
    )
    CDATA_NO_END = (
        "A CDATA section has no end; it was taken to end here",
        "{n} CDATA sections have no end; they were taken to end with their element",
    )
    CDATA_END_INSIDE = (
        "A ]]> inside a CDATA section was taken as text",
        "{n} times a ]]> inside a CDATA section was taken as text",
    )
    CDATA_NESTED = (
        "A CDATA section inside another was taken as part of its text",
        "{n} CDATA sections inside others were taken as part of their text",
    )
    LOOSE_TEXT = (
        "Text that belongs to no field was left out",
        "Text that belongs to no field was left out in {n} places",
    )
    NOT_WELL_FORMED = (
        "It is not well-formed XML ({0})",
        "It is not well-formed XML ({0})",
    )


class Wounds:
    """Collects damage of one piece of a file; of each kind, the first place and the number."""

    def __init__(self) -> None:
        self._found: dict[tuple[Wound, str], tuple[int, Place]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, wound: Wound, place: Place, word: str = "") -> None:
        """Note one more of this kind; `word` is the name it is about."""
        count, first = self._found.get((wound, word), (0, place))
        self._found[wound, word] = (count + 1, first)

    def has(self, wound: Wound) -> bool:
        """Whether damage of this kind was noted."""
        return any(kind is wound for kind, _ in self._found)

    def places(self) -> tuple[tuple[Place, str], ...]:
        """A sentence for each kind of damage with the first place of it, in that order."""
        said = [
            (place, _sentence(wound, word, count, place))
            for (wound, word), (count, place) in self._found.items()
        ]
        said.sort(key=lambda pair: (pair[0].line, pair[0].column))
        if len(said) > MAX_SENTENCES:
            place = said[MAX_SENTENCES][0]
            more = f"There is more damage of other kinds, the next at {place}."
            said[MAX_SENTENCES:] = [(place, more)]
        return tuple(said)

    def sentences(self) -> tuple[str, ...]:
        """What `places` says, without the places as such."""
        return tuple(sentence for _, sentence in self.places())


def _sentence(wound: Wound, word: str, count: int, place: Place) -> str:
    one, many = wound.value
    if count == 1:
        return f"{one.format(word)}: {place}."
    return f"{many.format(word, n=count)}, the first at {place}."
