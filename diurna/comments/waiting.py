"""How long a comment waits for a moderator here: measured, or not said."""

from datetime import datetime, timedelta
from statistics import median
from typing import Final

from diurna.comments.models import CommentState, Transition

WINDOW: Final = timedelta(days=30)
# Fewer decisions say nothing about the next one.
FEWEST: Final = 5
# The newest are enough for a median, and cheap.
MOST: Final = 500


def usual_wait(now: datetime) -> timedelta | None:
    """The median time between a comment's sending and the decision about it, of the last 30 days.

    None where fewer than 5 comments that were held were decided upon.
    """
    decided = Transition.objects.filter(
        before=CommentState.HELD,
        automated=False,
        at__gt=now - WINDOW,
        at__lte=now,
        # Those were written years ago, on another site.
        comment__imported=False,
    ).exclude(after=CommentState.DELETED)
    rows = decided.order_by("-at").values_list("at", "comment__created_at")[:MOST]
    waits = [(at - sent).total_seconds() for at, sent in rows]
    return timedelta(seconds=median(waits)) if len(waits) >= FEWEST else None
