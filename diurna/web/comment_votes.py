"""What of a thread’s points belongs to one reader: own votes, and the points of own comments."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from diurna.accounts.models import User
from diurna.accounts.visitors import guest_in
from diurna.comments.models import Comment
from diurna.newsroom.models import Article
from diurna.points.figures import figures_of_comments
from diurna.points.models import TargetKind, Vote
from diurna.points.targets import COMMENT_HOUR

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


def own_points_on_page(request: HttpRequest, article: Article) -> OwnPoints | None:
    """The reader's part of the points in the thread; None for nobody. Raises CookieRefused."""
    reader: dict[str, Any]
    if isinstance(request.user, User):
        reader = {"user": request.user}
    else:
        guest = guest_in(request)
        if guest is None:
            return None
        reader = {"guest__uuid": guest}
    here = Comment.objects.published().filter(thread__article=article)
    votes = Vote.objects.filter(
        tally__kind=TargetKind.COMMENT, tally__uuid__in=here.values("uuid"), **reader
    ).exclude(value=0)
    young = here.filter(published_at__gt=timezone.now() - COMMENT_HOUR, **reader)
    figures = figures_of_comments(young.values_list("uuid", flat=True))
    newest = votes.order_by("-pk").values_list("tally__uuid", "value")[:MOST_VOTES]
    return OwnPoints(
        votes=dict(newest),
        points={uuid: found.points for uuid, found in figures.items() if found.votes},
    )
