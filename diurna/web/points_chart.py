"""The chart of the votes on an article: what came when, in bins that widen with the time they span.

Pure: no Django, no words. A vote stands in the hour of its last change, so that all bars together
add up to the points that are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

# Beyond this many bars one is too narrow to be seen on a phone (320 px wide).
MAX_BINS: Final = 110
# A single bar as wide as the page would look like a wall; the time before it was empty anyway.
MIN_BINS: Final = 12
# The drawing's own units; the page stretches it to its place.
STEP: Final = 10
BAR: Final = 8
HEIGHT: Final = 100
# One vote beside thousands is still seen.
_LEAST: Final = 1.0
_HOUR: Final = timedelta(hours=1)


class Unit(StrEnum):
    """How long a bin is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class HourOfVotes(NamedTuple):
    """Votes of one class and one value (1 or -1) whose last change was in this hour (aware)."""

    hour: datetime
    voter_class: str
    value: int
    votes: int


@dataclass
class Bin:
    """The votes from `start` (in the newsroom's time zone) until the next bin, by class."""

    start: datetime
    up: dict[str, int] = field(default_factory=dict)
    down: dict[str, int] = field(default_factory=dict)

    def add(self, row: HourOfVotes) -> None:
        """Count these votes here."""
        side = self.up if row.value > 0 else self.down
        side[row.voter_class] = side.get(row.voter_class, 0) + row.votes

    @property
    def ups(self) -> int:
        """How many went up."""
        return sum(self.up.values())

    @property
    def downs(self) -> int:
        """How many went down."""
        return sum(self.down.values())


class Bar(NamedTuple):
    """A rectangle in the drawing's units, as numbers that SVG reads in any language."""

    voter_class: str
    x: str
    y: str
    height: str


@dataclass(frozen=True)
class Chart:
    """Bins in order of time, without gaps, and one list of bars for each of them.

    `most_up` and `most_down` are the ends of the scale, `zero` the height of the line between.
    """

    unit: Unit
    bins: list[Bin]
    bars: list[list[Bar]]
    most_up: int
    most_down: int
    zero: str

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return STEP * len(self.bins)


def draw(votes: Iterable[HourOfVotes], zone: ZoneInfo, classes: tuple[str, ...]) -> Chart | None:
    """The chart of these votes; None for no votes.

    `classes` names the classes of voters from the line outwards.
    """
    rows = sorted(votes)
    if not rows:
        return None
    unit, starts = _bins(rows[0].hour, rows[-1].hour, zone)
    bins = [Bin(start) for start in starts]
    by_start = {one.start.astimezone(UTC): one for one in bins}
    for row in rows:
        by_start[_floor(unit, row.hour, zone).astimezone(UTC)].add(row)
    up, down = max(one.ups for one in bins), max(one.downs for one in bins)
    scale = HEIGHT / (up + down)
    zero = up * scale
    bars = [_bars(place, one, classes, zero, scale) for place, one in enumerate(bins)]
    return Chart(unit, bins, bars, up, down, _number(zero))


def _bins(first: datetime, last: datetime, zone: ZoneInfo) -> tuple[Unit, list[datetime]]:
    """The smallest unit that needs at most `MAX_BINS` bins, and where they start."""
    starts: list[datetime] = []
    for unit in Unit:
        starts = [_floor(unit, first, zone)]
        while len(starts) <= MAX_BINS or unit is Unit.YEAR:
            following = _next(unit, starts[-1], zone)
            if following.astimezone(UTC) > last.astimezone(UTC):
                break
            starts.append(following)
        if len(starts) <= MAX_BINS:
            break
    while len(starts) < MIN_BINS:
        starts.insert(0, _floor(unit, starts[0].astimezone(UTC) - _HOUR, zone))
    return unit, starts


def _floor(unit: Unit, moment: datetime, zone: ZoneInfo) -> datetime:
    if unit is Unit.HOUR:
        # The log's hours are those of UTC, which begin at half past in some zones.
        whole = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return whole.astimezone(zone)
    day = moment.astimezone(zone).date()
    if unit is Unit.WEEK:
        day -= timedelta(days=day.weekday())
    elif unit is Unit.MONTH:
        day = day.replace(day=1)
    elif unit is Unit.YEAR:
        day = day.replace(month=1, day=1)
    return _midnight(day, zone)


def _next(unit: Unit, start: datetime, zone: ZoneInfo) -> datetime:
    if unit is Unit.HOUR:
        return (start.astimezone(UTC) + _HOUR).astimezone(zone)
    # Never less than the bin, never more than the next.
    ahead = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}[unit]
    day = start.date() + timedelta(days=ahead)
    return _midnight(_floor(unit, _midnight(day, zone), zone).date(), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _bars(place: int, one: Bin, classes: tuple[str, ...], zero: float, scale: float) -> list[Bar]:
    x = _number(place * STEP + (STEP - BAR) / 2)
    bars = []
    for side, sign in ((one.up, -1), (one.down, 1)):
        edges = [zero]
        for name in classes:
            count = side.get(name, 0)
            edges.append(edges[-1] + sign * (max(count * scale, _LEAST) if count else 0))
        for name, (near, far) in zip(classes, pairwise(edges), strict=True):
            if near != far:
                bars.append(Bar(name, x, _number(min(near, far)), _number(abs(far - near))))
    return bars


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
