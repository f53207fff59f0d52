"""Which votes count: the rules about abuse, as a pure function of what is known of a press.

A vote that does not count is stored and logged all the same, so that everybody can recount both.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

# The words of `points.models.Reason`, which needs Django; a test holds the two together.
COUNTED: Final = ""
NETWORK: Final = "network"
DOWN_VOTES: Final = "down_votes"
BURST: Final = "burst"

# A reader who reads for an hour presses far less often; a script presses more.
GUEST_PER_HOUR: Final = 30
ACCOUNT_PER_HOUR: Final = 120
NETWORK_PER_HOUR: Final = 300
RATE_WINDOW: Final = timedelta(hours=1)
# Beyond this many votes against one author in a day it is the author who is meant, not the work.
DOWN_VOTES_PER_AUTHOR: Final = 10
DOWN_VOTES_WINDOW: Final = timedelta(hours=24)
# A reader of the network who is older than this has not been made for one vote.
SETTLED_AFTER: Final = timedelta(days=7)
SETTLED_WINDOW: Final = timedelta(days=30)
AGES: Final = ((timedelta(days=7), "<7d"), (timedelta(days=90), "<90d"))
OLDEST_AGE: Final = ">=90d"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a press when it is decided whether it counts.

    `before` is why the vote did not count so far (empty: it did, or there was none).
    `crowded` when the network has no counted vote of a guest left for this target and hour,
    `down_votes` how many counted votes of this reader stand against the same author, a day old at
    most, `in_burst` when the press shares the mark of a burst that waits for a moderator.
    """

    value: int
    is_member: bool
    before: str
    crowded: bool
    down_votes: int
    in_burst: bool


def reason_not_to_count(facts: Facts) -> str:
    """Why the press does not count; empty when it does.

    Voting again never lifts a reason. The one about networks is about guests: it ends when the
    reader is known by a confirmed address.
    """
    if facts.before and not (facts.before == NETWORK and facts.is_member):
        return facts.before
    if facts.value == 0:
        return COUNTED
    if facts.in_burst:
        return BURST
    if facts.crowded and not facts.is_member:
        return NETWORK
    if facts.value < 0 and facts.down_votes >= DOWN_VOTES_PER_AUTHOR:
        return DOWN_VOTES
    return COUNTED


def age_class(age: timedelta) -> str:
    """How old an account or a guest is, as coarse as the log says it."""
    return next((word for limit, word in AGES if age < limit), OLDEST_AGE)
