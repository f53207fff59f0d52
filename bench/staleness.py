"""How old were the points that readers saw? Pure.

Every vote is one point up, so who knows when each vote was answered knows from when on a number of
points was out of date: from the answer to the vote after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Read = tuple[int, float, float, str]
"""Connection, when it asked, when it had the answer, and what stood there."""


@dataclass(frozen=True, slots=True)
class Staleness:
    """Seconds for which points were out of date when a reader had them.

    `backwards` counts answers with fewer points than an earlier one of the same connection,
    `unreadable` those without points.
    """

    ages: list[float]
    backwards: int
    unreadable: int

    @property
    def oldest(self) -> float:
        """The worst of them."""
        return max(self.ages, default=0.0)


def staleness(reads: Iterable[Read], votes: Sequence[float], before: int) -> Staleness:
    """Ages of the points in these reads; `before` is how many points there were before the votes.

    `votes` are the times at which they were answered.
    """
    answered = sorted(votes)
    ages: list[float] = []
    highest: dict[int, int] = {}
    backwards = unreadable = 0
    for connection, _asked, had, text in reads:
        if not text.lstrip("-").isdigit():
            unreadable += 1
            continue
        points = int(text)
        backwards += points < highest.get(connection, points)
        highest[connection] = max(points, highest.get(connection, points))
        # A vote may be counted before its answer arrives, so more than was answered is no error.
        seen = max(points - before, 0)
        outdated = answered[seen] if seen < len(answered) else had
        ages.append(max(had - outdated, 0.0))
    return Staleness(ages, backwards, unreadable)


@dataclass(frozen=True, slots=True)
class Watched:
    """What readers of a page saw around the moment at which a mark was put on it.

    `before` counts the answers without the mark that were asked for before it: without any, nobody
    was looking. `after` counts all that were asked for later, `unmarked` those of them without the
    mark, the last of which was asked for `latest` seconds after the moment.
    """

    before: int
    after: int
    unmarked: int
    latest: float


def watched(reads: Iterable[Read], moment: float) -> Watched:
    """What these reads say about a page that was marked at this moment."""
    kept = list(reads)
    later = [read for read in kept if read[1] > moment]
    old = [read for read in later if not read[3]]
    return Watched(
        before=sum(not read[3] for read in kept if read[1] <= moment),
        after=len(later),
        unmarked=len(old),
        latest=max((read[1] - moment for read in old), default=0.0),
    )
