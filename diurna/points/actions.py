"""What changes votes and points from outside; the settler's part is in `tallies`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from diurna.accounts.visitors import Visitor
from diurna.newsroom.models import Article
from diurna.points.models import Reason, Tally, TargetKind
from diurna.points.targets import Target


@dataclass(frozen=True, kw_only=True)
class CastResult:
    """A vote as it is stored and committed.

    `is_new` is False where it stood so already and nothing was written. `leaf` is the hash of its
    entry, by which the receipt is found, `voter` its name in the log; both empty for a vote that
    was never cast (taking back what is not there). `change` is what the points will change by.
    """

    value: int
    reason: Reason
    is_new: bool
    vote: int | None
    n: int
    voter: str
    leaf: bytes
    change: int

    @property
    def counted(self) -> bool:
        """Whether the vote counts."""
        return self.reason == Reason.COUNTED


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
    raise NotImplementedError


def keep_imported_points(*, article: Article, up: int, down: int, score: int) -> None:
    """Keep what the old site said, apart from the points that are cast here and never added.

    A second import replaces the figures of the first.
    """
    with transaction.atomic():
        tally, _created = Tally.objects.get_or_create(
            kind=TargetKind.ARTICLE, uuid=article.uuid, defaults={"article": article}
        )
        tally.imported_up, tally.imported_down, tally.imported_score = up, down, score
        tally.save(update_fields=["imported_up", "imported_down", "imported_score"])


def forget_imported_points(*, article: Article) -> None:
    """Drop what the old site said: its import was undone."""
    Tally.objects.filter(kind=TargetKind.ARTICLE, uuid=article.uuid).update(
        imported_up=None, imported_down=None, imported_score=None
    )
