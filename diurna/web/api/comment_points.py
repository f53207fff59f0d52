"""The points of comments as the API tells them: `points` and `points_from` of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from diurna.points.figures import figures_of_comments
from diurna.points.targets import points_show_from
from diurna.web.api.points import points_out
from diurna.web.api.schemas import PointsOut


class CommentPoints(NamedTuple):
    """What a comment's points are made of, None before `points_from` (UTC): readers wait, too."""

    points: PointsOut | None
    points_from: datetime


def points_of_comments(
    comments: Iterable[tuple[UUID, datetime]], *, mode: str, now: datetime
) -> dict[UUID, CommentPoints]:
    """The points of published comments, each given with when it was first published; one query.

    `mode` is the rule of their article (`Article.points_rule`).
    """
    shown_from = {uuid: points_show_from(published_at) for uuid, published_at in comments}
    figures = figures_of_comments(uuid for uuid, moment in shown_from.items() if moment <= now)
    return {
        uuid: CommentPoints(
            points=points_out(figures[uuid], mode=mode) if uuid in figures else None,
            points_from=moment,
        )
        for uuid, moment in shown_from.items()
    }
