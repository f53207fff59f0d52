"""What changes votes and points from outside; the settler's part is in `tallies`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.visitors import Visitor
from diurna.common.errors import Invalid, Refused
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.casting import CastResult, Press, nonce_hash
from diurna.points.figures import Imported
from diurna.points.models import Tally, TargetKind
from diurna.points.models.vote import VALUES
from diurna.points.targets import Target
from diurna.points.voters import demand_voter
from diurna.points.writer import write

__all__ = [
    "CastResult",
    "OwnWork",
    "cast_vote",
    "forget_imported_points",
    "forget_imported_points_of_comments",
    "keep_imported_points",
    "keep_imported_points_of_comments",
]

# Few enough variables for any database in one statement.
_CHUNK: Final = 500
# 128 bits as hexadecimal take 32; more than this is nobody's random number.
MAX_NONCE: Final = 128


class OwnWork(Refused):
    """A vote on one's own article or comment."""

    code: ClassVar[str] = "own_work"


def cast_vote(
    *,
    visitor: Visitor,
    target: Target,
    value: int,
    nonce: str = "",
    at: datetime | None = None,
) -> CastResult:
    """Set, change or take back (0) the visitor's vote on the target; committed when this returns.

    `nonce` is a number that the voter's browser chose (at most 128 characters); the log shows its
    SHA-256. Without one it is chosen here. Raises Invalid for a value or nonce that can't be,
    Refused where this visitor may not vote here, TooMany (429) beyond the rates.
    """
    _demand_allowed(visitor, target, value)
    at = at or timezone.now()
    # Taking a vote back is open to everybody.
    if value and visitor.user is not None:
        demand_voter(visitor.user, at)
    return write(
        Press(
            user=visitor.user.pk if visitor.user else None,
            guest=visitor.guest,
            target=target,
            value=value,
            nonce=nonce_hash(_valid_nonce(nonce)),
            at=at,
            origin=visitor.origin,
        )
    )


def _demand_allowed(visitor: Visitor, target: Target, value: int) -> None:
    """The rules that need no look at other votes."""
    if value not in VALUES:
        raise Invalid(_("A vote is 1 (up), -1 (down) or 0 (taken back)."))
    if target.mode == PointsMode.OFF:
        raise Refused(_("This story takes no votes."))
    if value < 0 and target.mode == PointsMode.UP:
        raise Refused(_("This story takes votes up only."))
    # What a guest had cast before signing in can always be taken back.
    if value and _is_own(visitor, target):
        raise OwnWork(_("This is your own work, so your vote can’t be taken."))


def _is_own(visitor: Visitor, target: Target) -> bool:
    if visitor.user is not None:
        return target.is_work_of(visitor.user.pk)
    return visitor.guest is not None and visitor.guest == target.guest


def _valid_nonce(nonce: str) -> str:
    if len(nonce) > MAX_NONCE or not nonce.isprintable():
        raise Invalid(
            _("The number that your browser chose has at most %(limit)d characters.")
            % {"limit": MAX_NONCE}
        )
    return nonce


def keep_imported_points(*, article: Article, up: int, down: int, score: int) -> None:
    """Keep what the old site said, apart from the points that are cast here and never added.

    A second import replaces the figures of the first.
    """
    row = Tally(
        kind=TargetKind.ARTICLE,
        uuid=article.uuid,
        article=article,
        imported_up=up,
        imported_down=down,
        imported_score=score,
    )
    _keep([row])


def keep_imported_points_of_comments(points: Mapping[UUID, Imported]) -> None:
    """The same for comments, by their uuid; a thousand at once cost little more than one."""
    _keep(
        [
            Tally(
                kind=TargetKind.COMMENT,
                uuid=uuid,
                imported_up=said.up,
                imported_down=said.down,
                imported_score=said.score,
            )
            for uuid, said in sorted(points.items())
        ]
    )


def _keep(rows: list[Tally]) -> None:
    # One statement, since an import has a hundred thousand. What was taken back and comes again
    # finds its votes.
    Tally.objects.bulk_create(
        rows,
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["kind", "uuid"],
        update_fields=["article", "imported_up", "imported_down", "imported_score"],
    )


def forget_imported_points(*, article: Article) -> None:
    """Drop what the old site said: its import was undone."""
    Tally.objects.filter(kind=TargetKind.ARTICLE, uuid=article.uuid).update(
        imported_up=None, imported_down=None, imported_score=None
    )


def forget_imported_points_of_comments(uuids: Iterable[UUID]) -> None:
    """Drop what the old site said of these comments: their import was undone."""
    names = list(uuids)
    for begin in range(0, len(names), _CHUNK):
        found = Tally.objects.filter(
            kind=TargetKind.COMMENT, uuid__in=names[begin : begin + _CHUNK]
        )
        found.update(imported_up=None, imported_down=None, imported_score=None)
