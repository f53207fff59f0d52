"""When the newest so many stories begin: a site of any size is looked at from its newest end first.

A help to the database and no promise: whoever finds too little in a window looks at everything.
"""

import time
from datetime import UTC, datetime
from typing import Final

from wagtail.models import Page

_REMEMBERED_SECONDS: Final = 600.0
_remembered: dict[int, tuple[float, datetime | None]] = {}


def begins(number: int) -> datetime | None:
    """The day (its first moment, UTC) of the newest page but `number`, as of some minutes ago.

    None where there are fewer pages.
    """
    until, day = _remembered.get(number, (0.0, None))
    if until < time.monotonic():
        dated = Page.objects.filter(first_published_at__isnull=False)
        newest = dated.order_by("-first_published_at").values_list("first_published_at", flat=True)
        moment = next(iter(newest[number : number + 1]), None)
        day = (
            moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            if moment
            else None
        )
        _remembered[number] = (time.monotonic() + _REMEMBERED_SECONDS, day)
    return day
