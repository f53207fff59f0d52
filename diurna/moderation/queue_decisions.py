"""One press of a moderator: what it does to a thing of the queue, and how it is taken back.

A press on several things is several decisions; one that fails leaves the others as they are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState, Thread, Transition
from diurna.comments.rules import rule_words
from diurna.comments.states import Actor, State, is_allowed
from diurna.comments.undoing import undo as undo_transition
from diurna.common.errors import Conflicting, DiurnaError, Invalid, Missing, Refused
from diurna.moderation import appeals, claims, error_reports
from diurna.moderation.comment_views import writer_of
from diurna.moderation.house_rules import offered
from diurna.moderation.models import Appeal, Notice
from diurna.moderation.report_outcomes import ask_again, let_stand
from diurna.moderation.things import Row, Thing, are_same_words, is_same_state
from diurna.points.burst_decisions import decide_burst, undo_burst
from diurna.points.desk import MAY_DECIDE as MAY_DECIDE_BURSTS
from diurna.points.models import Burst
from diurna.points.models.burst import BurstState

# The rule of a decision that names no other: a person has looked.
NO_RULE: Final = "moderator"
# What no row's key is longer than.
_KEY: Final = re.compile("[0-9]{1,18}")
SPAM_RULE: Final = "spam"
# Two sentences: the writer reads it with the rule's own words.
LONGEST_REASON: Final = 500
# What a form can send at once; each is a transaction of its own, of some milliseconds.
MOST_AT_ONCE: Final = 200


class Choice(StrEnum):
    """What the buttons and keys say; the words are those of the forms."""

    PUBLISH = "publish"
    KEEP = "keep"
    REMOVE = "remove"
    SPAM = "spam"
    HIDE = "hide"
    REINSTATE = "reinstate"
    UPHOLD = "uphold"
    COUNT = "count"
    LEAVE_OUT = "leave_out"


_TO: Final = {
    Choice.PUBLISH: State.PUBLISHED,
    Choice.REMOVE: State.REMOVED,
    Choice.SPAM: State.SPAM,
    Choice.HIDE: State.HIDDEN,
}


@dataclass(frozen=True, kw_only=True)
class Press:
    """What a moderator pressed: the choice, the house rule of a removal, and a reason in words."""

    choice: Choice
    moderator: User
    rule: str = ""
    reason: str = ""

    @classmethod
    def parse(cls, word: str, *, moderator: User, reason: str = "") -> "Press":
        """From a button's value, `publish` or `remove:insult`, and a reason as it was typed.

        Raises Invalid for anything else, a rule that is not in use, and a reason that is too long.
        """
        choice, _colon, rule = word.partition(":")
        try:
            found = Choice(choice)
        except ValueError:
            raise Invalid(_("Nothing was decided; please use the buttons of the page.")) from None
        words = " ".join(reason.replace("\0", "").split())
        if len(words) > LONGEST_REASON:
            raise Invalid(
                _("Please give the reason in %(n)d characters at most.") % {"n": LONGEST_REASON}
            )
        if rule not in ("", NO_RULE) and rule not in {each.word for each in offered()}:
            raise Invalid(_("This is none of the house rules in use; please choose one of them."))
        return cls(choice=found, moderator=moderator, rule=rule, reason=words)


@dataclass(frozen=True)
class Done:
    """A decision that was made: on what (`about` in words), what, and the word that takes it back.

    `undo` is empty where nothing leads back.
    """

    thing: Thing
    about: str
    said: str
    undo: str = ""


@dataclass(frozen=True)
class Failed:
    """A decision that was not made, and the sentence that says why.

    `is_changed` where it is no longer what the moderator saw: its state, or its words.
    """

    thing: str
    sentence: str
    is_changed: bool = False


def choices_for(comment: Comment, *, is_reported: bool) -> list[Choice]:
    """What can be decided about a comment, in the order of the buttons."""
    found = [Choice.KEEP] if is_reported and comment.is_public else []
    for choice, to in _TO.items():
        if not is_allowed(State(comment.state), to, Actor.MODERATOR):
            continue
        # Readers have seen it: then it is removed, with a rule that its author can appeal against.
        if to != State.SPAM or not comment.has_been_public:
            found.append(choice)
    return found


def press_one(*, thing: Thing, press: Press, seen: str = "", at: datetime | None = None) -> Done:
    """Decide about one thing, as `press` says; the claim on it ends.

    `seen` is what the moderator looked at (`things.seen_of`); empty for whatever it is now. Raises
    Conflicting where somebody has decided meanwhile or the writer has changed the words, and what
    the decision itself raises.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # Two moderators at once: the second waits here, and then sees what the first has decided.
        _lock(thing.row())
        row: Row = thing.row()
        _demand_seen(row, seen)
        match row:
            case Comment():
                done = _decide_comment(thing, row, press, at)
            case Burst():
                done = _decide_burst(thing, row, press, at)
            case Appeal():
                done = _answer_appeal(thing, row, press, at)
            case Notice():
                raise Invalid(_("A notice is decided on its own page."))
        claims.done_with(row)
    return done


def press_all(
    things: Iterable[tuple[str, str]], press: Press, at: datetime | None = None
) -> list[Done | Failed]:
    """The same decision about each of these, in their order: pairs of a thing's word and `seen`.

    Raises Invalid for more than `MOST_AT_ONCE`; then nothing is decided.
    """
    pairs = list(dict(things).items())
    if len(pairs) > MOST_AT_ONCE:
        raise Invalid(
            _("These are too many at once; please choose %(n)d at most.") % {"n": MOST_AT_ONCE}
        )
    found: list[Done | Failed] = []
    for word, seen in pairs:
        try:
            found.append(press_one(thing=Thing.parse(word), press=press, seen=seen, at=at))
        except DiurnaError as error:
            found.append(Failed(word, str(error), isinstance(error, Conflicting)))
    return found


def take_back(*, undo: str, moderator: User, at: datetime | None = None) -> Thing:
    """Take a decision back by the word that it gave; the thing waits again.

    Raises Refused where it is somebody else's or too late, Conflicting where something has happened
    since, Missing for what is gone.
    """
    kind, _dash, name = undo.partition("-")
    if kind == error_reports.UNDO:
        return error_reports.take_back(name, moderator=moderator, at=at)
    if kind == "move" and _KEY.fullmatch(name):
        transition = Transition.objects.filter(pk=name).select_related("comment").first()
        if transition is None:
            raise Missing(_("This decision is no longer there; please look at the queue again."))
        undo_transition(decision=transition, moderator=moderator, at=at)
        return Thing.of(transition.comment)
    thing = Thing.parse(undo)
    row: Row = thing.row()
    if isinstance(row, Burst):
        if row.decided_by_id != moderator.pk:
            raise Conflicting(
                _("Somebody else has decided about this burst; please look at its own page.")
            )
        undo_burst(burst=row, actor=moderator, at=at)
    elif isinstance(row, Comment):
        ask_again(comment=row, moderator=moderator, at=at)
    else:
        raise Invalid(_("This decision can’t be taken back here; please open it."))
    return thing


def _decide_comment(thing: Thing, comment: Comment, press: Press, at: datetime) -> Done:
    about = writer_of(comment)
    # One key says "it may stand", whether readers see it yet or not.
    if press.choice == Choice.KEEP or (press.choice == Choice.PUBLISH and comment.is_public):
        let_stand(comment=comment, moderator=press.moderator, at=at)
        return Done(thing, about, _("It stays, and its reporters will hear so."), undo=str(thing))
    to = _TO.get(press.choice)
    if to is None:
        raise Invalid(_("This can’t be decided about a comment; please use its own buttons."))
    if to == State.HIDDEN and comment.state == CommentState.HELD:
        raise Refused(_("A held comment is hidden already: nobody reads it until it is published."))
    rule = SPAM_RULE if to == State.SPAM else press.rule or NO_RULE
    transition = decide(
        comment=comment, to=to, moderator=press.moderator, rule=rule, reason=press.reason, at=at
    )
    return Done(thing, about, words_of(transition), undo=f"move-{transition.pk}")


def words_of(transition: Transition) -> str:
    """A decision about a comment in a few words: “Removed: insults somebody”."""
    state = str(CommentState(transition.after).label)
    if transition.after == CommentState.REMOVED and transition.rule != NO_RULE:
        return f"{state}: {rule_words(transition.rule)}"
    return state


def _decide_burst(thing: Thing, burst: Burst, press: Press, at: datetime) -> Done:
    if press.choice not in (Choice.COUNT, Choice.LEAVE_OUT):
        raise Invalid(_("Votes are counted or left out; please use the buttons of the burst."))
    if not press.moderator.has_perm(MAY_DECIDE_BURSTS):
        raise Refused(_("Your role does not decide about votes; please ask a moderator."))
    decide_burst(burst=burst, counts=press.choice == Choice.COUNT, actor=press.moderator, at=at)
    title = burst.tally.article.title if burst.tally.article is not None else ""
    return Done(thing, title, str(BurstState(burst.state).label), undo=str(thing))


def _answer_appeal(thing: Thing, appeal: Appeal, press: Press, at: datetime) -> Done:
    if press.choice not in (Choice.REINSTATE, Choice.UPHOLD):
        raise Invalid(_("An appeal is granted or not; please use its own buttons."))
    reinstate = press.choice == Choice.REINSTATE
    answered = appeals.answer(
        appeal=appeal, moderator=press.moderator, reinstate=reinstate, reason=press.reason, at=at
    )
    words = _("The decision is taken back.") if reinstate else _("The decision stays.")
    # Where it was about a comment, the comment's move leads back; a lifted measure is imposed anew.
    undo = f"move-{answered.transition_id}" if answered.transition_id is not None else ""
    return Done(thing, _("Appeal"), words, undo=undo)


def _lock(row: Row) -> None:
    """Nobody else decides about it, or edits it, until the transaction ends.

    On PostgreSQL by the row that every change of a comment locks first; on SQLite there is one who
    writes at a time anyway.
    """
    comment = row if isinstance(row, Comment) else None
    if isinstance(row, Appeal) and row.statement.transition is not None:
        comment = row.statement.transition.comment
    if comment is not None:
        Thread.objects.select_for_update().filter(pk=comment.thread_id).first()
    elif isinstance(row, Burst):
        Burst.objects.select_for_update().filter(pk=row.pk).first()
    elif isinstance(row, Appeal):
        Appeal.objects.select_for_update().filter(pk=row.pk).first()


def _demand_seen(row: Row, seen: str) -> None:
    """Refuse a decision on what is no longer there, naming who was quicker, or on other words."""
    if not seen or isinstance(row, Notice):
        return
    if not is_same_state(row, seen):
        if isinstance(row, Comment):
            raise Conflicting(_meanwhile(row))
        raise Conflicting(_("Somebody else has decided about this meanwhile; please look again."))
    if not are_same_words(row, seen):
        raise Conflicting(_("The writer has changed this comment since; please look again."))


def _meanwhile(comment: Comment) -> str:
    last = comment.transitions.select_related("moderator").order_by("-pk").first()
    if last is not None and last.moderator is not None:
        return _("%(who)s has decided about this meanwhile: %(what)s. Nothing was changed.") % {
            "who": claims.name_of(last.moderator),
            "what": words_of(last),
        }
    state = CommentState(comment.state).label
    return _("It is “%(state)s” by now; nothing was changed. Please look again.") % {"state": state}
