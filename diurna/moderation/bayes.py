"""How sure it is that a comment is spam, by the words of comments that moderators decided about.

Pure: no Django, no database. The probability of one word is Robinson's f(w), which starts from a
half and believes in a word the more the more often it was seen; those of all words are combined by
Fisher's method, once for spam and once for its opposite. Source: G. Robinson, "A Statistical
Approach to the Spam Problem", Linux Journal 107 (March 2003); the choice of the words that say most
is that of SpamBayes (chi-squared combining, `max_discriminators` and `minimum_prob_strength`).

A text of unknown words scores a half, as does one that has as much of the one as of the other.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# What a word is taken for that was never seen, and how many comments that belief weighs (Robinson:
# x and s; s as SpamBayes has it).
UNKNOWN: Final = 0.5
STRENGTH: Final = 0.45
# Words nearer to a half than this say nothing, and of those that say something the first so many
# are heard: a long text does not drown its own advertising.
LEAST_WEIGHT: Final = 0.1
MOST_HEARD: Final = 150
# Fewer lessons of a kind than these, and the filter keeps silent: it would go by the few words of
# the first few comments.
LEAST_LESSONS: Final = 20
# So many voices that say nothing are heard with the others: one word alone, however often it stood
# in spam, has a comment wait but never has it refused; it takes four of the surest.
UNDECIDED: Final = 5
# What a newsroom begins with. Above the first a comment waits, above the second it is refused: a
# wrong refusal costs a reader, a wrong hold a moderator's glance.
HOLD_ABOVE: Final = 0.7
SPAM_ABOVE: Final = 0.99
# A probability of nought would end every sum.
_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Seen:
    """In how many comments something was seen, of each kind."""

    spam: int = 0
    ham: int = 0


@dataclass(frozen=True, slots=True)
class Clue:
    """What one token says: above a half for spam, below against it."""

    token: str
    probability: float

    @property
    def weight(self) -> float:
        """How much it says, from 0 to a half."""
        return abs(self.probability - UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score from 0 to 1, and the clues that it was made of, the strongest first."""

    score: float
    clues: tuple[Clue, ...]


def is_ready(lessons: Seen) -> bool:
    """Whether there are enough lessons of each kind to say anything."""
    return lessons.spam >= LEAST_LESSONS and lessons.ham >= LEAST_LESSONS


def probability(seen: Seen, lessons: Seen) -> float:
    """Robinson's f(w): how likely a comment with this word is spam, if both were as frequent."""
    in_spam = min(1.0, seen.spam / lessons.spam) if lessons.spam else 0.0
    in_ham = min(1.0, seen.ham / lessons.ham) if lessons.ham else 0.0
    if in_spam + in_ham == 0:
        return UNKNOWN
    often = seen.spam + seen.ham
    alone = in_spam / (in_spam + in_ham)
    return (STRENGTH * UNKNOWN + often * alone) / (STRENGTH + often)


def judge(tokens: Iterable[str], known: Mapping[str, Seen], lessons: Seen) -> Judgement:
    """The score of a comment with these tokens; `known` has what was seen of them."""
    clues = [
        Clue(token, probability(known[token], lessons)) for token in set(tokens) if token in known
    ]
    heard = sorted(
        (clue for clue in clues if clue.weight >= LEAST_WEIGHT),
        key=lambda clue: (-clue.weight, clue.token),
    )[:MOST_HEARD]
    voices = [clue.probability for clue in heard] + [UNKNOWN] * UNDECIDED
    return Judgement(_combined(voices), tuple(heard))


def _combined(probabilities: list[float]) -> float:
    """Robinson's indicator: (1 + S - H) / 2 for Fisher's test of spam and of its opposite."""
    for_spam = -2 * sum(math.log(max(_LEAST, 1 - p)) for p in probabilities)
    against = -2 * sum(math.log(max(_LEAST, p)) for p in probabilities)
    degrees = 2 * len(probabilities)
    spam, ham = 1 - chance(for_spam, degrees), 1 - chance(against, degrees)
    return (1 + spam - ham) / 2


def chance(chi: float, degrees: int) -> float:
    """The chance of a chi-squared sum of at least this, for an even number of degrees of freedom.

    The series exp(-m) * (1 + m + m^2/2! + ...) with m = chi/2 (Abramowitz and Stegun, 26.4.21), by
    logarithms so that a large sum does not end in nought too soon.
    """
    half = chi / 2
    if half <= 0:
        return 1.0
    log_term, total = -half, math.exp(-half)
    for step in range(1, degrees // 2):
        log_term += math.log(half / step)
        total += math.exp(log_term)
    return min(total, 1.0)
