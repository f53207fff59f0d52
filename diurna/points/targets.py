"""What can be voted on, and which votes it takes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from diurna.common.errors import Missing
from diurna.newsroom.models import Article, Contributor, Section
from diurna.newsroom.models.work_type import PointsMode, WorkTypeRule
from diurna.points.models import TargetKind

# Stands in the compiled query for the one that is asked for.
_ANY: Final = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Target:
    """An article (comments follow) as the rules of voting see it; `mode` is a `PointsMode`.

    `accounts` are those that wrote or published it here, by-lines apart (`is_work_of`).
    """

    kind: TargetKind
    uuid: UUID
    article: int
    mode: str
    accounts: frozenset[int]

    @property
    def on(self) -> str:
        """The target's name in the log."""
        return f"{self.kind}:{self.uuid}"

    def is_work_of(self, account: int) -> bool:
        """Whether this is the account's own work: posted, published, or in the by-line."""
        if account in self.accounts:
            return True
        return Contributor.objects.filter(
            user_id=account, bylines__article_id=self.article
        ).exists()


def article_target(uuid: UUID) -> Target:
    """The published article of this name; Missing for a draft, a withdrawn one and none at all."""
    sql, params = _article_query(connection.vendor)
    name = uuid if connection.features.has_native_uuid_field else uuid.hex
    with connection.cursor() as cursor:
        cursor.execute(sql, [name if each is None else each for each in params])
        row = cursor.fetchone()
    if row is None:
        raise Missing("There is no published article of this name to vote on.")
    article, mode, published_by, owner = row
    return Target(
        kind=TargetKind.ARTICLE,
        uuid=uuid,
        article=article,
        mode=mode,
        accounts=frozenset(each for each in (published_by, owner) if each is not None),
    )


@lru_cache(maxsize=2)
def _article_query(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of the look-up, where None stands for the article's name.

    Built and compiled once: both take the ORM longer than everything else that casting does.
    """
    sections = (
        Section.objects.annotate(
            below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
        )
        .filter(below__startswith=F("path"))
        .exclude(points_mode="")
        .order_by("-depth")
    )
    by_type = WorkTypeRule.objects.filter(work_type=OuterRef("work_type")).exclude(points_mode="")
    articles = (
        Article.objects.live()
        .filter(uuid=_ANY)
        .annotate(
            # `Article.points_rule`, in one query; a test holds the two together.
            mode=Coalesce(
                Case(When(~Q(points_mode=""), then=F("points_mode")), output_field=CharField()),
                Subquery(sections.values("points_mode")[:1]),
                Subquery(by_type.values("points_mode")[:1]),
                Case(
                    When(
                        work_type__in=[str(one) for one in WorkTypeRule.NO_POINTS_BY_DEFAULT],
                        then=Value(PointsMode.OFF.value),
                    ),
                    default=Value(PointsMode.UP_DOWN.value),
                    output_field=CharField(),
                ),
            )
        )
        .order_by()
        .values_list("pk", "mode", "published_by_id", "owner_id")
    )
    sql, params = articles.query.sql_with_params()
    stands_for = {_ANY, _ANY.hex}
    return sql, tuple(None if each in stands_for else each for each in params)
