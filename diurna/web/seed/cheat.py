"""Adds points behind the log's back, in the demonstration only, for a check to be seen to fail.

Nothing else in Diurna adds to a count, and this refuses wherever the log does not say that it is a
demonstration's.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from diurna.common.errors import Refused
from diurna.delivery.surrogate import touch
from diurna.ledger.entry import read
from diurna.ledger.models import Entry
from diurna.ledger.reading import active_log
from diurna.points.models import Tally, TargetKind, VoterClass

ADDED: Final = 100


@dataclass(frozen=True, kw_only=True)
class Cheat:
    """What was done to which article: its points before and after."""

    title: str
    path: str
    before: int
    after: int

    @property
    def is_undone(self) -> bool:
        """Whether an earlier cheat was taken back."""
        return self.after < self.before


def cheat() -> Cheat:
    """Add 100 to the members' votes up of the article with most points, or take that back.

    Its tally is changed and nothing else: no vote, no entry. Raises Refused anywhere but in the
    demonstration, and where it has no votes yet.
    """
    _demand_demonstration()
    with transaction.atomic():
        cheated = _cheated()
        tally = cheated or _with_most_points()
        before, change = tally.points, -ADDED if cheated else ADDED
        Tally.objects.filter(pk=tally.pk).update(member_up=F("member_up") + change)
        touch(tally.surrogate_key())
    article = tally.article
    return Cheat(
        title=article.title if article else tally.on(),
        path=article.address_path() if article else "/",
        before=before,
        after=before + change,
    )


def _demand_demonstration() -> None:
    log = active_log()
    first = Entry.objects.filter(log=log, index=0).first() if log is not None else None
    says_demo = first is not None and read(bytes(first.data)).get("demo") is True
    if not (settings.DIURNA_DEMO and says_demo):
        raise Refused(
            "Only the demonstration can be cheated in; nothing adds to the points of a real site."
        )


def _with_most_points() -> Tally:
    found = _tallies().order_by("-points", "pk").first()
    if found is None:
        raise Refused("Nobody has voted in this demonstration yet; please vote first.")
    return found


def _cheated() -> Tally | None:
    """The tally that has votes up of members that no member cast."""
    cast = Count("votes", filter=Q(votes__shown_class=VoterClass.MEMBER, votes__shown_value=1))
    return _tallies().annotate(surplus=F("member_up") - cast).filter(surplus=ADDED).first()


def _tallies() -> QuerySet[Tally]:
    """Those of articles that readers see."""
    shown = Tally.objects.filter(kind=TargetKind.ARTICLE, article__live=True)
    return shown.select_related("article")
