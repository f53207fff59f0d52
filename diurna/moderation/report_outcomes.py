"""What becomes of reports: it follows from the decisions about the comment, whoever makes them.

A comment that a moderator (or a rule, after an edit) has taken away: upheld. One that a moderator
lets stand, or gives back: rejected. One that its author has deleted: moot. A decision that is taken
back opens the reports again that it answered, or, where the comment is as far away as before it,
they are upheld as they were. Where a published comment stays published nothing moves, so a
moderator says it with `let_stand`; if one takes it away after all, who had reported it was right.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, Thread, Transition
from diurna.comments.states import Actor, State
from diurna.comments.undoing import UNDO_RULE, UNDO_WINDOW
from diurna.common.errors import Conflicting, Refused
from diurna.delivery.surrogate import touch
from diurna.moderation.answering import demand_not_own
from diurna.moderation.models import Report, ReportOutcome
from diurna.moderation.report_letters import tell_reporters, untell_reporters

MAY_DECIDE: Final = "moderation.change_report"
_TAKEN_AWAY: Final = frozenset({State.REMOVED, State.SPAM, State.UPHELD})


def answer_reports(transition: Transition) -> None:
    """Settle the reports of a comment that was decided about; a listener of every move."""
    if transition.before == State.SUBMITTED:
        return
    if transition.rule == UNDO_RULE:
        _answer_as_before(transition)
        return
    outcome = outcome_of(after=State(transition.after), actor=Actor(transition.actor))
    if outcome is None:
        return
    settles = Q(outcome=ReportOutcome.OPEN)
    if outcome == ReportOutcome.REJECTED:
        # Given back after an appeal, or by the moderator who hid it: they were wrong after all.
        settles |= Q(outcome=ReportOutcome.UPHELD)
    _settle(
        transition.comment.reports.filter(settles),
        outcome,
        at=transition.at,
        by=transition.moderator,
        transition=transition,
    )
    if outcome == ReportOutcome.UPHELD and transition.actor == Actor.MODERATOR:
        _turn_let_stand(transition.comment, ReportOutcome.REJECTED, ReportOutcome.UPHELD)


def outcome_of(*, after: State, actor: Actor) -> ReportOutcome | None:
    """What a move to this state makes of open reports; None where they stay open. Pure."""
    if after == State.DELETED:
        return ReportOutcome.MOOT
    if after in _TAKEN_AWAY:
        return ReportOutcome.UPHELD
    if actor == Actor.MODERATOR:
        if after == State.HIDDEN:
            return ReportOutcome.UPHELD
        if after == State.PUBLISHED:
            return ReportOutcome.REJECTED
    # Hidden by the reports themselves, held after an edit, appealed: somebody has to look.
    return None


def let_stand(*, comment: Comment, moderator: User, at: datetime | None = None) -> int:
    """Keep a published comment that was reported; how many reports that answers.

    The same reports do not hide it again. Raises Refused for who may not decide, Conflicting where
    no report is open, or readers do not see the comment.
    """
    _demand_moderator(moderator)
    demand_not_own(comment, moderator)
    at = at or timezone.now()
    with transaction.atomic():
        Thread.objects.select_for_update().filter(pk=comment.thread_id).first()
        waiting = comment.reports.filter(outcome=ReportOutcome.OPEN)
        if not Comment.objects.published().filter(pk=comment.pk).exists():
            raise Conflicting(
                _("Readers do not see this comment, so publish it or remove it; please look again.")
            )
        count = _settle(waiting, ReportOutcome.REJECTED, at=at, by=moderator, transition=None)
        if not count:
            raise Conflicting(_("Nobody reports this comment any more; please look again."))
    return count


def ask_again(*, comment: Comment, moderator: User, at: datetime | None = None) -> int:
    """Take `let_stand` back, within the ten minutes of every decision; how many are open again.

    Raises Refused for somebody else's, or an older one, Conflicting where the comment is not
    published any more: then there is something else to decide.
    """
    _demand_moderator(moderator)
    at = at or timezone.now()
    with transaction.atomic():
        Thread.objects.select_for_update().filter(pk=comment.thread_id).first()
        if not Comment.objects.published().filter(pk=comment.pk).exists():
            raise Conflicting(
                _("Something has happened to this comment since; please look at it again.")
            )
        own = comment.reports.filter(
            outcome=ReportOutcome.REJECTED,
            transition__isnull=True,
            decided_by=moderator,
            decided_at__gt=at - UNDO_WINDOW,
        )
        count = _reopen(own)
    if not count:
        raise Refused(_("Who let a comment stand can take it back for ten minutes, not later."))
    return count


def _settle(
    reports: QuerySet[Report],
    outcome: ReportOutcome,
    *,
    at: datetime,
    by: User | None,
    transition: Transition | None,
) -> int:
    settled = list(reports.select_related("user", "guest"))
    Report.objects.filter(pk__in=[each.pk for each in settled]).update(
        outcome=outcome, decided_at=at, decided_by=by, transition=transition
    )
    if settled:
        touch("moderation-numbers")
    # What a person decided may be taken back at once; nobody is told of a slip.
    is_automated = transition is not None and transition.automated
    tell_reporters(settled, at=at, due_at=at if is_automated else at + UNDO_WINDOW)
    return len(settled)


def _reopen(reports: QuerySet[Report]) -> int:
    keys = list(reports.values_list("pk", flat=True))
    again = Report.objects.filter(pk__in=keys)
    untell_reporters(again)
    again.update(outcome=ReportOutcome.OPEN, decided_at=None, decided_by=None, transition=None)
    if keys:
        touch("moderation-numbers")
    return len(keys)


def _answer_as_before(undo: Transition) -> None:
    """Make of the reports what they were before the decision that this takes back."""
    decision = undo.comment.transitions.filter(pk__lt=undo.pk).order_by("-pk").first()
    answered = Report.objects.filter(transition=decision)
    taken_away = _what_took_it_away(undo)
    if taken_away is None:
        if decision is not None:
            _reopen(answered)
        _turn_let_stand(undo.comment, ReportOutcome.UPHELD, ReportOutcome.REJECTED)
        return
    # Nothing is told anew: there was one letter for each, and one that waits is worded as it goes.
    answered.update(
        outcome=ReportOutcome.UPHELD,
        decided_at=taken_away.at,
        decided_by=taken_away.moderator,
        transition=taken_away,
    )
    touch("moderation-numbers")


def _what_took_it_away(undo: Transition) -> Transition | None:
    """The move that upheld the reports and holds again after this undo; None where none does."""
    state = State(undo.after)
    # What is appealed against is the removal.
    after = State.REMOVED if state == State.APPEALED else state
    earlier = undo.comment.transitions.filter(pk__lt=undo.pk, after=after)
    move = earlier.exclude(rule=UNDO_RULE).order_by("-pk").first()
    if move is None or move.before == State.SUBMITTED:
        return None
    outcome = outcome_of(after=after, actor=Actor(move.actor))
    return move if outcome == ReportOutcome.UPHELD else None


def _turn_let_stand(comment: Comment, before: ReportOutcome, after: ReportOutcome) -> None:
    """Say of reports that `let_stand` answered that they were right after all, or back again.

    Who let it stand and when stays with them, so that an undo has nothing to guess.
    """
    if comment.reports.filter(outcome=before, transition__isnull=True).update(outcome=after):
        touch("moderation-numbers")


def _demand_moderator(moderator: User) -> None:
    if not moderator.has_perm(MAY_DECIDE):
        raise Refused(_("Your role does not decide about reports; please ask a moderator."))
