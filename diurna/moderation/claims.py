"""Who looks at what: a moderator takes a thing of the queue for ten minutes.

A claim warns colleagues and blocks nobody: a decision on what somebody else has decided meanwhile
is refused by the decision itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.errors import Conflicting
from diurna.moderation.models import Claim
from diurna.moderation.things import Row, Thing

# Long enough to read a thread, short enough that lunch blocks nobody.
CLAIM_LASTS: Final = timedelta(minutes=10)
_THINGS: Final = ("comment", "burst", "appeal", "notice")


def take(*, row: Row, moderator: User, at: datetime | None = None) -> Claim:
    """Take a thing for ten minutes, or for ten minutes more.

    Raises Conflicting, naming the colleague, where somebody else has it.
    """
    at = at or timezone.now()
    on = {Thing.of(row).kind: row}
    free = Q(moderator=moderator) | Q(until__lte=at)
    with transaction.atomic():
        until = at + CLAIM_LASTS
        if Claim.objects.filter(free, **on).update(moderator=moderator, until=until):
            return Claim.objects.get(**on)
        try:
            with transaction.atomic():
                return Claim.objects.create(moderator=moderator, until=until, **on)
        except IntegrityError:
            # Nothing is unique but the thing: somebody has it.
            other = Claim.objects.select_related("moderator").filter(**on).first()
            if other is None:
                raise Conflicting(
                    _("A colleague had this a moment ago; please press again.")
                ) from None
            raise Conflicting(sentence_of(other)) from None


def release(*, row: Row, moderator: User) -> bool:
    """Give a thing back; False where the moderator did not have it."""
    on = {Thing.of(row).kind: row}
    return bool(Claim.objects.filter(moderator=moderator, **on).delete()[0])


def done_with(row: Row) -> None:
    """Nobody looks at it any more: it is decided."""
    Claim.objects.filter(**{Thing.of(row).kind: row}).delete()


def in_force(rows: Iterable[Row], at: datetime) -> dict[str, Claim]:
    """Who has which of these things now, by the thing's name; one query."""
    by_kind: dict[str, dict[int, str]] = {kind: {} for kind in _THINGS}
    for row in rows:
        thing = Thing.of(row)
        by_kind[thing.kind][row.pk] = str(thing)
    wanted = Q(pk__in=())
    for kind, names in by_kind.items():
        wanted |= Q(**{f"{kind}__in": list(names)}) if names else Q(pk__in=())
    found = {}
    for claim in Claim.objects.filter(wanted, until__gt=at).select_related("moderator"):
        kind = next(kind for kind in _THINGS if getattr(claim, f"{kind}_id") is not None)
        found[by_kind[kind][getattr(claim, f"{kind}_id")]] = claim
    return found


def thing_of(claim: Claim) -> Thing:
    """What is claimed."""
    row = claim.comment or claim.burst or claim.appeal or claim.notice
    assert row is not None  # a constraint holds it
    return Thing.of(row)


def sentence_of(claim: Claim) -> str:
    """Who looks at it, and until when."""
    until = timezone.localtime(claim.until).strftime("%H:%M")
    return _("%(who)s looks at this, until %(until)s.") % {
        "who": name_of(claim.moderator),
        "until": until,
    }


def name_of(moderator: User | None) -> str:
    """A moderator's name as colleagues read it; never the e-mail address."""
    return (moderator.display_name if moderator is not None else "") or _("A colleague")
