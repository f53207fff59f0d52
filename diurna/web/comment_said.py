"""What a writer is told of an own comment: where it stands, and what has happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diurna.comments import policy
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.states import Actor, State
from diurna.comments.waiting import usual_wait
from diurna.common.durations import in_words
from diurna.moderation import statements
from diurna.moderation.statement_words import Said, said_of

_STANDS: Final = {
    State.PUBLISHED: gettext_lazy("It is published."),
    State.SPAM: gettext_lazy("It was taken for advertising, so nobody else sees it."),
    State.HIDDEN: gettext_lazy(
        "It is hidden until a moderator has looked again. Only you can see it."
    ),
    State.REMOVED: gettext_lazy("It was removed. Only you can see it."),
    State.APPEALED: gettext_lazy("It was removed, and you have appealed. Only you can see it."),
    State.UPHELD: gettext_lazy("It was removed, and stays so. Only you can see it."),
    State.DELETED: gettext_lazy("You have deleted it. Its words and your name are gone from here."),
}
_DONE: Final = {
    State.PUBLISHED: gettext_lazy("Published"),
    State.HELD: gettext_lazy("Kept for a moderator"),
    State.SPAM: gettext_lazy("Taken for advertising"),
    State.HIDDEN: gettext_lazy("Hidden"),
    State.REMOVED: gettext_lazy("Removed"),
    State.APPEALED: gettext_lazy("Appealed"),
    State.UPHELD: gettext_lazy("Looked at again, and still removed"),
    State.DELETED: gettext_lazy("Deleted"),
}
_BY: Final = {
    Actor.POLICY: gettext_lazy("by a rule, automatically"),
    Actor.AUTHOR: gettext_lazy("by you"),
    Actor.MODERATOR: gettext_lazy("by a moderator"),
    Actor.IMPORT: gettext_lazy("with the old site"),
}
# What may still be edited; `comments.editing` refuses the others.
_EDITABLE: Final = frozenset({CommentState.PUBLISHED, CommentState.HELD})


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a comment's history: what, by whom, by which rule, and a moderator's words."""

    at: datetime
    what: str
    by: str
    rule: str
    reason: str


def standings(comments: Iterable[Comment], now: datetime) -> dict[int, str]:
    """Where each of the comments stands, in a sentence for its writer, by their keys."""
    shown = list(comments)
    waits = any(each.state == CommentState.HELD for each in shown)
    held = wait_sentence(now) if waits else ""
    return {
        each.pk: held if each.state == CommentState.HELD else str(_STANDS[State(each.state)])
        for each in shown
    }


def wait_sentence(now: datetime) -> str:
    """What is said of a comment that waits; with the usual time where that is known."""
    wait = usual_wait(now)
    if wait is None:
        return _("Only you can see this. A moderator looks at it before it is published.")
    return _("Only you can see this. Here it usually takes %(time)s.") % {"time": in_words(wait)}


def history(comment: Comment) -> list[Event]:
    """What has happened to the comment, the first thing first."""
    rules = {step.id: step.explanation for step in policy.steps()}
    return [_event(each, rules) for each in comment.transitions.all()]


def reasons_of(comment: Comment) -> Said | None:
    """The statement of reasons that holds for the comment now; None where it is not restricted."""
    statement = statements.of_comment(comment)
    return said_of(statement, timezone.now()) if statement is not None else None


def can_be_edited(comment: Comment) -> bool:
    """Whether its writer may still change the words."""
    return comment.state in _EDITABLE


def can_be_deleted(comment: Comment) -> bool:
    """Whether there is still something to delete."""
    return comment.state != CommentState.DELETED


def _event(transition: Transition, rules: dict[str, str]) -> Event:
    rule = rules.get(transition.rule, "")
    is_back = (transition.before, transition.after) == (State.APPEALED, State.PUBLISHED)
    return Event(
        at=transition.at,
        what=_("Published again after your appeal")
        if is_back
        else str(_DONE[State(transition.after)]),
        by=str(_BY[Actor(transition.actor)]),
        rule=_(rule) if rule and transition.after != State.PUBLISHED else "",
        reason=transition.reason,
    )
