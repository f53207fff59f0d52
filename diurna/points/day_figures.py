"""The figures of a day in the log: accounts, guests, votes that did not count or were taken out.

They keep sock puppets visible as numbers: who invents voters can't keep their number down.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q

from diurna.comments.day_figures import guests_who_wrote
from diurna.points.models import Cast, Reason, Ruling, VoterClass


def figures(day: date) -> dict[str, Any]:
    """Guests who wrote on this day (UTC), and the votes not counted or taken out, by reason.

    `guests` are readers who pressed as a guest that day or sent a comment; one who is gone counts
    once a vote.
    """
    begin = datetime.combine(day, time(), UTC)
    pressed = Cast.objects.filter(hour__gte=begin, hour__lt=begin + timedelta(days=1))
    ruled = Ruling.objects.filter(
        decided_at__gte=begin, decided_at__lt=begin + timedelta(days=1), counts=False
    )
    return {
        "guests": _guests(pressed.filter(voter_class=VoterClass.GUEST), day),
        "not_counted": _by_reason(pressed.exclude(reason=Reason.COUNTED)),
        "voided": _by_reason(ruled),
    }


def _guests(pressed: Any, day: date) -> int:
    only_commented = guests_who_wrote(day).exclude(
        pk__in=pressed.filter(vote__guest__isnull=False).values("vote__guest")
    )
    no_guest = Q(vote__guest__isnull=True)
    counts = pressed.aggregate(
        guests=Count("vote__guest", distinct=True),
        # An account without a confirmed address, or a guest who has an account by now.
        accounts=Count("vote__user", distinct=True, filter=no_guest),
        gone=Count("vote", distinct=True, filter=no_guest & Q(vote__user__isnull=True)),
    )
    return int(counts["guests"] + counts["accounts"] + counts["gone"] + only_commented.count())


def _by_reason(rows: Any) -> dict[str, int]:
    return dict(rows.order_by("reason").values_list("reason").annotate(count=Count("pk")))
