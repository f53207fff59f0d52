"""What entries of the log say about votes, read from their bytes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from diurna.ledger.consumers import Told
from diurna.points.ranked_windows import hour_of


class Said(NamedTuple):
    """A vote as its entry says it; `entry_index` is None as long as it has none.

    `hour` is as it is written there: `2026-11-22T16Z`.
    """

    on: str
    voter: str
    n: int
    value: int
    counted: bool
    voter_class: str
    hour: str
    entry_index: int | None = None

    @property
    def began_at(self) -> datetime:
        """The beginning of its hour."""
        return _beginning(self.hour)

    @property
    def hour_number(self) -> int:
        """Its hour, counted since 1970."""
        return hour_of(_beginning(self.hour))

    @property
    def counts(self) -> int:
        """What it adds to the points as long as nothing was decided about it."""
        return self.value if self.counted else 0


# Votes that come together are of the same hour or two.
@lru_cache(maxsize=64)
def _beginning(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour[:-1]}:00").replace(tzinfo=UTC)


class Decided(NamedTuple):
    """A moderator's later decision about the vote in the entry with this index."""

    entry: int
    counts: bool


def read(told: Iterable[Told]) -> tuple[list[Said], list[Decided]]:
    """The votes among the entries, and the decisions in the order in which they hold."""
    votes, decisions = [], []
    for one in told:
        # Diurna has made these bytes or taken them from its own log: the stricter reading of
        # `Told.fields` would take as long as everything else together.
        # Text, since `json` guesses the encoding of bytes.
        fields = json.loads(one.data.decode())
        if one.type == "vote":
            votes.append(
                Said(
                    fields["on"],
                    fields["voter"],
                    fields["n"],
                    fields["value"],
                    fields["counted"],
                    fields["class"],
                    fields["hour"],
                    one.index,
                )
            )
        else:
            decisions.append((one.index or one.pending, one.type, fields["entry"]))
    decisions.sort()
    return votes, [Decided(entry, kind == "unvoid") for _place, kind, entry in decisions]
