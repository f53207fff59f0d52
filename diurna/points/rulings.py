"""Moderators' decisions about votes: no longer counted (`void`), or counted again (`unvoid`).

The log names the entry that is meant, so a vote that still waits for the log is decided about as
soon as it has its index. Voting again never lifts a decision: the next press reads the vote's
reason.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from diurna.accounts.models import User
from diurna.common.errors import Invalid
from diurna.common.prepared import Prepared
from diurna.delivery.surrogate import touch
from diurna.ledger import entry, settler
from diurna.ledger.models import Haste, PendingEntry
from diurna.points.models import Burst, Cast, Reason, Ruling, Tally, TargetKind, Vote

# The reasons are counted by day, and the log shows the totals under these words.
_REASON: Final = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)
_BATCH: Final = 1000


def rule_votes(
    *,
    votes: Collection[int],
    counts: bool,
    reason: str,
    actor: User | None,
    at: datetime | None = None,
) -> int:
    """Take these votes (by key) out of the count, or count them again; how many that changed.

    `reason` is a word like `same_hand`; only its daily total is public. Votes in the log change
    within a second, those that still wait when they enter it. Raises Invalid for another reason.
    """
    present = Reason.COUNTED if counts else Reason.MODERATOR
    return set_reasons(reasons=dict.fromkeys(votes, present), reason=reason, actor=actor, at=at)


def set_reasons(
    *,
    reasons: Mapping[int, Reason],
    reason: str,
    actor: User | None,
    burst: Burst | None = None,
    at: datetime | None = None,
) -> int:
    """Give each of these votes (by key) another reason why it does not count, or none.

    Otherwise as `rule_votes`; `burst` is that with which they are decided about.
    """
    if not _REASON.fullmatch(reason):
        raise Invalid("The reason is a word of small letters, like same_hand.")
    moment = at or timezone.now()
    changed = 0
    with transaction.atomic():
        keys = sorted(reasons)
        for begin in range(0, len(keys), _BATCH):
            # Locked in order, so that no press slips in between, and no two moderators cross.
            votes = list(
                Vote.objects.select_for_update()
                .filter(pk__in=keys[begin : begin + _BATCH])
                .order_by("pk")
            )
            changed += _decide(votes, reasons, reason, actor, burst, moment)
            _show_reasons(votes)
        transaction.on_commit(settler.wake, robust=True)
    return changed


def write_waiting() -> None:
    """Write the entries of decisions whose votes have reached the log, inside the settler's work.

    Where the reader has pressed again meanwhile, that entry says already what was decided.
    """
    if not _WAITING.run():
        return
    # A later decision about the same vote takes the place of an earlier one.
    latest = {one.vote_id: one for one in _due().select_related("vote").order_by("pk")}
    pressed = Cast.objects.filter(vote__in=list(latest), n=F("vote__logged_n"))
    said = {vote: why == Reason.COUNTED for vote, why in pressed.values_list("vote", "reason")}
    _append(
        (one.vote for one in latest.values() if said.get(one.vote_id) != one.counts),
        timezone.now(),
        {one.vote_id: one.counts for one in latest.values()},
    )
    Ruling.objects.filter(entry_made=False, vote__in=list(latest)).update(entry_made=True)


def _due() -> QuerySet[Ruling]:
    return Ruling.objects.filter(entry_made=False, vote__logged_n=F("vote__n"))


# Asked with every batch that enters, and mostly there is none.
_WAITING: Final[Prepared[Any]] = Prepared(lambda: _due().order_by().values_list("pk")[:1])


def _decide(
    votes: list[Vote],
    reasons: Mapping[int, Reason],
    reason: str,
    actor: User | None,
    burst: Burst | None,
    at: datetime,
) -> int:
    by_reason: dict[Reason, list[int]] = {}
    changed = []
    for vote in votes:
        wanted = reasons[vote.pk]
        if vote.reason != wanted:
            by_reason.setdefault(wanted, []).append(vote.pk)
        if vote.counted != (wanted == Reason.COUNTED):
            changed.append(vote)
    for wanted, keys in by_reason.items():
        Vote.objects.filter(pk__in=keys).update(reason=wanted)
    rulings = [
        Ruling(
            vote=vote,
            counts=not vote.counted,
            reason=reason,
            burst=burst,
            decided_by=actor,
            decided_at=at,
            entry_made=vote.logged_n == vote.n,
        )
        for vote in changed
    ]
    Ruling.objects.bulk_create(rulings)
    in_log = [vote for vote in changed if vote.logged_n == vote.n]
    _append(in_log, at, {vote.pk: not vote.counted for vote in in_log})
    return len(changed)


def _show_reasons(votes: Iterable[Vote]) -> None:
    """The page of a story's points says at once how many do not count, and why."""
    found = Tally.objects.filter(kind=TargetKind.ARTICLE, pk__in={vote.tally_id for vote in votes})
    touch(*(tally.surrogate_key() for tally in found))


def _append(votes: Iterable[Vote], at: datetime, counts: Mapping[int, bool]) -> None:
    rows = []
    for vote in votes:
        kind = "unvoid" if counts[vote.pk] else "void"
        data = entry.make(kind, entry=vote.logged_index)
        rows.append(PendingEntry(type=kind, data=data, haste=Haste.AT_ONCE, created_at=at))
    PendingEntry.objects.bulk_create(rows)
