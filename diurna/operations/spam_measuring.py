"""How good the spam filter is, measured on messages that it has not learned from. No Django.

Precision: of what it calls spam, how much is. Recall: of the spam, how much it calls so.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from diurna.common.errors import Invalid
from diurna.moderation.bayes import Seen, is_ready, judge
from diurna.moderation.tokens import tokens_of
from diurna.operations.spam_corpus import Sorted

# What is asked of the filter (issue 7): so little that stands is called spam, while so much spam
# is found.
LEAST_PRECISION: Final = 0.97
AT_RECALL: Final = 0.80
RECALLS: Final = (0.50, 0.70, AT_RECALL, 0.90, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Point:
    """Above the score `above`: precision, recall, and how much that is no spam is called so."""

    above: float
    precision: float
    recall: float
    wrongly: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What was learned from and tested on; points of the curve; times in seconds a message."""

    trained: Seen
    tested: Seen
    words: int
    curve: tuple[Point, ...]
    at_limits: tuple[Point, ...]
    seconds_to_learn: float
    seconds_to_judge: float

    @property
    def precision(self) -> float:
        """At the recall that is asked for."""
        return self.curve[RECALLS.index(AT_RECALL)].precision

    @property
    def is_good_enough(self) -> bool:
        """Whether it is what was asked for."""
        return self.precision >= LEAST_PRECISION


def split_at_random(
    messages: Sequence[Sorted], *, seed: int, share: float
) -> tuple[list[Sorted], list[Sorted]]:
    """To learn from, and to be tested on: the share of each kind, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (nothing here is secret)
    train: list[Sorted] = []
    test: list[Sorted] = []
    for is_spam in (True, False):
        kind = [message for message in messages if message.is_spam is is_spam]
        chance.shuffle(kind)
        cut = round(len(kind) * share)
        train += kind[:cut]
        test += kind[cut:]
    return train, test


def split_by_collection(messages: Sequence[Sorted]) -> tuple[list[Sorted], list[Sorted]]:
    """Learning from the earlier collections, tested on the later ones: as in real life."""
    earlier = [message for message in messages if message.is_earlier]
    return earlier, [message for message in messages if not message.is_earlier]


def measure(
    train: Sequence[Sorted], test: Sequence[Sorted], *, limits: Sequence[float]
) -> Measured:
    """Learn from the one part, in memory, and judge the other.

    Raises Invalid where a part lacks one kind, or there is too little to learn from.
    """
    begun = time.perf_counter()
    counted = {True: Counter[str](), False: Counter[str]()}
    for message in train:
        counted[message.is_spam].update(tokens_of(message.post))
    known = {
        token: Seen(counted[True][token], counted[False][token])
        for token in counted[True].keys() | counted[False].keys()
    }
    trained, tested = _kinds(train), _kinds(test)
    if not is_ready(trained) or not (tested.spam and tested.ham):
        raise Invalid("There are too few messages of one kind in a part; give a larger corpus.")
    learned = time.perf_counter()
    scores = [(judge(tokens_of(m.post), known, trained).score, m.is_spam) for m in test]
    judged = time.perf_counter()
    return Measured(
        trained=trained,
        tested=tested,
        words=len(known),
        curve=_curve(scores, tested),
        at_limits=tuple(_at(scores, tested, limit) for limit in limits),
        seconds_to_learn=(learned - begun) / len(train),
        seconds_to_judge=(judged - learned) / len(test),
    )


def _kinds(messages: Sequence[Sorted]) -> Seen:
    spam = sum(message.is_spam for message in messages)
    return Seen(spam, len(messages) - spam)


def _curve(scores: Sequence[tuple[float, bool]], tested: Seen) -> tuple[Point, ...]:
    """For each recall of RECALLS the highest score above which that much spam is found."""
    found_at = sorted((score for score, is_spam in scores if is_spam), reverse=True)
    points = []
    for recall in RECALLS:
        last = found_at[max(1, math.ceil(tested.spam * recall)) - 1]
        points.append(_at(scores, tested, last, inclusive=True))
    return tuple(points)


def _at(
    scores: Sequence[tuple[float, bool]], tested: Seen, limit: float, *, inclusive: bool = False
) -> Point:
    called = [
        is_spam for score, is_spam in scores if score > limit or (inclusive and score == limit)
    ]
    right = sum(called)
    precision = right / len(called) if called else 1.0
    return Point(limit, precision, right / tested.spam, len(called) - right)
