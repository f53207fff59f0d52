"""Days and moments as the language that is switched on writes them; fast, since pages have many.

Django's `date` filter takes its pattern apart each time, and with it ten times as long. Here each
pattern is taken apart once, and what most languages are made of is found without its `DateFormat`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.utils.dateformat import DateFormat
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@cache
def _month(_language: str | None, number: int) -> str:
    """The name of a month in the language that is active, which is named so that it is kept."""
    return str(MONTHS[number])


# As `django.utils.dateformat` does it: letters stand for parts, after a backslash for themselves.
_LETTERS: Final = re.compile(r"(?<!\\)([aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ])")
_ESCAPED: Final = re.compile(r"\\(.)")
_QUICK: Final[dict[str, Callable[[Any], object]]] = {
    "j": lambda moment: moment.day,
    "F": lambda moment: _month(get_language(), moment.month),
    "Y": lambda moment: moment.year,
    "m": lambda moment: f"{moment.month:02}",
    "H": lambda moment: f"{moment.hour:02}",
    "i": lambda moment: f"{moment.minute:02}",
}


def day_words(day: date) -> str:
    """A day, such as “5 March 2026”; of a moment, that of its own time zone."""
    return _written(day, get_format("DATE_FORMAT"))


def minute_words(moment: datetime) -> str:
    """Day and time in the moment's own time zone, such as “5 March 2026, 14:05”."""
    return _written(moment, get_format("DATETIME_FORMAT"))


def weekday_words(day: date) -> str:
    """A day with its weekday, such as “Thursday, 5 March 2026”."""
    weekday = WEEKDAYS[day.weekday()]
    return _("%(weekday)s, %(day)s") % {"weekday": weekday, "day": day_words(day)}


def _written(moment: date, pattern: str) -> str:
    return "".join(
        piece if isinstance(piece, str) else str(piece(moment)) for piece in _taken_apart(pattern)
    )


@cache
def _taken_apart(pattern: str) -> list[str | Callable[[Any], object]]:
    pieces: list[str | Callable[[Any], object]] = []
    for place, piece in enumerate(_LETTERS.split(pattern)):
        if place % 2:
            pieces.append(_QUICK.get(piece) or _slow(piece))
        elif piece:
            pieces.append(_ESCAPED.sub(r"\1", piece))
    return pieces


def _slow(letter: str) -> Callable[[Any], object]:
    return lambda moment: getattr(DateFormat(moment), letter)()
