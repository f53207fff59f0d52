"""A site of any size is looked at from its newest end first."""

import time
from datetime import UTC, datetime
from typing import Final

from wagtail.models import Page

from diurna.newsroom.models import Article, ArticleQuerySet

_REMEMBERED_SECONDS: Final = 600.0
_remembered: dict[int, tuple[float, datetime | None]] = {}


# Every publication lies between them.
_EVER: Final = (datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def stories() -> ArticleQuerySet:
    """The stories that readers may see, newest first, for whoever takes the first few of them.

    SQLite plans as if all were taken, and puts all in order where its statistics have fewer stories
    than pages, as they have by sampling. Between two bounds it goes by the index of the dates.
    """
    return Article.objects.published().filter(first_published_at__range=_EVER)


def begins(number: int) -> datetime | None:
    """The day (its first moment, UTC) of the newest page but `number`, as of some minutes ago.

    None where there are fewer pages. A help to the database and no promise: whoever finds too
    little in a window looks at everything.
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
