"""What votes change about comments: their rank marks, and the pages that show their points.

Both wait until a comment has been public for an hour. The settler marks what it has counted; when
an hour ends without a vote, the clock does (`HoursWatch`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from diurna.comments.models import Comment
from diurna.delivery.surrogate import touch
from diurna.points import ranking
from diurna.points.models import Tally, TargetKind
from diurna.points.targets import COMMENT_HOUR

# Few enough variables for any database in one statement.
_CHUNK: Final = 500
# A process that begins looks so far back, for hours that ended while none was there.
_FIRST_LOOK: Final = timedelta(days=7)
_WRITE: Final = "UPDATE comments_comment SET best = %s, controversy = %s WHERE id = %s"


def mark(comments: Iterable[UUID], now: datetime | None = None) -> set[str]:
    """Write the marks of these comments whose hour is over; the surrogate keys of their pages.

    Inside the caller's transaction. A comment that somebody changes at this moment keeps its marks
    until the next vote on it: waiting for it could be waiting for somebody who waits for the votes.
    """
    uuids = list(comments)
    moment = now or timezone.now()
    parts = (uuids[begin : begin + _CHUNK] for begin in range(0, len(uuids), _CHUNK))
    return {key for part in parts for key in _mark(part, moment)}


def _mark(uuids: Sequence[UUID], now: datetime) -> set[str]:
    tallies = Tally.objects.filter(kind=TargetKind.COMMENT, uuid__in=uuids)
    votes = {
        uuid: (guest_up + member_up, guest_down + member_down)
        for uuid, guest_up, guest_down, member_up, member_down in tallies.values_list(
            "uuid", "guest_up", "guest_down", "member_up", "member_down"
        )
    }
    due = Comment.objects.filter(uuid__in=uuids, published_at__lte=now - COMMENT_HOUR)
    stale = []
    for pk, uuid, *stored in _unlocked(due):
        up, down = votes.get(uuid, (0, 0))
        marks = [ranking.best(up, down), ranking.controversy(up, down)]
        if marks != stored:
            stale.append((*marks, pk))
    if stale:
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE, stale)
    articles = due.order_by().values_list("thread__article__uuid", flat=True).distinct()
    return {f"thread-{article}" for article in articles}


def _unlocked(comments: QuerySet[Comment]) -> list[tuple[int, UUID, float, float]]:
    if connection.features.has_select_for_update_skip_locked:
        comments = comments.select_for_update(skip_locked=True, no_key=True)
    return list(comments.order_by("pk").values_list("pk", "uuid", "best", "controversy"))


class HoursWatch:
    """Shows the points of comments whose hour has ended since the last look."""

    def __init__(self) -> None:
        self._until: datetime | None = None

    def look(self, now: datetime) -> int:
        """Mark and show what is due; how many comments that were."""
        since = self._until or now - _FIRST_LOOK
        ended = Comment.objects.published().filter(
            published_at__gt=since - COMMENT_HOUR, published_at__lte=now - COMMENT_HOUR
        )
        uuids = list(ended.values_list("uuid", flat=True))
        with transaction.atomic():
            touch(*sorted(mark(uuids, now)), soft=True)
        self._until = now
        return len(uuids)


_watch = HoursWatch()


def look() -> None:
    """Show the points of comments whose hour ended since this process looked last."""
    _watch.look(timezone.now())
