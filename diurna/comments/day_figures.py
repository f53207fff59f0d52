"""The figures of a day in the log about comments that were never public: their number alone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from diurna.accounts.guests import Guest
from diurna.comments.models import CommentState, Transition
from diurna.comments.states import State


def figures(day: date) -> dict[str, Any]:
    """How many comments were held for a moderator and how many refused as spam, that day (UTC).

    Only those that had not been public: what had been has an entry of its own.
    """
    begin = datetime.combine(day, time(), UTC)
    moved = Transition.objects.filter(
        at__gte=begin, at__lt=begin + timedelta(days=1), logged=False
    ).exclude(actor="import")
    return {
        "held": moved.filter(before=State.SUBMITTED, after=CommentState.HELD).count(),
        "spam": moved.filter(after=CommentState.SPAM).count(),
    }


def guests_who_wrote(day: date) -> QuerySet[Guest]:
    """The guests who sent a comment on this day (UTC), whatever became of it."""
    begin = datetime.combine(day, time(), UTC)
    return Guest.objects.filter(
        comments__created_at__gte=begin, comments__created_at__lt=begin + timedelta(days=1)
    ).distinct()
