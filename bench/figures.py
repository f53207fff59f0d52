"""The arithmetic of the benches: medians, ratios, and rounds in turns. Pure."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def median(values: Sequence[float]) -> float:
    """The median; 0.0 of nothing."""
    return float(statistics.median(values)) if values else 0.0


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios round by round; 0.0 where nothing can be compared.

    What disturbs the machine for a while falls on both of a round, so it cancels out.
    """
    return median([own / other for own, other in zip(ours, theirs, strict=False) if other])


def share(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of the values do not exceed; 0.0 of nothing."""
    ordered = sorted(values)
    return float(ordered[min(int(part * len(ordered)), len(ordered) - 1)]) if ordered else 0.0


def interleaved(contenders: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """What each contender gave in each round; every second round runs backwards.

    So none of them is always first, when the machine is cool, or always last.
    """
    seen: dict[str, list[T]] = {name: [] for name in contenders}
    order = list(contenders)
    for number in range(rounds):
        for name in order if number % 2 == 0 else reversed(order):
            seen[name].append(contenders[name]())
    return seen
