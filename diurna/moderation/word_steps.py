"""The steps of the policy about words; pure.

A banned word removes a comment at once, a suspect one has it wait.
"""

from dataclasses import dataclass
from typing import Final

from diurna.comments.policy import Facts, Step, Verdict, gettext_noop
from diurna.comments.states import State
from diurna.moderation.word_matching import Matcher

SIGNAL: Final = "words"
BANNED_PLACE: Final = 50
SUSPECT_PLACE: Final = 60
# As `models.WordList` has them.
BANNED: Final = "banned"
SUSPECT: Final = "suspect"

# The list's name and the entry as it was typed.
Key = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """The entries of each list that stand in a comment, as they were entered, in their order."""

    banned: tuple[str, ...] = ()
    suspect: tuple[str, ...] = ()


def found_by(matcher: Matcher[Key], *texts: str) -> Found:
    """What these lists find in the texts."""
    keys = sorted({key for text in texts for key in matcher.found(text)})
    return Found(
        banned=tuple(word for name, word in keys if name == BANNED),
        suspect=tuple(word for name, word in keys if name == SUSPECT),
    )


def _banned(facts: Facts) -> Verdict | None:
    # Of everybody, the newsroom's own people too: the list says what is not printed here.
    found = facts.signals.get(SIGNAL)
    if isinstance(found, Found) and found.banned:
        return Verdict("banned_words", state=State.REMOVED)
    return None


def _suspect(facts: Facts) -> Verdict | None:
    # As with links: whoever could let it through need not wait for a moderator.
    found = facts.signals.get(SIGNAL)
    if isinstance(found, Found) and found.suspect and not facts.is_staff:
        return Verdict("suspect_words", state=State.HELD)
    return None


STEPS: Final = (
    Step(
        BANNED_PLACE,
        "banned_words",
        gettext_noop("A comment with a word that is not printed here is removed at once."),
        _banned,
    ),
    Step(
        SUSPECT_PLACE,
        "suspect_words",
        gettext_noop("A comment with a word that is often meant badly waits for a moderator."),
        _suspect,
    ),
)
