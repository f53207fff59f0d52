"""Statements of reasons: what an author, or whom a measure is about, is told (DSA, Art. 17).

Made inside the transaction of the decision, for every restriction but spam, and never changed.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.comments.models import Comment, Transition
from diurna.comments.rules import rule_words
from diurna.comments.states import Actor, State, action_of
from diurna.comments.undoing import UNDO_RULE
from diurna.moderation.models import Appeal, Measure, MeasureOn, Statement
from diurna.moderation.moments import in_newsrooms_words

# DSA, Art. 20 (1): at least six months, which are 184 days at most.
APPEAL_TIME: Final = timedelta(days=184)
SPAM_RULE: Final = "spam"
_RESTRICTIONS: Final = frozenset({State.HELD, State.HIDDEN, State.REMOVED, State.UPHELD})
# What the old site's moderators decided came with its comments, and is theirs.
_DECIDES: Final = frozenset({Actor.POLICY, Actor.MODERATOR})
_LONGEST_RULE_WORDS: Final = 200


def is_restriction(transition: Transition) -> bool:
    """Whether the author is owed reasons for this move.

    Not for spam: neither for the state, nor where something that nobody has read is removed by that
    rule. Nor where a slip is undone: the decision before it holds again, with its own statement.
    """
    if transition.after not in _RESTRICTIONS or transition.actor not in _DECIDES:
        return False
    # What waits before anybody could read it is not restricted yet.
    if transition.after == State.HELD and transition.before != State.PUBLISHED:
        return False
    if transition.rule == UNDO_RULE:
        return False
    # What had been public is in the public log, and its author can appeal.
    return transition.rule != SPAM_RULE or transition.logged


def state_decision(transition: Transition) -> None:
    """Make the statement of a move of a comment, where one is owed."""
    if not is_restriction(transition):
        return
    comment = transition.comment
    is_final = transition.after in (State.UPHELD, State.HELD)
    Statement.objects.create(
        transition=transition,
        user=comment.user,
        guest=comment.guest,
        action=action_of(State(transition.before), State(transition.after)),
        rule=transition.rule,
        rule_words=_words_now(transition.rule),
        reason=transition.reason,
        automated=transition.automated,
        made_at=transition.at,
        # An appeal was answered, or a person will look: there is none against that here.
        appeal_until=transition.at if is_final else transition.at + APPEAL_TIME,
    )


def state_measure(measure: Measure) -> Statement:
    """Make the statement of a measure; to nobody by name where it is about a domain or network."""
    return Statement.objects.create(
        measure=measure,
        user=measure.user,
        guest=measure.guest,
        action=measure.kind,
        rule=measure.rule,
        rule_words=_words_now(measure.rule),
        reason=measure.reason,
        automated=False,
        made_at=measure.began_at,
        appeal_until=measure.began_at + APPEAL_TIME,
    )


def of_comment(comment: Comment) -> Statement | None:
    """The statement that holds for the comment as it stands now; None where it is not restricted.

    While an appeal is open that is the one appealed against.
    """
    after = State.REMOVED if comment.state == State.APPEALED else State(comment.state)
    if after not in _RESTRICTIONS:
        return None
    found = Statement.objects.filter(transition__comment=comment, transition__after=after.value)
    return found.select_related("transition__comment").order_by("-pk").first()


def to_reader(reader: User | Guest) -> QuerySet[Statement]:
    """All statements to this reader, the newest first.

    Those about comments go with the comment, also where an account took it over by its receipt.
    """
    column = "user" if isinstance(reader, User) else "guest"
    mine = Q(**{f"transition__comment__{column}": reader}) | Q(
        **{column: reader, "measure__isnull": False}
    )
    return (
        Statement.objects.filter(mine)
        .select_related("transition__comment__thread__article", "measure")
        .prefetch_related("appeals")
        .order_by("-made_at", "-pk")
    )


def is_to_many(statement: Statement) -> bool:
    """Whether it is to everybody of a domain or a network, and nobody by name."""
    measure = statement.measure
    return measure is not None and measure.on in (MeasureOn.DOMAIN, MeasureOn.NETWORK)


def appeal_of(statement: Statement, reader: User | Guest | None) -> Appeal | None:
    """The appeal against this; of what is to many, this reader's own and nobody else's."""
    if not is_to_many(statement):
        # Lists bring them along.
        return next(iter(statement.appeals.all()), None)
    if reader is None:
        return None
    column = "user" if isinstance(reader, User) else "guest"
    return statement.appeals.filter(**{column: reader}).first()


def holds(statement: Statement, at: datetime) -> bool:
    """Whether what the statement tells is so still: not undone, reinstated, lifted or over."""
    measure = statement.measure
    if measure is not None:
        is_over = measure.ends_at is not None and measure.ends_at <= at
        return measure.lifted_at is None and not is_over
    assert statement.transition is not None  # a constraint holds it
    current = of_comment(statement.transition.comment)
    return current is not None and current.pk == statement.pk


def _words_now(rule: str) -> str:
    with in_newsrooms_words():
        return rule_words(rule)[:_LONGEST_RULE_WORDS]
