"""How stories and comments are ranked, from the counted votes and public comments alone; pure.

Times are seconds since 1970 (UTC). Points are net: counted votes up less counted votes down.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from math import copysign, log10, sqrt
from typing import Final, TypeVar

T = TypeVar("T")

# Standard normal quantile of 0.9: the bound that four in five samples of such votes stay within.
Z: Final = 1.281551565545
# Fewer votes than this are no dispute.
LEAST_DISPUTED: Final = 6
# A story needs ten times the points to stand beside one that is so much newer.
HOT_SECONDS: Final = 79_200.0
# How fast a trend is over: half the mark is left after an hour, a hundredth after a day.
GRAVITY: Final = 1.8
# Older than this, and nothing is a trend.
TREND_HOURS: Final = 7 * 24
# However much a section publishes: at most so many of its stories among so many in a row.
MOST_OF_ONE: Final = 2
IN_A_ROW: Final = 10


def best(up: int, down: int) -> float:
    """Lower bound of the share of votes up, 0 to 1; 0 without votes up.

    Wilson's score interval at 80 %, so that 10 up and 1 down stand before 1 up and none, and 100 up
    and 10 down before both. E. B. Wilson, "Probable inference, the law of succession, and
    statistical inference", JASA 22 (1927); for comments as in Reddit's `_sorts.pyx` (`confidence`).
    """
    votes = up + down
    if not up:
        return 0.0
    share = up / votes
    square = Z * Z / votes
    spread = Z * sqrt(share * (1 - share) / votes + square / (4 * votes))
    return (share + square / 2 - spread) / (1 + square)


def controversy(up: int, down: int) -> float:
    """How much readers disagree: many votes, evenly split; 0 below six votes, and where all agree.

    `(up + down) ^ (min / max)`, as in Reddit's `_sorts.pyx` (`controversy`).
    """
    votes = up + down
    if votes < LEAST_DISPUTED or not up or not down:
        return 0.0
    return float(votes ** (min(up, down) / max(up, down)))


def hot(points: int, published: float) -> float:
    """Points against age: the first ten points weigh as much as the next ninety, or as 22 hours.

    `sign(s) · log10(max(|s|, 1)) + t / 79200`, the form of Reddit's `_sorts.pyx` (`_hot`), with
    the 22 hours of Lobsters (`HOTNESS_WINDOW`) for Reddit's 12.5. It changes with votes alone,
    never with the clock: newer stories get higher marks, and old ones sink below them.
    """
    return copysign(log10(max(abs(points), 1)), points) + published / HOT_SECONDS


def trending(points: int, commenters: int, hours: float) -> float:
    """What readers turn to now: points and commenters of a day, against the story's age in hours.

    `log10(max(2, 2 + points + commenters / 2)) / (hours + 2) ^ 1.8`: Lemmy's form (its docs,
    "Votes and ranking": `10000 · log10(max(2, 2 + score)) / (hours + 2) ^ 1.8`, without the
    factor), over the votes of the last 24 hours, with every second commenter as a point. A story
    dated in the future counts as new.
    """
    drawn = log10(max(2.0, 2 + points + commenters / 2))
    return float(drawn / (max(hours, 0.0) + 2) ** GRAVITY)


def top(up: int, down: int) -> int:
    """Net points of a window; a story whose votes do not add up to one point is in no such list."""
    return up - down


def discussed(commenters: Iterable[Hashable]) -> int:
    """How many people have commented: whoever writes ten times is one."""
    return len(set(commenters))


def spread_out(
    ordered: Iterable[T],
    kind: Callable[[T], Hashable],
    *,
    most: int = MOST_OF_ONE,
    in_a_row: int = IN_A_ROW,
) -> list[T]:
    """The same in nearly the same order: of any `in_a_row` neighbours at most `most` are of a kind.

    Each place goes to the first that may stand there. Where nothing may (too few kinds are left),
    it goes to the first of all: nothing is left out, and no place stays empty.
    """
    left = list(ordered)
    queues: dict[Hashable, deque[int]] = {}
    for place, one in enumerate(left):
        queues.setdefault(kind(one), deque()).append(place)
    before: deque[Hashable] = deque(maxlen=in_a_row - 1)
    spread: list[T] = []
    while queues:
        allowed = [name for name in queues if before.count(name) < most]
        name = min(allowed or queues, key=lambda each: queues[each][0])
        spread.append(left[queues[name].popleft()])
        before.append(name)
        if not queues[name]:
            del queues[name]
    return spread
