"""Are the tables behind the lists what they follow from? For `diurna doctor`."""

from datetime import datetime
from itertools import chain
from typing import Final

from diurna.points import hours_again
from diurna.points.models import StaleStanding, Standing
from diurna.points.standings import FIGURES, computed

# Of each kind the first ones: what readers see.
_SAMPLE: Final = 100


def differing_hours() -> int:
    """How many sums by hour (up to twenty) are not what the votes add up to."""
    return hours_again.differing()


def differing_standings(now: datetime) -> int:
    """How many of the standings that lists begin with are not what a fresh computation gives.

    Without those that wait for theirs: they are made again within seconds.
    """
    first = (
        Standing.objects.order_by(mark, "-article_id").values_list("pk", flat=True)[:_SAMPLE]
        for mark in ("-hot", "-points", "-year_points")
    )
    wanted = set(chain.from_iterable(first))
    wanted -= set(StaleStanding.objects.values_list("article_key", flat=True))
    stored = {row.pk: row for row in Standing.objects.filter(pk__in=wanted)}
    return sum(
        1
        for fresh in computed(wanted, now)
        if not _is_due(stored[fresh.pk], now)
        and any(getattr(fresh, name) != getattr(stored[fresh.pk], name) for name in FIGURES)
    )


def waiting() -> int:
    """How many changes wait for their standing to be made again."""
    return StaleStanding.objects.count()


def _is_due(standing: Standing, now: datetime) -> bool:
    return standing.due_at is not None and standing.due_at <= now
