"""How closely two stories go together, by what they share; imports no Django.

Each thing shared gives points, and the sum is the order. A topic that few stories carry says more
than one that half of the site carries: its weight is the inverse document frequency (K. Spärck
Jones, “A statistical interpretation of term specificity”, Journal of Documentation 28, 1972), as a
decimal logarithm, kept between a half and three.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log10
from typing import Final, NamedTuple

TOPIC_LEAST: Final = 0.5
TOPIC_MOST: Final = 3.0
# Who rests on the same document writes about the same matter.
SOURCE: Final = 2.0
# Two sources in common say hardly less than five.
MOST_SOURCES: Final = 2
# An agency or the town hall is behind much of what a paper prints.
OUTLET: Final = 0.5
# The likeliest of the index; the last that it names has hardly anything.
TEXT: Final = 2.0
SECTION: Final = 0.25

# The kinds of what two stories can share, as `newsroom.models.Why` has them.
BY_TOPIC, BY_SOURCE, BY_OUTLET, BY_TEXT, BY_SECTION = "topic", "source", "outlet", "text", "section"


class Reason(NamedTuple):
    """What two stories share most: `why` is the kind, `named` the number of its row, 0 for none."""

    why: str
    named: int = 0


@dataclass(kw_only=True)
class Shared:
    """What one story shares with another, by the numbers of the rows.

    `topics` come with their weights (`topic_weight`). `text` is between 0 and 1: how like the
    words are, 0 for not at all.
    """

    topics: dict[int, float] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)
    outlets: set[int] = field(default_factory=set)
    text: float = 0.0
    section: bool = False

    def points(self) -> float:
        """The sum for everything shared."""
        return sum(self._parts().values())

    def reason(self) -> Reason:
        """The part that gives most points; of equals the first of topic, source, outlet, text."""
        parts = self._parts()
        why = max(parts, key=lambda kind: parts[kind])
        named: Mapping[str, int] = {
            BY_TOPIC: max(self.topics, key=lambda pk: (self.topics[pk], -pk), default=0),
            BY_SOURCE: min(self.sources, default=0),
            BY_OUTLET: min(self.outlets, default=0),
        }
        return Reason(why, named.get(why, 0))

    def _parts(self) -> dict[str, float]:
        return {
            BY_TOPIC: sum(self.topics.values()),
            BY_SOURCE: SOURCE * min(len(self.sources), MOST_SOURCES),
            BY_OUTLET: OUTLET if self.outlets else 0.0,
            BY_TEXT: TEXT * self.text,
            BY_SECTION: SECTION if self.section else 0.0,
        }


def topic_weight(carried_by: int, stories: int) -> float:
    """What it says that two stories share a topic which `carried_by` of all `stories` carry."""
    rarity = log10(max(1, stories) / max(1, carried_by))
    return min(TOPIC_MOST, max(TOPIC_LEAST, rarity))


def likeness(place: int, count: int) -> float:
    """How like the words are, of the story that stands at `place` (from 0) of `count`: 1 to 1/n."""
    return (count - place) / count
