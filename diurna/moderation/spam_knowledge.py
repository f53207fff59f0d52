"""What the spam filter has learned, as people read it: words, and how often it would be right.

A word is shown only if it stood in three comments: what one person wrote once, a name for example,
is nobody's to look up here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet

from diurna.moderation.bayes import Judgement, Seen, is_ready, judge, probability
from diurna.moderation.models import ModerationSettings, SpamLesson, SpamToken
from diurna.moderation.spam import EVERY, lessons, seen
from diurna.moderation.tokens import words_of

SHOWN_FROM: Final = 3
# Looked at for each list: the most frequent ones, since a rare word never says most.
_LOOKED_AT: Final = 2_000
# Of each kind; a check of so many takes a fraction of a second.
CHECKED: Final = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A word with in how many comments it stood; `probability` is above a half for spam."""

    token: str
    seen: Seen
    probability: float

    @property
    def percent(self) -> int:
        """How likely a comment with this word is spam; never quite sure."""
        return min(99, max(1, round(self.probability * 100)))


@dataclass(frozen=True, slots=True)
class Share:
    """Of comments of one kind that were judged: how many would be filed as spam, wait, stand."""

    judged: int
    filed: int
    held: int

    @property
    def standing(self) -> int:
        """How many would be published."""
        return self.judged - self.filed - self.held


@dataclass(frozen=True, slots=True)
class Check:
    """What the filter says of its own newest lessons, each judged as if it had not had that one."""

    spam: Share
    ham: Share


def telling_words(*, for_spam: bool, most: int) -> list[Known]:
    """The words that say most for spam, or most against it, the strongest first."""
    column = "spam" if for_spam else "ham"
    sign = -1 if for_spam else 1
    known = _known(_shown().order_by(f"-{column}", "token")[:_LOOKED_AT])
    telling = [each for each in known if (each.probability > 0.5) is for_spam]
    return sorted(telling, key=lambda each: (sign * each.probability, each.token))[:most]


def find_words(text: str, *, most: int) -> list[Known]:
    """The words that have this in them, the most frequent first; folded as in comments."""
    folded = " ".join(words_of(text)) or text.strip().casefold()
    if not folded:
        return []
    found = _shown().filter(token__contains=folded)
    return _known(found.order_by(-(F("spam") + F("ham")), "token")[:most])


def clues_of(judged: Judgement, *, most: int) -> list[Known]:
    """The words that decided about a text, with in how many comments they stood.

    Also rare ones: who asks has written them.
    """
    clues = judged.clues[:most]
    counts = seen([clue.token for clue in clues])
    return [Known(clue.token, counts.get(clue.token, Seen()), clue.probability) for clue in clues]


def check() -> Check | None:
    """What it says of its newest lessons, up to 200 of each kind; None while it says nothing.

    Each lesson is taken out of what was learned while it is judged (leave one out).
    """
    learned = lessons()
    if not is_ready(learned):
        return None
    settings = ModerationSettings.current()
    limits = (settings.hold_above, settings.spam_above)
    newest = {
        is_spam: [
            lesson.tokens
            for lesson in SpamLesson.objects.filter(is_spam=is_spam).order_by("-at")[:CHECKED]
        ]
        for is_spam in (True, False)
    }
    known = seen({token for texts in newest.values() for tokens in texts for token in tokens})
    spam, ham = (
        _share([_without(tokens, is_spam, known, learned).score for tokens in texts], *limits)
        for is_spam, texts in newest.items()
    )
    return Check(spam=spam, ham=ham)


def _without(tokens: list[str], is_spam: bool, known: dict[str, Seen], learned: Seen) -> Judgement:
    def less(each: Seen) -> Seen:
        return Seen(max(0, each.spam - is_spam), max(0, each.ham - (not is_spam)))

    others = {token: less(known[token]) for token in tokens if token in known}
    return judge(tokens, others, less(learned))


def _share(scores: list[float], hold_above: float, spam_above: float) -> Share:
    filed = sum(score > spam_above for score in scores)
    return Share(len(scores), filed, sum(score > hold_above for score in scores) - filed)


def _shown() -> QuerySet[SpamToken]:
    often = SpamToken.objects.annotate(often=F("spam") + F("ham")).filter(often__gte=SHOWN_FROM)
    return often.exclude(token=EVERY)


def _known(rows: Iterable[SpamToken]) -> list[Known]:
    learned = lessons()
    counted = [(row.token, Seen(row.spam, row.ham)) for row in rows]
    return [Known(token, each, probability(each, learned)) for token, each in counted]
