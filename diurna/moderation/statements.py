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
from diurna.moderation.models import Measure, Statement
from diurna.moderation.moments import in_newsrooms_words

# DSA, Art. 20 (1): at least six months, which are 184 days at most.
APPEAL_TIME: Final = timedelta(days=184)
SPAM_RULE: Final = "spam"
_RESTRICTIONS: Final = frozenset({State.HIDDEN, State.REMOVED, State.UPHELD})
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
    if transition.rule == UNDO_RULE:
        return False
    # What had been public is in the public log, and its author can appeal.
    return transition.rule != SPAM_RULE or transition.logged


def state_decision(transition: Transition) -> None:
    """Make the statement of a move of a comment, where one is owed."""
    if not is_restriction(transition):
        return
    comment = transition.comment
    is_final = transition.after == State.UPHELD
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
        # An appeal was answered: there is none against the answer here.
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
    found = Statement.objects.filter(
        transition__comment=comment, transition__after=after.value
    ).select_related("transition__comment", "appeal")
    return found.order_by("-pk").first()


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
        .select_related("transition__comment__thread__article", "measure", "appeal")
        .order_by("-made_at", "-pk")
    )


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
