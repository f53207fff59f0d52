"""What can be voted on, and which votes it takes."""

from dataclasses import dataclass
from uuid import UUID

from diurna.common.errors import Missing
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.models import TargetKind


@dataclass(frozen=True, kw_only=True)
class Target:
    """An article (comments follow) as the rules of voting see it; `mode` is a `PointsMode`.

    `authors` are the keys of its contributors, `owners` those of the accounts whose work it is.
    """

    kind: TargetKind
    uuid: UUID
    article: int
    mode: str
    authors: frozenset[int]
    owners: frozenset[int]

    @property
    def on(self) -> str:
        """The target's name in the log."""
        return f"{self.kind}:{self.uuid}"


def article_target(uuid: UUID) -> Target:
    """The published article of this name; Missing for a draft, a withdrawn one and none at all."""
    article = (
        Article.objects.live()
        .filter(uuid=uuid)
        .defer("body", "methods")
        .prefetch_related("bylines__contributor")
        .first()
    )
    if article is None:
        raise Missing("There is no published article of this name to vote on.")
    people = [line.contributor for line in article.bylines.all()]
    accounts = {person.user_id for person in people} | {article.published_by_id, article.owner_id}
    return Target(
        kind=TargetKind.ARTICLE,
        uuid=article.uuid,
        article=article.pk,
        mode=PointsMode(article.points_rule()),
        authors=frozenset(person.pk for person in people),
        owners=frozenset(account for account in accounts if account is not None),
    )
