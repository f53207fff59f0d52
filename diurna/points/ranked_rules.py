"""Which stories may stand in a ranked list: the rules of the newsroom as they are now.

Never one that is withdrawn, retracted or paid for; none that takes no votes, but in `discussed`,
which asks for comments instead.
"""

from collections.abc import Collection
from typing import Final, NamedTuple, Self

from diurna.newsroom.models import Article, Section, WorkType
from diurna.newsroom.models.work_type import CommentsMode, PointsMode, WorkTypeRule

# What `Rules.allow` is told of a story, as columns of `Article`.
COLUMNS: Final = ("path", "work_type", "points_mode", "comments_mode")


class Facts(NamedTuple):
    """What decides whether a story may rank."""

    path: str
    work_type: str
    points_mode: str
    comments_mode: str


class Rules:
    """The rules of sections and types of work, read once for many stories; two queries."""

    def __init__(self, *, of_comments: bool) -> None:
        field = "comments_mode" if of_comments else "points_mode"
        self._of_comments = of_comments
        self._by_section = dict(Section.objects.live().values_list("path", field))
        self._by_type = (
            WorkTypeRule.comments_by_type() if of_comments else WorkTypeRule.points_by_type()
        )

    @classmethod
    def of(cls, order: str) -> Self:
        """The rules for a list: `discussed` asks whether comments show, others for points."""
        return cls(of_comments=order == "discussed")

    def allow(self, facts: Facts) -> bool:
        """Whether the story takes part: the narrowest rule that says something decides."""
        if self._of_comments:
            return self._nearest(facts, facts.comments_mode) != CommentsMode.OFF
        return self._nearest(facts, facts.points_mode) != PointsMode.OFF

    def _nearest(self, facts: Facts, own: str) -> str:
        path = facts.path
        while not own and path:
            path = path[: -Section.steplen]
            own = self._by_section.get(path, "")
        return own or self._by_type.get(facts.work_type, "")


def still_ranking(articles: Collection[int], order: str) -> frozenset[int]:
    """Those of these stories (keys) that may rank by now; three queries, none without stories."""
    if not articles:
        return frozenset()
    found = (
        Article.objects.live()
        .filter(pk__in=articles, retracted_at__isnull=True)
        .exclude(work_type=WorkType.SPONSORED)
    )
    rules = Rules.of(order)
    rows = found.order_by().values_list("pk", *COLUMNS)
    return frozenset(pk for pk, *facts in rows if rules.allow(Facts(*facts)))
