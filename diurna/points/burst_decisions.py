"""What a moderator makes of a burst: counted after all, or left out; and taken back again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.errors import Conflicting
from diurna.delivery.surrogate import touch
from diurna.points.models import Burst, Cast, Reason, Ruling, Vote
from diurna.points.models.burst import BurstState
from diurna.points.rulings import set_reasons

# The word under which the log counts these decisions.
WORD = "burst"


def decide_burst(
    *, burst: Burst, counts: bool, actor: User | None, at: datetime | None = None
) -> int:
    """Count the votes that were held, or leave out all of the burst; how many that changed.

    Left out are also those that were counted before the burst was found. Raises Conflicting where
    somebody else has decided meanwhile.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        state = BurstState.COUNTED if counts else BurstState.KEPT_OUT
        _move(burst, BurstState.OPEN, state, actor, moment)
        votes = Vote.objects.filter(casts__burst=burst).distinct()
        if counts:
            votes = votes.filter(reason=Reason.BURST)
        present = Reason.COUNTED if counts else Reason.MODERATOR
        reasons = dict.fromkeys(votes.values_list("pk", flat=True), present)
        return set_reasons(reasons=reasons, reason=WORD, actor=actor, burst=burst, at=moment)


def undo_burst(*, burst: Burst, actor: User | None, at: datetime | None = None) -> int:
    """Take the decision about a burst back: it waits again, and its votes are as they were.

    How many votes that changed. Raises Conflicting where it waits already, and where another burst
    of the same kind waits.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        decided = BurstState(burst.state)
        if decided == BurstState.OPEN or _same_waits(burst):
            raise Conflicting(
                _("This burst, or one like it, waits for a decision already; please decide there.")
            )
        _move(burst, decided, BurstState.OPEN, None, None)
        before = _before(burst, counted=decided == BurstState.COUNTED)
        return set_reasons(reasons=before, reason=WORD, actor=actor, burst=burst, at=moment)


def _move(
    burst: Burst, old: BurstState, new: BurstState, actor: User | None, at: datetime | None
) -> None:
    moved = Burst.objects.filter(pk=burst.pk, state=old).update(
        state=new, decided_by=actor, decided_at=at
    )
    if not moved:
        raise Conflicting(_("Somebody else has decided about this burst; please look again."))
    burst.state, burst.decided_by, burst.decided_at = new, actor, at
    # Where readers read of decisions.
    touch("moderation-log", "moderation-numbers")


def _same_waits(burst: Burst) -> bool:
    return Burst.objects.filter(
        tally=burst.tally_id, mark=burst.mark, value=burst.value, state=BurstState.OPEN
    ).exists()


def _before(burst: Burst, *, counted: bool) -> dict[int, Reason]:
    """Why each vote did not count before the decision that is taken back."""
    ruled = set(
        Ruling.objects.filter(burst=burst, counts=counted).values_list("vote_id", flat=True)
    )
    if counted:
        return dict.fromkeys(ruled, Reason.BURST)
    members = Vote.objects.filter(casts__burst=burst, reason=Reason.MODERATOR).distinct()
    before = dict.fromkeys(members.values_list("pk", flat=True), Reason.BURST)
    before |= dict(_pressed(before))
    before |= dict.fromkeys(ruled & before.keys(), Reason.COUNTED)
    # What a moderator took out for another reason stays out.
    others = Ruling.objects.filter(vote__in=list(before), counts=False).exclude(burst=burst)
    for vote in others.values_list("vote_id", flat=True):
        before.pop(vote, None)
    return before


def _pressed(votes: Iterable[int]) -> Iterable[tuple[int, Reason]]:
    """Why the last press of each of these votes did not count, where it was not yet decided."""
    last = Cast.objects.filter(vote__in=list(votes), n=F("vote__n"))
    for vote, reason in last.values_list("vote_id", "reason"):
        if reason not in (Reason.COUNTED, Reason.MODERATOR):
            yield vote, Reason(reason)
