"""What changes votes and points from outside; the settler's part is in `tallies`."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from diurna.accounts.visitors import Visitor
from diurna.newsroom.models import Article
from diurna.points.asking import Ask, OwnWork, press_of
from diurna.points.casting import CastResult
from diurna.points.figures import Imported
from diurna.points.models import Tally, TargetKind
from diurna.points.targets import Target
from diurna.points.voters import demand_voter
from diurna.points.writer import submit, write

__all__ = [
    "CastResult",
    "OwnWork",
    "begin_vote_on",
    "cast_vote",
    "cast_vote_on",
    "forget_imported_points",
    "forget_imported_points_of_comments",
    "keep_imported_points",
    "keep_imported_points_of_comments",
]

# Few enough variables for any database in one statement.
_CHUNK: Final = 500


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
    at = at or timezone.now()
    press = press_of(visitor=visitor, target=target, value=value, nonce=nonce, at=at)
    # Taking a vote back is open to everybody.
    if value and visitor.user is not None:
        demand_voter(visitor.user, at)
    return write(press)


def cast_vote_on(ask: Ask) -> tuple[CastResult, Target]:
    """The same for a guest and a target that has still to be found; what was found, too.

    Raises Missing as well, for what takes no votes. Where many are written together, they are
    looked up together.
    """
    if ask.visitor.user is not None:
        raise ValueError("Whether an account may vote is asked by `cast_vote`.")
    cast = write(ask)
    if ask.target is None:
        raise RuntimeError("A vote was written on a target that was not found.")
    return cast, ask.target


def begin_vote_on(ask: Ask) -> "Future[CastResult] | None":
    """Begin to store a guest's vote; what it holds once that is committed, or what was raised.

    None, and nothing begun, where only waiting for it will do (`cast_vote_on`).
    """
    if ask.visitor.user is not None:
        raise ValueError("Whether an account may vote is asked by `cast_vote`.")
    return submit(ask)


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
