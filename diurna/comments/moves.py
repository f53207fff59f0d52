"""Moving a comment from one state to the next: row, count, log and pages in one step.

The only place that writes `Comment.state`, `Thread.published` and transitions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments import publication
from diurna.comments.models import Comment, CommentState, Thread, Transition
from diurna.comments.states import Actor, State, action_of, is_allowed, is_decision, is_undo_allowed
from diurna.common.errors import Conflicting, Refused
from diurna.delivery.surrogate import touch
from diurna.ledger import entry
from diurna.ledger.actions import append


class NotAllowed(Refused):
    """No such way leads from the comment's state."""

    code: ClassVar[str] = "transition"


@dataclass(frozen=True, kw_only=True)
class Move:
    """What is to happen to a comment, by whom and by which rule.

    `undoes` when a moderator takes back the own last decision.
    """

    to: State
    actor: Actor
    rule: str
    at: datetime
    moderator: User | None = None
    reason: str = ""
    undoes: bool = False

    @property
    def automated(self) -> bool:
        """Whether no person has decided."""
        return self.actor in (Actor.POLICY, Actor.IMPORT)


# Given the comment as it stands, and what is to happen to it; raises Refused.
Demand = Callable[[Comment, Move], None]

_demands: list[Demand] = []


def register_demand(demand: Demand) -> None:
    """Have a higher room asked before each move of a comment that is stored already."""
    if demand not in _demands:
        _demands.append(demand)


def record_first(comment: Comment, move: Move) -> Transition:
    """The first row of a comment that was just stored in the state `move.to`."""
    _demand_allowed(State.SUBMITTED, move)
    transition = _row(comment, State.SUBMITTED, move, logged=False)
    if move.to == State.PUBLISHED:
        count_published(comment.thread_id, 1, at=move.at)
        # Who wrote it sees it at once, the others within a second.
        show_change(comment.thread, soft=True)
    publication.decided(transition)
    return transition


def make(comment: Comment, move: Move) -> Transition:
    """Move the comment on; inside the caller's transaction.

    Raises NotAllowed where no way leads there, Conflicting where somebody else was quicker.
    """
    before = State(comment.state)
    _demand_allowed(before, move)
    for demand in _demands:
        demand(comment, move)
    if move.to == State.SPAM and comment.has_been_public:
        raise NotAllowed(
            _("Readers have seen this comment, so it can’t be filed as spam; please remove it.")
        )
    _store_state(comment, before, move)
    had_been_public = comment.has_been_public
    if move.to == State.PUBLISHED and not had_been_public:
        comment.published_at = move.at
    transition = _row(comment, before, move, logged=had_been_public)
    if had_been_public:
        append(
            entry.make(
                "moderation",
                comment=str(comment.uuid),
                action=action_of(before, move.to),
                rule=move.rule,
                automated=move.automated,
            ),
            name=log_name(transition.pk),
        )
    change = (move.to == State.PUBLISHED) - (before == State.PUBLISHED)
    if change:
        count_published(comment.thread_id, change, at=move.at)
    if had_been_public or change:
        show_change(comment.thread)
    if change > 0 and not had_been_public and move.actor != Actor.IMPORT:
        publication.published(comment, move.at)
    publication.decided(transition)
    return transition


def log_name(transition: int) -> str:
    """The name by which the entry of a transition is found in the public log."""
    return f"moderation/{transition}"


def locked(comment: Comment) -> Comment:
    """The row as it stands now; on PostgreSQL nobody else changes it until the end."""
    Thread.objects.select_for_update().filter(pk=comment.thread_id).first()
    return Comment.objects.select_related("thread__article", "user", "guest").get(pk=comment.pk)


def count_published(thread: int, change: int, *, at: datetime) -> None:
    """Add to how many published comments the thread has."""
    values: dict[str, object] = {"published": F("published") + change}
    if change > 0:
        values["last_published_at"] = Case(
            When(last_published_at__isnull=True, then=Value(at)),
            default=Greatest("last_published_at", Value(at)),
        )
    Thread.objects.filter(pk=thread).update(**values)


def show_change(thread: Thread, *, soft: bool = False) -> None:
    """Have every page of the thread made again: something that readers see has changed.

    With `soft` they may be read for a second more: nothing on them is wrong, something is new.
    """
    Thread.objects.filter(pk=thread.pk).update(version=F("version") + 1)
    touch(f"thread-{thread.article.uuid}", "comments", soft=soft)
    # The page of the comment itself.
    touch("missing")


def _demand_allowed(before: State, move: Move) -> None:
    is_undo = move.undoes and is_undo_allowed(before, move.to)
    if not (is_undo or is_allowed(before, move.to, move.actor)):
        raise NotAllowed(
            _("A comment that is “%(before)s” can’t become “%(after)s” this way.")
            % {"before": before.value, "after": move.to.value}
        )


def _store_state(comment: Comment, before: State, move: Move) -> None:
    values: dict[str, object] = {"state": move.to.value}
    if move.to == State.PUBLISHED and not comment.has_been_public:
        values["published_at"] = move.at
    # What `select_for_update` is on PostgreSQL, this is on both: only one can be first.
    if not Comment.objects.filter(pk=comment.pk, state=before.value).update(**values):
        raise Conflicting(
            _("Somebody else has decided about this comment a moment ago; please look again.")
        )
    comment.state = CommentState(move.to.value)


def _row(comment: Comment, before: State, move: Move, *, logged: bool) -> Transition:
    return Transition.objects.create(
        comment=comment,
        before=before.value,
        after=move.to.value,
        actor=move.actor.value,
        moderator=move.moderator,
        rule=move.rule,
        automated=move.automated,
        reason=move.reason,
        logged=logged,
        is_decision=is_decision(before, move.to, move.actor, had_been_public=logged),
        at=move.at,
    )
