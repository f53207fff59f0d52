"""The `day` entry: once a day, the figures that keep sock puppets and spam visible as numbers."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from diurna.ledger import entry
from diurna.ledger.actions import append
from diurna.ledger.consumers import day_figures
from diurna.ledger.models import Entry, Log, PendingEntry
from diurna.ledger.reading import active_log

# After a longer standstill the days before are not filled in: their figures are no longer kept.
MOST_DAYS = 31
_PREFIX = "day/"


def write_days(now: datetime) -> list[date]:
    """Write the entry of each day (UTC) that is over and has none; the days that were written."""
    log = active_log()
    if log is None:
        return []
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    written = []
    day = max(_first_missing(log), yesterday - timedelta(days=MOST_DAYS - 1))
    while day <= yesterday:
        data = entry.make("day", day=day.isoformat(), **day_figures(day))
        with transaction.atomic():
            append(data, name=f"{_PREFIX}{day.isoformat()}")
        written.append(day)
        day += timedelta(days=1)
    return written


def _first_missing(log: Log) -> date:
    # ISO dates sort as they follow each other.
    names = [
        rows.filter(name__startswith=_PREFIX)
        .order_by("-name")
        .values_list("name", flat=True)
        .first()
        for rows in (PendingEntry.objects.all(), Entry.objects.filter(log=log))
    ]
    last = max(filter(None, names), default=None)
    if last is None:
        return log.founded_at.astimezone(UTC).date()
    return date.fromisoformat(last.removeprefix(_PREFIX)) + timedelta(days=1)
