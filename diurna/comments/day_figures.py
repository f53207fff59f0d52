"""The figures of a day in the log about comments that were never public: their number alone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from diurna.accounts.guests import Guest
from diurna.comments.models import CommentState, Transition
from diurna.comments.states import State
from diurna.comments.undoing import UNDO_RULE


def figures(day: date) -> dict[str, Any]:
    """How many comments were held for a moderator, refused as spam, or removed, that day (UTC).

    Only those that had not been public: what had been has an entry of its own. Removed are those
    with a banned word, and those that waited.
    """
    begin = datetime.combine(day, time(), UTC)
    moved = Transition.objects.filter(
        at__gte=begin, at__lt=begin + timedelta(days=1), logged=False
    ).exclude(actor="import")
    return {
        "held": moved.filter(before=State.SUBMITTED, after=CommentState.HELD).count(),
        "spam": _lasting(moved, CommentState.SPAM),
        "removed": _lasting(moved, CommentState.REMOVED),
    }


def _lasting(moved: QuerySet[Transition], state: CommentState) -> int:
    """How many came into this state that day, slips that were taken back left out."""
    came = moved.filter(after=state).exclude(rule=UNDO_RULE).count()
    return max(0, came - moved.filter(before=state, rule=UNDO_RULE).count())


def guests_who_wrote(day: date) -> QuerySet[Guest]:
    """The guests who sent a comment on this day (UTC), whatever became of it."""
    begin = datetime.combine(day, time(), UTC)
    return Guest.objects.filter(
        comments__created_at__gte=begin, comments__created_at__lt=begin + timedelta(days=1)
    ).distinct()
