"""Presses and decisions that a restored database does not have, and the log has: their rows again.

After a restore from an older backup the newer entries come from the mirror. What the log says of a
press comes back; when, and from where, is gone, and of a decision who made it, why and when.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from diurna.ledger.consumers import Told
from diurna.ledger.models import Entry, Log
from diurna.ledger.tree import leaf_hash
from diurna.points.models import Cast, Reason, Ruling, Vote
from diurna.points.said import Said, read

# The reason of a decision that came back from the log.
RESTORED: Final = "restored"

_Name = tuple[str, str]


def write_presses(told: Sequence[Told]) -> int:
    """Rows for the presses among these entries that have none; how many.

    Their votes have rows already (`tallies.replayed`).
    """
    votes, _decisions = read(told)
    rows = _votes(votes)
    known = set(Cast.objects.filter(vote__in=rows.values()).values_list("vote_id", "n"))
    data = {one.index: bytes(one.data) for one in told}
    missing = [vote for vote in votes if (rows[vote.on, vote.voter].pk, vote.n) not in known]
    Cast.objects.bulk_create(
        [_press(vote, rows[vote.on, vote.voter], data[vote.entry_index]) for vote in missing],
        ignore_conflicts=True,
    )
    return len(missing)


def write_decisions(log: Log, told: Sequence[Told]) -> int:
    """Rows for the decisions among these entries about votes of which none is known; how many.

    They are dated to the hour of the vote, before which nobody can have decided.
    """
    _votes_said, decided = read(told)
    counts: dict[int, list[bool]] = defaultdict(list)
    for decision in decided:
        counts[decision.entry].append(decision.counts)
    entries = Entry.objects.filter(log=log, index__in=list(counts)).values_list("index", "data")
    said, _none = read(
        Told(pending=0, type="vote", name="", data=bytes(data), index=index)
        for index, data in entries
    )
    rows = _votes(said)
    known = set(Ruling.objects.filter(vote__in=rows.values()).values_list("vote_id", flat=True))
    missing = [
        Ruling(
            vote=rows[vote.on, vote.voter],
            counts=each,
            reason=RESTORED,
            decided_at=vote.began_at,
            entry_made=True,
        )
        for vote in said
        if rows[vote.on, vote.voter].pk not in known
        for each in counts[vote.entry_index or 0]
    ]
    Ruling.objects.bulk_create(missing)
    return len(missing)


def _votes(said: Iterable[Said]) -> dict[_Name, Vote]:
    """The rows of these votes, by their names in the log."""
    voters = {vote.voter for vote in said}
    found = Vote.objects.filter(voter__in=voters).select_related("tally")
    return {(f"{one.tally.kind}:{UUID(str(one.tally.uuid))}", one.voter): one for one in found}


def _press(said: Said, vote: Vote, data: bytes) -> Cast:
    fields: dict[str, Any] = json.loads(data)
    return Cast(
        vote=vote,
        tally_id=vote.tally_id,
        n=said.n,
        value=said.value,
        voter_class=said.voter_class,
        reason=Reason.COUNTED if said.counted else Reason.UNKNOWN,
        hour=said.began_at,
        nonce=bytes.fromhex(fields["nonce"]),
        leaf=leaf_hash(data),
        entry_index=said.entry_index,
    )
