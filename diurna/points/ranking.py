"""Rank marks of comments, from the counted votes alone; pure."""

from math import sqrt
from typing import Final

# Standard normal quantile of 0.9: the bound that four in five samples of such votes stay within.
Z: Final = 1.281551565545
# Fewer votes than this are no dispute.
LEAST_DISPUTED: Final = 6


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
