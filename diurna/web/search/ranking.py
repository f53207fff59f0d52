"""In which order stories are shown; a pure formula, explained in docs/explanation/search.md.

The score is a sum of what the reader's words are found in and of how new the story is. A story with
all words in its headline always stands before one with none there, however new: the headline gives
12, and all the rest together at most 11. Imports no Django.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

# The whole headline was typed, or stands in it as it was typed.
SAME_HEADLINE: Final = 100.0
IN_A_ROW: Final = 6.0
# The share of the words (0 to 1) that is found there, times so much.
HEADLINE: Final = 12.0
SHORT: Final = 3.0
NAMES: Final = 2.0
TEXT: Final = 3.0
# The words stand one after the other in the text.
NEAR: Final = 1.0
# A story of this moment; half of it after HALF_LIFE, a quarter after twice that.
RECENT: Final = 2.0
HALF_LIFE: Final = timedelta(days=180)
# A word that stands there twice counts half as much as one that stands there without end; Robertson
# and Walker 1994, the saturation of BM25, with k1 = 2.
_SATURATION: Final = 2.0


class Words(Protocol):
    """A row of the index: lines of stems, with a space on each side of every stem."""

    @property
    def headline(self) -> str: ...
    @property
    def short(self) -> str: ...
    @property
    def names(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: each telling stem once, and all that was typed in its order."""

    stems: tuple[str, ...]
    every: tuple[str, ...]


def score(wanted: Wanted, entry: Words, *, published: datetime, now: datetime) -> float:
    """How well a story answers; more is better, 0 for nothing found."""
    if not wanted.stems:
        return 0.0
    found = (
        HEADLINE * _share(wanted.stems, entry.headline)
        + SHORT * _share(wanted.stems, entry.short)
        + NAMES * _share(wanted.stems, entry.names)
        + TEXT * _saturated(wanted.stems, entry.text)
    )
    if not found:
        return 0.0
    return found + _in_order(wanted, entry) + recency(published, now)


def recency(published: datetime, now: datetime) -> float:
    """RECENT for a story of now or of the future, half of it for each HALF_LIFE of age."""
    age: float = max(now - published, timedelta(0)) / HALF_LIFE
    return RECENT * 0.5**age


def _share(stems: tuple[str, ...], line: str) -> float:
    return sum(f" {stem} " in line for stem in stems) / len(stems)


def _saturated(stems: tuple[str, ...], line: str) -> float:
    """The mean over the stems of times / (times + 2), from 0 to 1."""
    total = 0.0
    for stem in stems:
        times = line.count(f" {stem} ")
        total += times / (times + _SATURATION)
    return total / len(stems)


def _in_order(wanted: Wanted, entry: Words) -> float:
    typed = f" {' '.join(wanted.every)} "
    if entry.headline == typed:
        return SAME_HEADLINE + IN_A_ROW
    if len(wanted.every) == 1:
        return 0.0
    return (IN_A_ROW if typed in entry.headline else 0.0) + (NEAR if typed in entry.text else 0.0)
