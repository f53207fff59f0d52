"""Casting a vote: read what is there, decide, write the vote, the press and its entry.

All inside one transaction, which may hold many presses (`writer`): whatever is refused is refused
before anything of it is written.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from diurna.accounts.ledger_names import new_key, voter_name
from diurna.accounts.networks import Origin
from diurna.common.errors import Conflicting, Refused, TooMany
from diurna.points import rules
from diurna.points.ballot import Ballot, Present, Reader
from diurna.points.ballot_box import BallotBox
from diurna.points.figures import Parts
from diurna.points.models import Reason, TargetKind, VoterClass, Voters
from diurna.points.targets import Target

# A rate is a window that slides; half of it has to pass before half of it is free again.
_RETRY_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Press:
    """One press of a button: exactly one of `user` and `guest` is there."""

    user: int | None
    guest: UUID | None
    target: Target
    value: int
    nonce: bytes
    at: datetime
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class CastResult:
    """A vote as it is stored.

    `is_new` is False where it stood so already and nothing was written. `leaf` is the hash of its
    entry, by which the receipt is found, `voter` its name in the log; both are empty for a vote
    that was never cast (taking back what is not there). `change` is what it will add to the points
    that are shown now. Where they are known already: `parts` is what the points will be made of
    then, and `promise` the newsroom's signed word for the entry.
    """

    value: int
    reason: Reason
    is_new: bool
    vote: int | None
    n: int
    voter: str
    leaf: bytes
    change: int
    parts: Parts | None = None
    promise: str | None = None

    @property
    def counted(self) -> bool:
        """Whether the vote counts."""
        return self.reason == Reason.COUNTED


class Replayed(Conflicting):
    """A request that was made before, when the vote stood differently."""

    code: ClassVar[str] = "replayed"


class SignInNeeded(Refused):
    """Only members may do this here."""

    code: ClassVar[str] = "members_only"


def nonce_hash(nonce: str) -> bytes:
    """What the log shows of a browser's number; of one chosen here, where it sent none."""
    return hashlib.sha256(nonce.encode() or secrets.token_bytes(32)).digest()


def cast(box: BallotBox, press: Press) -> CastResult:
    """Store one press, inside the caller's transaction.

    Raises Refused, TooMany or Conflicting before anything is written.
    """
    if box.locks:
        box.lock(_lock_of(press))
    reader = _reader(box, press)
    tally = box.tally(press.target)
    present = box.vote(tally, reader) if tally is not None and reader.id is not None else None
    if present is not None and (n := box.cast_with(present.id, press.nonce)) is not None:
        return _repeated(press, present, n)
    settings = box.rules()
    if settings.voters == Voters.MEMBERS and not reader.is_member:
        raise SignInNeeded(
            _("Only members vote here. Please sign in, or confirm your e-mail address.")
        )
    if _stands_so(press, reader, present):
        return _unchanged(press, present)
    _demand_rate(box, press, reader)
    burst = _burst(box, press, tally)
    facts = rules.Facts(
        value=press.value,
        is_member=reader.is_member,
        before=present.reason if present else rules.COUNTED,
        crowded=_is_crowded(box, press, reader, tally, present, settings.network_limit),
        down_votes=_down_votes(box, press, reader, present),
        in_burst=burst is not None,
    )
    reason = rules.reason_not_to_count(facts)
    return _write(box, press, reader, present, reason, burst if reason == rules.BURST else None)


def take_back(*, vote: int, at: datetime) -> None:
    """Set a vote to 0 in its reader's place: two became one (`accounts` merges a guest).

    Says nothing of when or from where, since nobody has pressed. Nothing happens where it is 0.
    """
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        box = BallotBox(cursor)
        present = box.vote_by_id(vote)
        if present is None or present.value == 0:
            return
        reader, on, tally, hour_ends = box.owner(vote)
        ballot = Ballot(
            on=on,
            voter=present.voter,
            n=present.n + 1,
            value=0,
            voter_class=present.voter_class,
            reason=present.reason,
            age=rules.age_class(at - reader.since if reader else timedelta(0)),
            at=at,
            nonce=nonce_hash(""),
            not_before=hour_ends,
        )
        box.change_vote(vote, ballot)
        box.add_cast(vote, tally, ballot)


def keep_out(readers: Iterable[int | UUID | None], targets: Collection[str]) -> None:
    """Let nobody cast for these readers on these targets until the caller's transaction ends.

    Readers are told by an account's key or a guest's uuid. Who casts waits for one of these locks
    only, so there is no circle of waiting.
    """
    keys = {_lock_key(reader, on) for reader in readers for on in targets}
    with connection.wrap_database_errors, connection.cursor() as cursor:
        box = BallotBox(cursor)
        for key in sorted(keys):
            box.lock(key)


def lock_keys(presses: Iterable[Press]) -> list[int]:
    """What has to be locked before these are cast, in the order in which everybody locks."""
    return sorted({_lock_of(press) for press in presses})


def _lock_of(press: Press) -> int:
    return _lock_key(press.user or press.guest, press.target.on)


def _lock_key(reader: int | UUID | None, on: str) -> int:
    who = f"{reader} {on}"
    return int.from_bytes(hashlib.sha256(who.encode()).digest()[:8], signed=True)


def _reader(box: BallotBox, press: Press) -> Reader:
    if press.user is not None:
        account = box.account(press.user)
        if account is None:
            raise Refused(_("This account is closed, so it can’t vote."))
        return account
    if press.guest is None:
        raise ValueError("A press is a guest's or an account's.")
    return box.guest(press.guest) or Reader("guest_id", None, None, press.at, False)


def _repeated(press: Press, present: Present, n: int) -> CastResult:
    if n == present.n and press.value == present.value:
        return _unchanged(press, present)
    raise Replayed(
        _("This request was made before, and the vote has changed since. Please vote again.")
    )


def _stands_so(press: Press, reader: Reader, present: Present | None) -> bool:
    if present is None:
        return press.value == 0
    # A vote that only a guest's network kept from counting counts once the reader is known.
    lifted = present.reason == rules.NETWORK and reader.is_member and present.value != 0
    return press.value == present.value and not lifted


def _unchanged(press: Press, present: Present | None) -> CastResult:
    if present is None:
        return CastResult(
            value=0,
            reason=Reason.COUNTED,
            is_new=False,
            vote=None,
            n=0,
            voter="",
            leaf=b"",
            change=0,
        )
    counts = present.value if present.reason == rules.COUNTED else 0
    return CastResult(
        value=present.value,
        reason=Reason(present.reason),
        is_new=False,
        vote=present.id,
        n=present.n,
        voter=present.voter,
        leaf=b"",
        change=counts - present.shown_value,
    )


def _demand_rate(box: BallotBox, press: Press, reader: Reader) -> None:
    since = press.at - rules.RATE_WINDOW
    limit = rules.ACCOUNT_PER_HOUR if reader.column == "user_id" else rules.GUEST_PER_HOUR
    if reader.id is not None and box.presses_of(reader, since, limit) >= limit:
        raise TooMany(
            _("That were %(limit)d votes in an hour. Please try again a little later.")
            % {"limit": limit},
            retry_after=_RETRY_SECONDS,
        )
    network = press.origin.network
    if network is None or press.origin.rules_rest:
        return
    if box.presses_from(network, since, rules.NETWORK_PER_HOUR) >= rules.NETWORK_PER_HOUR:
        raise TooMany(
            _(
                "Very many votes came from your network in the last hour. Please try again a"
                " little later."
            ),
            retry_after=_RETRY_SECONDS,
        )


def _burst(box: BallotBox, press: Press, tally: int | None) -> int | None:
    network = None if press.origin.rules_rest else press.origin.network
    if tally is None or (network is None and press.origin.referrer is None):
        return None
    return box.open_burst(tally, network, press.origin.referrer)


def _is_crowded(
    box: BallotBox,
    press: Press,
    reader: Reader,
    tally: int | None,
    present: Present | None,
    limit: int,
) -> bool:
    network = press.origin.network
    if press.origin.rules_rest or network is None or tally is None or reader.is_member:
        return False
    if press.value == 0 or (present is not None and present.value != 0):
        # Its vote is counted already, or not; changing it brings no new voter.
        return False
    counted = box.guests_counted(
        tally, network, press.at - rules.RATE_WINDOW, present.id if present else None
    )
    if counted < limit:
        return False
    settled = box.settled_readers(
        network,
        press.at - rules.SETTLED_WINDOW,
        press.at - rules.SETTLED_AFTER,
        press.origin.earlier_network,
    )
    return counted >= max(limit, settled)


def _down_votes(box: BallotBox, press: Press, reader: Reader, present: Present | None) -> int:
    if press.value >= 0:
        return 0
    since, but = press.at - rules.DOWN_VOTES_WINDOW, present.id if present else None
    if press.target.kind == TargetKind.ARTICLE:
        return box.down_votes(reader, press.target.article, since, but)
    # Of a comment that was imported, or whose writer is gone, nobody is the author.
    writer = press.target.writer
    return box.down_votes_on_comments(reader, writer, since, but) if writer else 0


def _write(
    box: BallotBox,
    press: Press,
    reader: Reader,
    present: Present | None,
    reason: str,
    burst: int | None,
) -> CastResult:
    reader, key = _kept(box, press, reader)
    tally = _tally(box, press.target)
    ballot = Ballot(
        on=press.target.on,
        voter=present.voter if present else voter_name(key, press.target.on),
        n=present.n + 1 if present else 1,
        value=press.value,
        voter_class=(VoterClass.MEMBER if reader.is_member else VoterClass.GUEST).value,
        reason=reason,
        age=rules.age_class(press.at - reader.since),
        at=press.at,
        nonce=press.nonce,
        burst=burst,
        origin=press.origin,
        not_before=press.target.shown_from,
    )
    if present is None:
        vote = box.add_vote(tally, reader, ballot)
    else:
        vote = present.id
        box.change_vote(vote, ballot)
    box.add_cast(vote, tally, ballot)
    shown = present.shown_value if present else 0
    return CastResult(
        value=press.value,
        reason=Reason(reason),
        is_new=True,
        vote=vote,
        n=ballot.n,
        voter=ballot.voter,
        leaf=ballot.leaf,
        change=(press.value if ballot.counts else 0) - shown,
        parts=box.parts_with(tally, present, ballot),
    )


def _kept(box: BallotBox, press: Press, reader: Reader) -> tuple[Reader, bytes]:
    """The reader with a row, and the key of its names."""
    if reader.key is None:
        if reader.id is None and press.guest is not None:
            made = box.add_guest(press.guest, new_key(), press.at)
        else:
            made = None
            box.set_key(reader, new_key())
        reader = made or _reader(box, press)
    if reader.key is None:
        raise RuntimeError("A reader was given a key for its names in the log, and has none.")
    return reader, reader.key


def _tally(box: BallotBox, target: Target) -> int:
    tally = box.tally(target)
    if tally is None:
        box.add_tally(target)
        tally = box.tally(target)
    if tally is None:
        raise RuntimeError("A tally was made and is not there.")
    return tally
