"""Decisions in words for readers: what was done, about whom, by which rule; never a name."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from diurna.comments import policy
from diurna.comments.models import CommentState
from diurna.comments.rules import rule_words
from diurna.comments.undoing import UNDO_RULE
from diurna.moderation import appeals
from diurna.moderation.decisions import Action, Decision
from diurna.moderation.house_rules import titles_by_word
from diurna.moderation.models import MeasureKind, MeasureOn

# What the filters and the tables call what was done.
LABELS: Final[dict[Action, Promise]] = {
    Action.REMOVED: _lazy("Comments removed"),
    Action.HIDDEN: _lazy("Comments hidden"),
    Action.HELD: _lazy("Comments taken off to be looked at"),
    Action.PUBLISHED_AGAIN: _lazy("Hidden comments shown again"),
    Action.REINSTATED: _lazy("Comments back after an appeal"),
    Action.UPHELD: _lazy("Comments that stay removed after an appeal"),
    Action.UNDONE: _lazy("Decisions taken back"),
    Action.WARNED: _lazy("Warnings"),
    Action.SUSPENDED: _lazy("Suspensions"),
    Action.BANNED: _lazy("Bans"),
    Action.LIFTED: _lazy("Measures lifted"),
    Action.APPEAL_GRANTED: _lazy("Appeals against measures granted"),
    Action.APPEAL_REFUSED: _lazy("Appeals against measures refused"),
    Action.NOTICE_UPHELD: _lazy("Notices of illegal content: taken away"),
    Action.NOTICE_REFUSED: _lazy("Notices of illegal content: left"),
    Action.NOTICE_MOOT: _lazy("Notices of illegal content: nothing there"),
    Action.VOTES_COUNTED: _lazy("Bursts of votes counted"),
    Action.VOTES_LEFT_OUT: _lazy("Bursts of votes left out"),
}

_SENTENCES: Final[dict[Action, Promise]] = {
    Action.REMOVED: _lazy("A comment was removed."),
    Action.HIDDEN: _lazy("A comment was hidden until somebody has looked at it."),
    Action.HELD: _lazy("A comment was taken off the page until somebody has looked at it."),
    Action.PUBLISHED_AGAIN: _lazy("A hidden comment is shown again."),
    Action.REINSTATED: _lazy("A comment is back: its author’s appeal was right."),
    Action.UPHELD: _lazy("A comment stays removed: its author’s appeal was looked at."),
    Action.NOTICE_UPHELD: _lazy("A notice of illegal content was right: the content is gone."),
    Action.NOTICE_REFUSED: _lazy("A notice of illegal content was looked at: the content stays."),
    Action.NOTICE_MOOT: _lazy("A notice of illegal content was about nothing that is here."),
}

_UNDONE: Final[dict[str, Promise]] = {
    CommentState.PUBLISHED: _lazy("A moderator took a decision back: the comment is shown."),
    CommentState.HELD: _lazy("A moderator took a decision back: the comment waits again."),
    CommentState.HIDDEN: _lazy("A moderator took a decision back: the comment is hidden again."),
    CommentState.APPEALED: _lazy("A moderator took an answer back: the appeal waits again."),
}

_WHOM: Final[dict[str, Promise]] = {
    MeasureOn.ACCOUNT: _lazy("an account"),
    MeasureOn.GUEST: _lazy("a guest"),
    MeasureOn.DOMAIN: _lazy("all addresses of an e-mail domain"),
    MeasureOn.NETWORK: _lazy("a network"),
}
_MEASURES: Final[dict[str, Promise]] = {
    MeasureKind.WARNING: _lazy("a warning"),
    MeasureKind.SUSPENSION: _lazy("a suspension"),
    MeasureKind.BAN: _lazy("a ban"),
}


def sentence_of(decision: Decision) -> str:
    """What was done, as one sentence that names nobody."""
    action = decision.action
    if action in (Action.VOTES_COUNTED, Action.VOTES_LEFT_OUT):
        return _of_votes(decision)
    if decision.on:
        return _of_measure(decision)
    if action is Action.UNDONE:
        return str(_UNDONE.get(decision.undone_to, _lazy("A moderator took a decision back.")))
    if action is Action.REMOVED and not decision.was_public:
        return _("A comment was removed before anybody could read it.")
    return str(_SENTENCES[action])


# The sentence has said it already.
_SAID: Final = frozenset({"", appeals.RULE, UNDO_RULE})


def rule_title(word: str) -> str:
    """The rule in words, the newsroom's or a step of the policy; empty where it tells no more."""
    return "" if word in _SAID else rule_words(word)


def rule_choices(words: set[str]) -> list[tuple[str, str]]:
    """Rules to choose from, by word and title: house rules first, then others that were applied."""
    house = titles_by_word()
    others = sorted((rule_words(word), word) for word in words - house.keys())
    return [*house.items(), *((word, title) for title, word in others)]


def step_ids() -> set[str]:
    """The rules by which the policy decides without a person."""
    return {step.id for step in policy.steps()}


def _of_measure(decision: Decision) -> str:
    whom = str(_WHOM[decision.on])
    match decision.action:
        case Action.WARNED:
            return _("Warned: %(whom)s.") % {"whom": whom}
        case Action.SUSPENDED:
            days = decision.days or 0
            words = ngettext(
                "Suspended for %(days)d day: %(whom)s.",
                "Suspended for %(days)d days: %(whom)s.",
                days,
            )
            return words % {"days": days, "whom": whom}
        case Action.BANNED:
            return _of_ban(decision, whom)
        case Action.LIFTED:
            words = _("Lifted: %(measure)s of %(whom)s.")
        case Action.APPEAL_GRANTED:
            words = _("An appeal was right, against %(measure)s of %(whom)s.")
        case _:
            words = _("An appeal was looked at and refused, against %(measure)s of %(whom)s.")
    return words % {"measure": _MEASURES[decision.undone_to], "whom": whom}


def _of_ban(decision: Decision, whom: str) -> str:
    if decision.days is None:
        return _("Banned until that is lifted: %(whom)s.") % {"whom": whom}
    words = ngettext(
        "Banned for %(days)d day: %(whom)s.", "Banned for %(days)d days: %(whom)s.", decision.days
    )
    return words % {"days": decision.days, "whom": whom}


def _of_votes(decision: Decision) -> str:
    words = (
        ngettext(
            "A burst of %(votes)d vote in a few minutes was looked at: it counts.",
            "A burst of %(votes)d votes in a few minutes was looked at: they count.",
            decision.votes,
        )
        if decision.action is Action.VOTES_COUNTED
        else ngettext(
            "A burst of %(votes)d vote in a few minutes was looked at: it does not count.",
            "A burst of %(votes)d votes in a few minutes was looked at: they do not count.",
            decision.votes,
        )
    )
    return words % {"votes": decision.votes}
