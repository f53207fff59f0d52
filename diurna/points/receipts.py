"""A reader's receipt: a signed promise at once, and the proof of the entry once it is in the log.

The promise is a signed note (c2sp.org/signed-note) under the key of the log: its origin, the word
`promise`, what was voted under which name, the leaf hash of the entry, and until when it will be in
the log. Who holds one and does not find the entry then can show it to anybody. It is no checkpoint:
the second line of one is a number.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db import connection

from diurna.common.errors import Misconfigured, Missing
from diurna.ledger import keys, reading
from diurna.ledger.actions import stamp
from diurna.ledger.note import SignedNote, SigningKey
from diurna.ledger.reading import MAX_MERGE_DELAY, MAX_MERGE_DELAY_KEPT_BACK
from diurna.points.casting import CastResult
from diurna.points.models import Cast, TargetKind
from diurna.points.targets import Target

WORD = "promise"
_AN_HOUR = timedelta(hours=1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What is promised: that the entry with this leaf hash will be in the log by then."""

    on: str
    voter: str
    n: int
    value: int
    leaf: bytes
    by: datetime

    def text(self, origin: str) -> str:
        """The text of the note, without its signature."""
        lines = (
            origin,
            WORD,
            f"on {self.on}",
            f"voter {self.voter}",
            f"n {self.n}",
            f"value {self.value}",
            f"leaf {self.leaf.hex()}",
            f"by {_stamp(self.by)}",
        )
        return "".join(f"{line}\n" for line in lines)


def sign(promised: Promised) -> str:
    """The promise as a signed note; Missing where there is no log, or its key is not here."""
    return sign_with(signing_key(), promised)


def sign_with(key: SigningKey, promised: Promised) -> str:
    """The promise as a note signed by this key."""
    return str(SignedNote.sign(promised.text(key.name), key))


def promise(cast: Cast) -> str:
    """The promise for a press (with its vote and tally); the same text each time."""
    began = cast.at or cast.hour + _AN_HOUR
    kept_back = cast.tally.kind == TargetKind.COMMENT
    return sign(
        Promised(
            on=cast.tally.on(),
            voter=cast.vote.voter,
            n=cast.n,
            value=cast.value,
            leaf=bytes(cast.leaf),
            by=promised_by(began, kept_back=kept_back),
        )
    )


def promised_for(cast: CastResult, target: Target, at: datetime) -> Promised:
    """What is promised for a press of this moment that was stored."""
    return Promised(
        on=target.on,
        voter=cast.voter,
        n=cast.n,
        value=cast.value,
        leaf=cast.leaf,
        by=promised_by(at, kept_back=target.kind == TargetKind.COMMENT),
    )


def promised_by(at: datetime, *, kept_back: bool = False) -> datetime:
    """Until when an entry written at this moment will be in the log, a full minute (UTC)."""
    return _promised_by(at.replace(second=0, microsecond=0), kept_back)


# A thousand votes a second have the same minute.
@lru_cache(maxsize=8)
def _promised_by(minute: datetime, kept_back: bool) -> datetime:
    end = minute.astimezone(UTC) + (MAX_MERGE_DELAY_KEPT_BACK if kept_back else MAX_MERGE_DELAY)
    return end.replace(second=0, microsecond=0) + _A_MINUTE


_stamp: Final = lru_cache(maxsize=8)(stamp)


def proof(cast: Cast) -> str:
    """The offline proof of a press (c2sp.org/tlog-proof); Missing while it waits for the log."""
    log = reading.active_log()
    if log is None:
        raise Missing("This newsroom has no log yet; ask again when it has one.")
    return str(reading.proof_of(log, bytes(cast.leaf)))


def signing_key() -> SigningKey:
    """The key of the log; Missing where there is no log, or its key is not here."""
    # Plain SQL: a promise is signed with every vote, and the ORM takes longer than signing.
    with connection.cursor() as cursor:
        cursor.execute("SELECT verifier_key FROM ledger_log WHERE active")
        row = cursor.fetchone()
    if row is None:
        raise Missing("This newsroom has no log yet; ask again when it has one.")
    try:
        return keys.load(row[0])
    except Misconfigured as error:
        # What the newsroom has to put right is no reader's business.
        raise Missing("The receipt can't be signed just now; ask again later.") from error
