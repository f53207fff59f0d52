"""Who answers an appeal: somebody else than who decided, as long as there is anybody."""

from typing import ClassVar, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.moves import Move
from diurna.comments.states import State
from diurna.common.errors import Refused
from diurna.moderation.models import Statement

MAY_ANSWER: Final = "comments.change_comment"


class OwnDecision(Refused):
    """Who decided does not decide about the appeal, while there is somebody else."""

    code: ClassVar[str] = "own_decision"


def not_theirs(statement: Statement, moderator: User) -> str:
    """Why this moderator does not answer an appeal against this; empty where they may."""
    if moderator.pk in (statement.user_id, _owner_of_comment(statement)):
        return _("This is about yourself; somebody else has to decide.")
    reader = _owner_of_comment(statement)
    if decider_of(statement) == moderator.pk and is_another(moderator, than_reader=reader):
        return _("You made this decision, so somebody else answers the appeal.")
    return ""


def is_another(moderator: User, *, than_reader: int | None = None) -> bool:
    """Whether somebody else of the newsroom, who is not the reader, decides about comments now."""
    app, _dot, codename = MAY_ANSWER.partition(".")
    right = {"content_type__app_label": app, "codename": codename}
    may = (
        Q(is_superuser=True)
        | Q(**{f"user_permissions__{name}": value for name, value in right.items()})
        | Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    )
    others = User.objects.filter(may, is_active=True, is_staff=True)
    return others.exclude(pk__in=[moderator.pk, than_reader or moderator.pk]).exists()


def demand_another(comment: Comment, move: Move) -> None:
    """Raise OwnDecision where a moderator would decide what is not theirs to decide.

    That is about an own comment, while there is somebody else, and an appeal against the own
    decision. Registered with `comments.moves`, so that it holds whichever way the decision comes.
    """
    if move.moderator is None:
        return
    if not move.undoes:
        demand_not_own(comment, move.moderator)
    if comment.state != CommentState.APPEALED:
        return
    removal = last_removal(comment)
    if comment.user_id == move.moderator.pk:
        raise OwnDecision(_("This is about yourself; somebody else has to decide."))
    decided_it = removal is not None and removal.moderator_id == move.moderator.pk
    if decided_it and is_another(move.moderator, than_reader=comment.user_id):
        raise OwnDecision(_("You made this decision, so somebody else answers the appeal."))


def demand_not_own(comment: Comment, moderator: User) -> None:
    """Raise OwnDecision for a moderator's own comment, while there is another moderator."""
    if comment.user_id == moderator.pk and is_another(moderator):
        raise OwnDecision(_("This is your own comment; somebody else has to decide."))


def last_removal(comment: Comment) -> Transition | None:
    """The decision against which the comment's author appeals, or could."""
    return comment.transitions.filter(after=State.REMOVED.value).order_by("-pk").first()


def decider_of(statement: Statement) -> int | None:
    """The key of the moderator whose decision it is; None for a program's, or one who is gone."""
    if statement.transition is not None:
        return statement.transition.moderator_id
    assert statement.measure is not None  # a constraint holds it
    return statement.measure.moderator_id


def _owner_of_comment(statement: Statement) -> int | None:
    return statement.transition.comment.user_id if statement.transition is not None else None
