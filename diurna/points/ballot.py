"""What casting a vote handles: who votes, the vote as it stands, and what will be written."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from diurna.accounts.networks import Origin
from diurna.ledger import entry
from diurna.ledger.tree import leaf_hash
from diurna.points.rules import COUNTED

# An entry of a vote as `entry.make` writes it, and all that it may say.
_ENTRY: Final = (
    '{"age":"%(age)s","class":"%(class)s","counted":%(counted)s,"hour":"%(hour)s","n":%(n)d,'
    '"nonce":"%(nonce)s","on":"%(on)s","t":"vote","v":1,"value":%(value)d,"voter":"%(voter)s"}'
)
_PLAIN: Final = re.compile(
    r'\{"age":"(?:<7d|<90d|>=90d)","class":"(?:guest|member)","counted":(?:true|false),'
    r'"hour":"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]Z","n":[1-9][0-9]{0,8},'
    r'"nonce":"[0-9a-f]{64}","on":"(?:article|comment):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",'
    r'"t":"vote","v":1,"value":(?:-1|0|1),"voter":"[A-Za-z0-9_-]{21}[AQgw]"\}'
)


# Votes that come together are of the same minute.
@lru_cache(maxsize=8)
def _hour_name(minute: datetime) -> str:
    """Its hour as the log has it, in UTC."""
    return minute.astimezone(UTC).strftime("%Y-%m-%dT%HZ")


class Reader(NamedTuple):
    """Who votes: the column of the vote that names the reader, and what the rules ask of it.

    `id` and `key` are None before the first write.
    """

    column: str
    id: int | None
    key: bytes | None
    since: datetime
    is_member: bool


class Present(NamedTuple):
    """A vote as it stands."""

    id: int
    voter: str
    n: int
    value: int
    voter_class: str
    reason: str
    shown_value: int
    shown_class: str


class Rules(NamedTuple):
    """What the desk has set (`PointsSettings`)."""

    voters: str
    network_limit: int


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """What is written of a press, in the tables and in the log.

    `origin` is None where nobody has pressed: nothing is known of when and from where. Its entry
    is kept back until `not_before`, where that is still to come.
    """

    on: str
    voter: str
    n: int
    value: int
    voter_class: str
    reason: str
    age: str
    at: datetime
    nonce: bytes
    burst: int | None = None
    origin: Origin | None = None
    not_before: datetime | None = None

    @property
    def kept_back(self) -> datetime | None:
        """Until when its entry stays out of the log; None where it may enter at once."""
        return self.not_before if self.not_before and self.not_before > self.at else None

    @cached_property
    def hour(self) -> datetime:
        """The hour it was cast in: the finest time that stays."""
        return self.at.replace(minute=0, second=0, microsecond=0)

    @cached_property
    def data(self) -> bytes:
        """The bytes of its entry."""
        fields = {
            "on": self.on,
            "voter": self.voter,
            "n": self.n,
            "value": self.value,
            "counted": self.counts,
            "class": self.voter_class,
            "age": self.age,
            "hour": _hour_name(self.at.replace(second=0, microsecond=0)),
            "nonce": self.nonce.hex(),
        }
        # Field by field `make` takes ten times as long; what is odd at all is left to it.
        written = _ENTRY % {**fields, "counted": "true" if self.counts else "false"}
        return written.encode() if _PLAIN.fullmatch(written) else entry.make("vote", **fields)

    @cached_property
    def leaf(self) -> bytes:
        """The hash of its entry in the log."""
        return leaf_hash(self.data)

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return self.reason == COUNTED
