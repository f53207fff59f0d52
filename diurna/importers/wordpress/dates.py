"""Dates of an export, which says each twice: in the site's own time and in GMT.

The GMT date counts. Between the two lies the site's offset, which is the same for nearly all items
of a season; an item with another offset contradicts itself, and that is said.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

# WordPress's own form, and those of other programs that write its exports.
_FORM: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_FEED_DAY: Final = re.compile(r"\b[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} ")
# No web site published before the web; such a date is a slip, or the age of a scanned text.
FIRST_YEAR: Final = 1990
# The moment from which computers count: what a lost date becomes.
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# With fewer items than this, no offset is the usual one.
MIN_ITEMS: Final = 10
# An offset that this share of items has, and so many, is one of the site's own, from an earlier
# setting.
_USUAL_SHARE: Final = 0.05
_USUAL_NUMBER: Final = 3
_HOUR: Final = 60
# Time zones lie between these, in steps of a quarter of an hour.
_FURTHEST: Final = 14 * _HOUR


def parse_date(text: str, zone: tzinfo) -> datetime | None:
    """A date as WordPress writes it, in UTC; None for `0000-00-00` and for what is no date.

    The zone is for a date that names none, which is the rule.
    """
    if not _FORM.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 1 else None


def feed_date(text: str) -> str:
    """The date of a feed (RFC 5322) as WordPress writes one, in GMT; empty for what is none."""
    # A library reads years of every length; a date that is lost has the year -0001.
    if not _FEED_DAY.search(text):
        return ""
    try:
        moment = parsedate_to_datetime(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.year >= FIRST_YEAR else ""


def when(gmt: str, local: str, zone: tzinfo) -> datetime | None:
    """A moment in UTC: WordPress's GMT date, else the local one in this zone; None for neither."""
    return parse_date(gmt, UTC) or parse_date(local, zone)


def offset_of(gmt: str, local: str) -> int | None:
    """How many minutes the local date is ahead of the GMT date; None when one is missing."""
    first, second = parse_date(gmt, UTC), parse_date(local, UTC)
    if first is None or second is None:
        return None
    return round((second - first).total_seconds() / 60)


@dataclass(slots=True)
class Offsets:
    """The offsets of a site's items, in minutes, counted."""

    counts: Counter[int] = field(default_factory=Counter)

    def note(self, gmt: str, local: str) -> None:
        """Count the offset of an item."""
        offset = offset_of(gmt, local)
        if offset is not None:
            self.counts[offset] += 1

    def usual(self) -> int | None:
        """The offset that most items have; None when there are too few to say."""
        if self.counts.total() < MIN_ITEMS:
            return None
        return self.counts.most_common(1)[0][0]

    def is_odd(self, offset: int) -> bool:
        """Whether an item with this offset contradicts the rest of the export."""
        if offset % 15 or abs(offset) > _FURTHEST:
            return True
        usual = self.usual()
        if usual is None or abs(offset - usual) <= _HOUR:
            return False
        return self.counts[offset] < max(_USUAL_NUMBER, _USUAL_SHARE * self.counts.total())

    def zone(self, zone: tzinfo, now: datetime) -> tzinfo:
        """The zone for dates without GMT: the newsroom's, unless the old site lay elsewhere."""
        usual = self.usual()
        here = now.astimezone(zone).utcoffset() or timedelta()
        if usual is None or abs(usual - here.total_seconds() / 60) <= _HOUR:
            return zone
        return timezone(timedelta(minutes=usual)) if abs(usual) <= _FURTHEST else zone


@dataclass(frozen=True, slots=True)
class ItemDates:
    """When an item was published and changed, in UTC, and what is odd about it."""

    published: datetime | None
    modified: datetime | None
    notes: tuple[str, ...] = ()


def item_dates(
    published: tuple[str, str],
    modified: tuple[str, str],
    offsets: Offsets,
    zone: tzinfo,
    *,
    is_draft: bool,
) -> ItemDates:
    """The dates of an item, each given as (GMT, local). A draft needs none."""
    notes = []
    first = when(*published, zone)
    changed = when(*modified, zone)
    if first == _EPOCH:
        first = None
    if is_draft:
        return ItemDates(first, changed)
    if first is None and changed is not None and changed.year >= FIRST_YEAR:
        first = changed
        notes.append("It had no date; it has that of its last change.")
    elif first is None:
        notes.append("It had no date; it is dated at the time of the import.")
    elif first.year < FIRST_YEAR:
        notes.append(f"It is dated {first:%Y-%m-%d}, before there were web sites; check the date.")
    offset = offset_of(*published)
    if offset is not None and offsets.is_odd(offset):
        usual = offsets.usual()
        others = f", those of the other items {usual / 60:+g} hours" if usual is not None else ""
        notes.append(
            f"Its date and its GMT date are {offset / 60:+.4g} hours apart{others}; "
            "the GMT date was taken."
        )
    return ItemDates(first, changed, tuple(notes))
