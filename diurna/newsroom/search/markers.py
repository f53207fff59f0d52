"""Words that stand in the index of a story beside its own, so that it can be narrowed down there.

The index of a database can tell in microseconds which stories have two words; it knows nothing of
dates and sections. So a story has a word for its day, its month, its year, its sections, its type
of work, its people and its topics. They begin with letters no word of a language begins with. What
is not public has none of them, and every question of a reader asks for one: so drafts are not
even candidates. Imports no Django.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

PREFIX: Final = "xq"
# A story that readers may see; people and topics.
LIVE: Final = f"{PREFIX}live"
PERSON: Final = f"{PREFIX}kperson"
TOPIC: Final = f"{PREFIX}ktopic"
# What the newsroom says of itself: information pages, and its answers.
PAGE: Final = f"{PREFIX}kpage"


def of_day(day: date) -> list[str]:
    """The day (UTC) of the first publication, its month and its year."""
    return [_day(day), _month(day.year, day.month), _year(day.year)]


def of_section(pk: int) -> str:
    """A section that a story stands in or below."""
    return f"{PREFIX}s{pk}"


def of_person(pk: int) -> str:
    """A contributor in a by-line."""
    return f"{PREFIX}p{pk}"


def of_topic(pk: int) -> str:
    """A topic of a story."""
    return f"{PREFIX}o{pk}"


def of_work_type(work_type: str) -> str:
    """A type of work."""
    return f"{PREFIX}t{''.join(filter(str.isalnum, work_type.lower()))}"


def span(first: date, last: date) -> list[str]:
    """The fewest years, months and days that cover all from `first` to `last`, both included."""
    found: list[str] = []
    day = first
    while day <= last:
        if day.month == 1 and day.day == 1 and date(day.year, 12, 31) <= last:
            found.append(_year(day.year))
            day = date(day.year + 1, 1, 1)
        elif day.day == 1 and (end := _end_of_month(day)) <= last:
            found.append(_month(day.year, day.month))
            day = end + timedelta(days=1)
        else:
            found.append(_day(day))
            day += timedelta(days=1)
    return found


def is_marker(word: str) -> bool:
    """Whether a word of the index is one of these."""
    return word.startswith(PREFIX)


def without_markers(words: Iterable[str]) -> list[str]:
    """The words that are a story's own."""
    return [word for word in words if not is_marker(word)]


def _end_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _day(day: date) -> str:
    return f"{PREFIX}d{day:%Y%m%d}"


def _month(year: int, month: int) -> str:
    return f"{PREFIX}m{year:04d}{month:02d}"


def _year(year: int) -> str:
    return f"{PREFIX}y{year:04d}"
