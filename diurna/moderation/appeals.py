"""Appeals: asked for by who is restricted, answered by somebody else than who decided.

The rule holds whatever button is pressed: `answering.demand_another` is asked before every move of
a comment, and what moves an appealed comment on answers its appeal (`follow`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, Thread, Transition
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State
from diurna.comments.undoing import UNDO_RULE
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import touch
from diurna.moderation import measure_letters, measures
from diurna.moderation.answering import (
    MAY_ANSWER,
    OwnDecision,
    decider_of,
    last_removal,
    not_theirs,
)
from diurna.moderation.models import Appeal, AppealOutcome, Measure, Statement
from diurna.moderation.models.appeal import LONGEST_APPEAL
from diurna.moderation.moments import day_words
from diurna.moderation.standing import Bar
from diurna.moderation.statements import appeal_of, holds, is_to_many

__all__ = [
    "NotYours",
    "OwnDecision",
    "Waiting",
    "answer",
    "appeal",
    "follow",
    "not_theirs",
    "open_appeals",
    "open_for",
    "why_never",
    "why_not",
]

# In transitions and in the public log, for the reader's step and for a reinstatement.
RULE: Final = "appeal"
LONGEST_ANSWER: Final = 1_000


class NotYours(Refused):
    """The statement is to somebody else."""

    code: ClassVar[str] = "not_yours"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open appeal as one moderator finds it; `is_theirs` when that one may answer it."""

    appeal: Appeal
    is_theirs: bool
    because: str


def appeal(
    *,
    statement: Statement,
    by: Author | User | Guest | Bar,
    reader: User | Guest | None = None,
    words: str = "",
    at: datetime | None = None,
) -> Appeal:
    """Appeal against what the statement tells, once; of a comment that was removed, or a measure.

    `by` is the author of the comment (account, guest or holder of its receipt), whom the measure is
    about, or somebody whom that very measure bars, with `reader`, who that is: each of them has an
    appeal of their own. `words` are optional. Raises NotYours, Invalid for too many words, Refused
    where there is nothing to appeal against (any more), Conflicting for a second one.
    """
    at = at or timezone.now()
    of_many = is_to_many(statement)
    if not _is_to(statement, by) or (of_many and reader is None):
        raise NotYours(_("This decision is about somebody else, or you are not signed in."))
    text = words.replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_APPEAL:
        raise Invalid(
            _("An appeal has at most %(limit)s characters; please shorten yours.")
            % {"limit": f"{LONGEST_APPEAL:,}"}
        )
    with transaction.atomic():
        # Two presses at once: the second waits, on PostgreSQL, and finds the comment appealed.
        _lock(statement)
        if refusal := why_not(statement, at, reader):
            raise Refused(refusal)
        try:
            with transaction.atomic():
                made = Appeal.objects.create(
                    statement=statement,
                    words=text,
                    at=at,
                    of_many=of_many,
                    user=reader if of_many and isinstance(reader, User) else None,
                    guest=reader if of_many and isinstance(reader, Guest) else None,
                )
        except IntegrityError:
            raise Conflicting(_("You have appealed already; please wait for the answer.")) from None
        if statement.transition is not None:
            comment = _fresh(statement.transition.comment_id)
            make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule=RULE, at=at))
        touch("moderation-numbers")
    return made


def why_not(statement: Statement, at: datetime, reader: User | Guest | None = None) -> str:
    """Why this reader can't appeal against this now, in a sentence; empty where it is possible."""
    if appeal_of(statement, reader) is not None:
        return _("There was an appeal against this decision already.")
    return why_never(statement, at, is_so=holds(statement, at))


def why_never(statement: Statement, at: datetime, *, is_so: bool) -> str:
    """The same of a statement without an appeal; `is_so` when what it tells holds still."""
    if statement.transition is not None:
        if statement.transition.after == State.HIDDEN:
            return _(
                "A hidden comment is looked at by a moderator anyway, so there is nothing to appeal"
                " against yet. If it is removed, you can appeal then."
            )
        if statement.transition.after == State.HELD:
            return _(
                "A moderator looks at it before it can be read again, so there is nothing to appeal"
                " against yet. If it is removed, you can appeal then."
            )
        if statement.transition.after == State.UPHELD:
            return _("This was the answer to an appeal, so there is no further one here.")
    if not is_so:
        return _("This decision holds no longer, so there is nothing to appeal against.")
    if at >= statement.appeal_until:
        return _("An appeal was possible until %(day)s.") % {
            "day": day_words(statement.appeal_until)
        }
    return ""


def answer(
    *,
    appeal: Appeal,
    moderator: User,
    reinstate: bool,
    reason: str = "",
    at: datetime | None = None,
) -> Appeal:
    """Let the decision stand, or take it back: the comment is public again, the measure lifted.

    The reader reads `reason`, and everybody in the public log where the comment had been public.
    Raises OwnDecision for who decided (while there is somebody else), Refused for who may not,
    Conflicting where the appeal is answered or withdrawn by now.
    """
    at = at or timezone.now()
    words = " ".join(reason.replace("\0", "").split())[:LONGEST_ANSWER]
    with transaction.atomic():
        _demand_may_answer(moderator)
        statement = Statement.objects.select_related("transition__comment", "measure").get(
            pk=appeal.statement_id
        )
        if not Appeal.objects.filter(pk=appeal.pk, outcome=AppealOutcome.OPEN).exists():
            raise Conflicting(_("This appeal is answered or taken back already."))
        if statement.transition is not None:
            decide(
                comment=_fresh(statement.transition.comment_id),
                to=State.PUBLISHED if reinstate else State.UPHELD,
                moderator=moderator,
                rule=RULE if reinstate else statement.rule,
                reason=words,
                at=at,
            )
        else:
            assert statement.measure is not None  # a constraint holds it
            _answer_about_measure(appeal, statement.measure, moderator, reinstate, words, at)
    appeal.refresh_from_db()
    return appeal


def open_for(moderator: User) -> list[Waiting]:
    """All open appeals, the oldest first, each with whether this moderator may answer it."""
    found = list(open_appeals())
    return [_waiting(each, moderator) for each in found]


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait for an answer, the oldest first."""
    return (
        Appeal.objects.filter(outcome=AppealOutcome.OPEN)
        .select_related(
            "statement__transition__comment__thread__article",
            "statement__transition__comment__user",
            "statement__transition__moderator",
            "statement__measure__user",
            "statement__measure__moderator",
        )
        .order_by("at", "pk")
    )


def follow(transition: Transition) -> None:
    """Keep the appeal in step with its comment: answered, withdrawn, or open again by an undo."""
    after = State(transition.after)
    if transition.rule == UNDO_RULE and after == State.APPEALED:
        _open_again(transition)
    elif transition.before == State.APPEALED and after in (State.PUBLISHED, State.UPHELD):
        _close(transition)
    elif after == State.DELETED:
        of_comment = Appeal.objects.filter(statement__transition__comment=transition.comment_id)
        of_comment.filter(outcome=AppealOutcome.OPEN).update(
            outcome=AppealOutcome.WITHDRAWN, answered_at=transition.at
        )
        # They may quote the words that are gone now, and name who wrote them.
        of_comment.update(words="", answer="")
        Statement.objects.filter(transition__comment=transition.comment_id).update(reason="")


def _is_to(statement: Statement, by: Author | User | Guest | Bar) -> bool:
    if isinstance(by, Bar):
        return statement.measure_id == by.measure.pk
    transition = statement.transition
    if transition is not None:
        comment = transition.comment
        if isinstance(by, Author):
            return comment.pk == by.comment
        mine = comment.user_id if isinstance(by, User) else comment.guest_id
        return mine == by.pk
    if isinstance(by, Author):
        return False
    return by.pk == (statement.user_id if isinstance(by, User) else statement.guest_id)


def _demand_may_answer(moderator: User) -> None:
    if not (moderator.is_active and moderator.is_staff and moderator.has_perm(MAY_ANSWER)):
        raise Refused(_("Your role does not answer appeals; please ask a moderator."))


def _answer_about_measure(
    appeal: Appeal, measure: Measure, moderator: User, reinstate: bool, words: str, at: datetime
) -> None:
    statement = measure.statement
    if refusal := not_theirs(statement, moderator):
        raise OwnDecision(refusal)
    outcome = AppealOutcome.REINSTATED if reinstate else AppealOutcome.UPHELD
    answered = Appeal.objects.filter(pk=appeal.pk, outcome=AppealOutcome.OPEN).update(
        outcome=outcome,
        answered_by=moderator,
        answered_at=at,
        answer=words,
        had_no_other=decider_of(statement) == moderator.pk,
    )
    if not answered:
        raise Conflicting(_("This appeal is answered or taken back already."))
    # One that has ended meanwhile was answered, and there is nothing left to lift.
    if reinstate and holds(statement, at):
        measures.end(measure=measure, moderator=moderator, because=words, at=at)
        # Others whom it barred have asked for the same.
        statement.appeals.filter(outcome=AppealOutcome.OPEN).update(
            outcome=outcome, answered_by=moderator, answered_at=at
        )
    appeal.refresh_from_db()
    measure_letters.tell_of_answer(appeal, at)


def _close(transition: Transition) -> None:
    removal = last_removal(transition.comment)
    if removal is None:
        return
    is_back = transition.after == State.PUBLISHED
    own = removal.moderator_id is not None and removal.moderator_id == transition.moderator_id
    Appeal.objects.filter(statement__transition=removal, outcome=AppealOutcome.OPEN).update(
        outcome=AppealOutcome.REINSTATED if is_back else AppealOutcome.UPHELD,
        answered_by=transition.moderator,
        answered_at=transition.at,
        answer=transition.reason[:LONGEST_ANSWER],
        had_no_other=own,
        transition=transition,
    )


def _open_again(transition: Transition) -> None:
    removal = last_removal(transition.comment)
    Appeal.objects.filter(statement__transition=removal).exclude(
        outcome=AppealOutcome.WITHDRAWN
    ).update(
        outcome=AppealOutcome.OPEN,
        answered_by=None,
        answered_at=None,
        answer="",
        had_no_other=False,
        transition=None,
    )


def _waiting(appeal: Appeal, moderator: User) -> Waiting:
    because = not_theirs(appeal.statement, moderator)
    return Waiting(appeal=appeal, is_theirs=not because, because=because)


def _lock(statement: Statement) -> None:
    if statement.transition is not None:
        thread = statement.transition.comment.thread_id
        Thread.objects.select_for_update().filter(pk=thread).first()
    else:
        assert statement.measure_id is not None  # a constraint holds it
        statement.measure = Measure.objects.select_for_update().get(pk=statement.measure_id)


def _fresh(comment: int) -> Comment:
    return Comment.objects.select_related("thread__article", "user", "guest").get(pk=comment)
