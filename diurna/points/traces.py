"""When and from where readers pressed is kept for 30 days, for the rules about abuse, and goes."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from diurna.points.models import Cast

KEPT: Final = timedelta(days=30)
# Few enough that votes that are cast meanwhile wait for milliseconds.
_BATCH: Final = 2000


def forget_traces(now: datetime) -> int:
    """Empty time, network, address and sending site of presses that are 30 days old; how many."""
    old = Cast.objects.filter(at__lte=now - KEPT)
    left = Q(network__isnull=False) | Q(address__isnull=False) | Q(referrer__isnull=False)
    # Without a time nothing else of the kind may be there either.
    stray = Cast.objects.filter(left, at__isnull=True)
    count = 0
    for rows in (old, stray):
        last = 0
        # From key to key, so that the table is read once however much there is to empty.
        while keys := list(
            rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
        ):
            count += Cast.objects.filter(pk__in=keys).update(
                at=None, network=None, address=None, referrer=None
            )
            last = keys[-1]
    return count
