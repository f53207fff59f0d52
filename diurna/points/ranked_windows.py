"""Windows of time, in full hours: the log says of no vote when it came, but the hour; pure.

A window of 24 hours begins with the full hour in which it was 24 hours ago, so it has between 24
and 25 hours. Whoever counts the votes of the log from that hour on gets the same points.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

HOUR: Final = timedelta(hours=1)


class Window(StrEnum):
    """How far back votes are counted; the words are those of addresses and the API."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


LENGTHS: Final = {
    Window.DAY: timedelta(hours=24),
    Window.WEEK: timedelta(days=7),
    Window.MONTH: timedelta(days=30),
    Window.YEAR: timedelta(days=365),
}


def hour_of(moment: datetime) -> int:
    """The hour in which this moment (aware) lies, counted since 1970 in UTC."""
    return int(moment.timestamp() // 3600)


def hour_begins(hour: int) -> datetime:
    """When that hour begins (UTC)."""
    return datetime.fromtimestamp(3600 * hour, UTC)


def window_begins(window: Window, now: datetime) -> datetime | None:
    """The full hour from which on votes are in the window; None for all time."""
    if window is Window.ALL:
        return None
    return hour_begins(hour_of(now - LENGTHS[window]))


def leaves(hour: int, window: Window) -> datetime:
    """When the clock takes a vote of this hour out of a window (not of `ALL`)."""
    return hour_begins(hour) + LENGTHS[window] + HOUR
