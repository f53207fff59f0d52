"""Taking back a decision, for the few minutes in which a moderator notices a wrong key."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, Transition
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State, is_undo_allowed
from diurna.common.errors import Conflicting, Refused

# The author's letter waits as long, so that nobody is told of a slip.
UNDO_WINDOW: Final = timedelta(minutes=10)
# In the public log, and in transitions.
UNDO_RULE: Final = "undo"


def can_be_undone(transition: Transition, moderator: User, at: datetime) -> bool:
    """Whether this moderator may still take this decision back; a later one may stand in the way.

    Where a comment was called spam after it was public there is no way back to spam.
    """
    if transition.moderator_id != moderator.pk or transition.rule == UNDO_RULE:
        return False
    if transition.at <= at - UNDO_WINDOW:
        return False
    before, after = State(transition.after), State(transition.before)
    if after == State.SPAM and transition.comment.has_been_public:
        return False
    return is_undo_allowed(before, after)


def undo(*, decision: Transition, moderator: User, at: datetime | None = None) -> Transition:
    """Take the decision back: a move of its own, in the public log where the comment was public.

    Raises Refused where it is somebody else's or too late, Conflicting where something has happened
    to the comment since.
    """
    at = at or timezone.now()
    with transaction.atomic():
        comment = Comment.objects.select_related("thread__article").get(pk=decision.comment_id)
        if not can_be_undone(decision, moderator, at):
            raise Refused(
                _("Who made a decision can take it back for ten minutes; please decide anew.")
            )
        last = comment.transitions.order_by("-pk").first()
        if last is None or last.pk != decision.pk:
            raise Conflicting(
                _("Something has happened to this comment since; please look at it again.")
            )
        return make(
            comment,
            Move(
                to=State(decision.before),
                actor=Actor.MODERATOR,
                rule=UNDO_RULE,
                at=at,
                moderator=moderator,
                undoes=True,
            ),
        )
