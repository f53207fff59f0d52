"""`/api/v1/articles/{uuid}/points`: what an article's points are made of."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from diurna.delivery import surrogate
from diurna.newsroom.models import Article
from diurna.points.figures import Figures, Sum, figures_of
from diurna.points.models import TargetKind
from diurna.web.api.problems import Problem
from diurna.web.api.schemas import ByClassOut, ImportedOut, PointsOut, SumOut

router: Final = Router(tags=["points"])


@router.get(
    "/articles/{uuid:article_id}/points",
    response={HTTPStatus.OK: PointsOut, HTTPStatus.NOT_FOUND: Problem},
    url_name="points",
    operation_id="get_points",
    summary="The points of one published article, and what they are made of",
)
def get_points(request: HttpRequest, response: HttpResponse, article_id: UUID) -> PointsOut:
    """The figures; zeros where nobody has voted, 404 for an article that is not public."""
    article = Article.objects.live().filter(uuid=article_id).defer("body", "methods").first()
    if article is None:
        raise Http404
    # How much of the log these figures are of; which votes are taken, and from whom.
    surrogate.tag(response, article.surrogate_key(), "ledger", "navigation")
    return points_out(figures_of(TargetKind.ARTICLE, article_id), mode=article.points_rule())


def points_out(figures: Figures, *, mode: str) -> PointsOut:
    """The figures of an article or a comment, as the API tells them."""
    imported = figures.imported
    return PointsOut(
        points=figures.points,
        up=figures.up,
        down=figures.down,
        by_class=ByClassOut(guest=_sum(figures.guest), member=_sum(figures.member)),
        imported=ImportedOut(up=imported.up, down=imported.down, score=imported.score)
        if imported
        else None,
        logged=figures.logged,
        pending=figures.pending,
        waiting=figures.waiting,
        as_of_size=figures.as_of_size,
        mode=mode,
    )


def _sum(part: Sum) -> SumOut:
    return SumOut(points=part.points, up=part.up, down=part.down)
