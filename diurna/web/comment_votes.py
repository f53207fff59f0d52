"""What of a thread’s points belongs to one reader: own votes, and the points of own comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from diurna.comments.models import Comment
from diurna.common.prepared import Prepared, Slot
from diurna.newsroom.models import Article
from diurna.points.figures import figures_of_comments
from diurna.points.models import TargetKind, Vote
from diurna.points.targets import COMMENT_HOUR
from diurna.web.fragment_place import Reader, of_reader

# Who has voted on more comments of one story sees the newest of these votes.
MOST_VOTES: Final = 500


@dataclass(frozen=True)
class OwnPoints:
    """What `components/comment_points_own.html` needs, by the uuid of the comment.

    `votes` are the reader's own (1 or -1), `points` those of own comments that others do not see
    yet.
    """

    votes: dict[UUID, int]
    points: dict[UUID, int]


def own_points_on_page(reader: Reader, story: Article, own: Iterable[Comment]) -> OwnPoints | None:
    """The reader's part of the points in the thread; None where there is nothing to show.

    `story` comes with its thread; `own` are the reader's published comments there.
    """
    thread = getattr(story, "thread", None)
    if thread is None or not thread.published:
        return None
    votes = _VOTES.run(reader.column, reader=reader.value, thread=thread.pk)
    newest = {vote.tally.uuid: vote.value for vote in votes}
    points = _points_of_young(own)
    return OwnPoints(votes=newest, points=points) if newest or points else None


def _votes_in_thread(column: str) -> QuerySet[Vote]:
    here = Comment.objects.published().filter(thread_id=Slot("thread", BigIntegerField()))
    votes = Vote.objects.filter(
        tally__kind=TargetKind.COMMENT, tally__uuid__in=here.values("uuid"), **of_reader(column)
    ).exclude(value=0)
    fields = ("value", "tally__uuid")
    return votes.select_related("tally").only(*fields).order_by("-pk")[:MOST_VOTES]


_VOTES: Final = Prepared(_votes_in_thread)


def _points_of_young(own: Iterable[Comment]) -> dict[UUID, int]:
    """The points of own comments whose first hour is not over, where anybody has voted."""
    since = timezone.now() - COMMENT_HOUR
    young = [one.uuid for one in own if one.published_at and one.published_at > since]
    figures = figures_of_comments(young)
    return {uuid: found.points for uuid, found in figures.items() if found.votes}
