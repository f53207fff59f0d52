"""Lengths of time in words, as rough as people say them."""

from datetime import timedelta
from typing import Final

from django.utils.translation import ngettext

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def in_words(length: timedelta) -> str:
    """“5 minutes”, “3 hours”, “2 days”: one unit, rounded, at least a minute."""
    seconds = length.total_seconds()
    # Two of the larger unit before it is used: “90 minutes” says more than “2 hours”.
    if seconds < 2 * _HOUR:
        number = max(1, round(seconds / _MINUTE))
        return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
    if seconds < 2 * _DAY:
        number = round(seconds / _HOUR)
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    number = round(seconds / _DAY)
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
