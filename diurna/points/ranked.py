"""Ranked lists of stories, for whoever shows them: pages, fronts, the API.

    ranked(Order.TOP, window=Window.WEEK, count=5).entries

A list is an *edition*: ranked once, in the background, and kept for an hour after the next one has
replaced it. A cursor names the edition, so whoever pages sees each story once, whatever is voted
meanwhile. How the orders are made: docs/explanation/ranking.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from diurna.common.errors import Invalid
from diurna.newsroom.models import Section, Topic
from diurna.points import ranked_editions
from diurna.points.models import Edition
from diurna.points.ranked_editions import List, Order, Terms
from diurna.points.ranked_rules import still_ranking
from diurna.points.ranked_windows import Window, window_begins

__all__ = ["Entry", "Order", "Place", "Ranked", "Terms", "Window", "list_of", "ranked"]

# So many more are read than are shown, since some may have been withdrawn since the list was made.
_SPARE: Final = 10
# What a database can count to, and the longest list.
_EDITION_DIGITS: Final = 18
_PASSED_DIGITS: Final = 4


@dataclass(frozen=True)
class Entry:
    """A story of a list: its key, its rank from 1, and the figures that it was ranked by.

    A rank is missing where a story was withdrawn after the list was made.
    """

    article: int
    rank: int
    terms: Terms


@dataclass(frozen=True)
class Place:
    """Where somebody has stopped reading: the edition, and how many of its stories lie behind."""

    edition: int
    passed: int

    def word(self) -> str:
        """The place as a word for an address."""
        return f"{self.edition}.{self.passed}"

    @classmethod
    def read(cls, word: str) -> "Place":
        """The place that a word stands for; `Invalid` for any other word."""
        edition, _dot, passed = word.partition(".")
        digits = edition + passed
        known = edition and passed and digits.isascii() and digits.isdigit()
        if not known or len(edition) > _EDITION_DIGITS or len(passed) > _PASSED_DIGITS:
            raise Invalid("This is no place in a ranked list; please start without a cursor.")
        place = cls(int(edition), int(passed))
        # Each place has one word, or a page could be kept under many.
        if place.word() != word:
            raise Invalid("This is no place in a ranked list; please start without a cursor.")
        return place


@dataclass(frozen=True)
class Ranked:
    """One stretch of a list.

    `at`: when it was ranked. `begins`: since when votes count in it (None: does not apply). `key`:
    the surrogate key of pages that show it. `next`: where to read on; None at the end. `lost`: the
    edition that was asked for is gone, and this is the present one from the same place on.
    `seconds`: how long the present edition is good for.
    """

    entries: Sequence[Entry]
    at: datetime
    begins: datetime | None
    key: str
    next: Place | None
    lost: bool
    seconds: float


def list_of(
    order: Order,
    *,
    window: Window | None = None,
    section: Section | None = None,
    topic: Topic | None = None,
) -> List:
    """Which list is meant; `Invalid` where the order and the window do not go together."""
    if (order is Order.TOP) != (window is not None):
        raise Invalid("The order “top” needs a window (day, week, month, year, all), no other one.")
    if section is not None and topic is not None:
        raise Invalid("A list is that of a section or of a topic; please choose one of them.")
    scope = f"section:{section.pk}" if section else f"topic:{topic.pk}" if topic else "site"
    return List(order, window, scope)


def ranked(
    order: Order,
    *,
    window: Window | None = None,
    section: Section | None = None,
    topic: Topic | None = None,
    count: int,
    after: Place | None = None,
) -> Ranked:
    """The first `count` stories of a list, or those after a place in it; few queries.

    Never ranks on the caller's thread where another one does it (`ranked_demand`), but for the
    first edition of a list if nobody else is quick. Published stories only; none that is retracted,
    sponsored or takes no votes (the last may be in `discussed`).
    """
    which = list_of(order, window=window, section=section, topic=topic)
    now = timezone.now()
    present = ranked_editions.present(which, now)
    edition, passed, lost = _asked_for(present, which, after)
    entries, passed, ended = _stretch(edition, which, passed, count)
    return Ranked(
        entries=entries,
        at=edition.at,
        begins=begins(which, edition.at),
        key=which.key(),
        next=None if ended else Place(edition.pk, passed),
        lost=lost,
        seconds=ranked_editions.good_for(which, present, now),
    )


def begins(which: List, at: datetime) -> datetime | None:
    """Since when votes or comments count in this list; None for hot and controversial.

    For all time: the hour of the first vote that counts, None where there is none.
    """
    window = ranked_editions.WINDOWS.get(which.order, which.window)
    if window is None:
        return None
    return window_begins(window, at) if window is not Window.ALL else ranked_editions.first_hour()


def _asked_for(present: Edition, which: List, after: Place | None) -> tuple[Edition, int, bool]:
    if after is None:
        return present, 0, False
    if after.edition == present.pk:
        return present, after.passed, False
    earlier = ranked_editions.earlier(which, after.edition)
    return earlier or present, after.passed, earlier is None


def _stretch(
    edition: Edition, which: List, passed: int, count: int
) -> tuple[list[Entry], int, bool]:
    """The entries from a place on, where the next ones begin, and whether there are none."""
    lines = edition.entries.split("\n") if edition.entries else []
    found: list[Entry] = []
    while len(found) < count and passed < len(lines):
        rows = ranked_editions.read(lines[passed : passed + count + _SPARE])
        ranking = still_ranking([pk for pk, _terms in rows], which.order)
        for pk, terms in rows:
            if len(found) == count:
                break
            passed += 1
            if pk in ranking:
                found.append(Entry(pk, passed, terms))
    return found, passed, passed >= len(lines)
