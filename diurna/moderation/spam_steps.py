"""The steps of the policy about spam: the newsroom's own filter, and Akismet where a key is set.

They stand before the steps for links and for newcomers: who advertises is mostly new here, and
would else wait in the queue with those who have something to say.
"""

from dataclasses import dataclass
from typing import Final

from diurna.comments.policy import Facts, Step, Verdict, gettext_noop
from diurna.comments.states import State

SPAM_PLACE: Final = 65
AKISMET_PLACE: Final = 66


@dataclass(frozen=True, slots=True)
class Opinion:
    """The filter's score, from 0 to 1, and the two limits in force."""

    score: float
    hold_above: float
    spam_above: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What Akismet says of a comment; `is_sure` of the worst, which no person has to look at."""

    is_spam: bool
    is_sure: bool = False


def _spam(facts: Facts) -> Verdict | None:
    opinion = facts.signals.get("spam")
    if not isinstance(opinion, Opinion):
        return None
    if opinion.score > opinion.spam_above:
        return Verdict("spam", state=State.SPAM)
    if opinion.score > opinion.hold_above:
        # Two who have not asked each other are surer than one.
        is_agreed = _answer(facts).is_spam
        return Verdict("spam", state=State.SPAM if is_agreed else State.HELD)
    return None


def _akismet(facts: Facts) -> Verdict | None:
    answer = _answer(facts)
    if not answer.is_spam:
        return None
    return Verdict("akismet", state=State.SPAM if answer.is_sure else State.HELD)


def _answer(facts: Facts) -> Answer:
    answer = facts.signals.get("akismet")
    return answer if isinstance(answer, Answer) else Answer(is_spam=False)


SPAM_STEP: Final = Step(
    SPAM_PLACE,
    "spam",
    gettext_noop("What the newsroom’s own filter takes for spam waits or is refused."),
    _spam,
)
# Registered with a key only: readers are told of every step that there is.
AKISMET_STEP: Final = Step(
    AKISMET_PLACE,
    "akismet",
    gettext_noop("What Akismet takes for spam waits or is refused."),
    _akismet,
)
