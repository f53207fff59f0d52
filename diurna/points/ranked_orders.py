"""The orders of lists, and how each is read from the standings: the stories of one new edition."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db.models import BooleanField, F, Func, Q, QuerySet

from diurna.newsroom.models import WorkType
from diurna.points import ranking
from diurna.points.models import Standing
from diurna.points.ranked_rules import COLUMNS, Facts, Rules
from diurna.points.ranked_windows import Window

# Nobody reads further; a search or the archive by date does better.
MOST: Final = 1000
# Read at once: some of them may not rank. Where hardly any does (a newsroom that takes no votes on
# most of its work), ever more, since a database counts from the first row each time.
_CHUNK: Final = MOST + 200
_LONGER: Final = 4
_LONGEST_CHUNK: Final = 16 * _CHUNK
# Root and front lie above the outermost section.
_SECTION_PATH: Final = 3 * 4
SITE: Final = "site"
# No story is as hot or as cold.
_BEYOND: Final = 1e300


class Order(StrEnum):
    """By what a list is ranked; the words are those of addresses and the API."""

    HOT = "hot"
    TRENDING = "trending"
    TOP = "top"
    DISCUSSED = "discussed"
    CONTROVERSIAL = "controversial"


class List(NamedTuple):
    """One of the lists there are; `scope` is `site`, `section:<key>` or `topic:<key>`."""

    order: Order
    window: Window | None = None
    scope: str = SITE

    def key(self) -> str:
        """The surrogate key of the pages that show it."""
        scope = self.scope.replace(":", "-")
        return "-".join(filter(None, ["ranked", self.order, self.window or "", scope]))


class Terms(NamedTuple):
    """What a story was ranked by.

    `mark` is the formula's value. `points`, `up`, `down`: of the list's window, for hot and
    controversial of all time (`up` and `down` are 0 where the window knows only their difference).
    `commenters`: people who commented in the window. `published`: seconds since 1970. `alone`: the
    rank by the mark alone, before stories of one section were put apart.
    """

    mark: float
    points: int = 0
    up: int = 0
    down: int = 0
    commenters: int = 0
    published: int = 0
    alone: int = 0


class Story(NamedTuple):
    """A story on its way into an edition."""

    pk: int
    section: str
    terms: Terms


_POINTS_OF: Final = {
    Window.DAY: "day_points",
    Window.WEEK: "week_points",
    Window.MONTH: "month_points",
    Window.YEAR: "year_points",
    Window.ALL: "points",
}
_OF_A_ROW: Final = ("article_id", "article__first_published_at")


def ranked_stories(which: List, now: datetime) -> list[tuple[int, Terms]]:
    """Keys and terms of at most `MOST` stories, best first; of equals the later key first."""
    rules = Rules.of(which.order)
    stories = _READERS[which.order](which, now, rules)
    if which.order is Order.HOT and not which.scope.startswith("section:"):
        stories = ranking.spread_out(stories, lambda story: story.section)
    return [(story.pk, story.terms) for story in stories]


def _standings(which: List) -> QuerySet[Standing]:
    """Standings of stories that readers see, of the list's section or topic."""
    found = Standing.objects.filter(
        article__live=True,
        article__first_published_at__isnull=False,
        article__retracted_at__isnull=True,
    ).exclude(article__work_type=WorkType.SPONSORED)
    kind, _colon, key = which.scope.partition(":")
    if kind == "topic":
        return found.filter(article__topics=int(key))
    if kind == "section":
        from diurna.newsroom.models import Section

        path = Section.objects.filter(pk=int(key)).values_list("path", flat=True).first()
        return found.filter(article__path__startswith=path) if path else found.none()
    return found


def _rows(
    standings: QuerySet[Standing], rules: Rules, *columns: str
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The path of each story that may rank, and its key, publication and these columns."""
    facts = [f"article__{name}" for name in COLUMNS]
    values = standings.values_list(*facts, *_OF_A_ROW, *columns)
    # A story that gets a vote in between moves the others, and one of them comes a second time.
    seen: set[int] = set()
    start, size = 0, _CHUNK
    while rows := list(values[start : start + size]):
        for row in rows:
            key = row[len(facts)]
            if key not in seen and rules.allow(Facts(*row[: len(facts)])):
                seen.add(key)
                yield row[0], row[len(facts) :]
        start += size
        size = min(_LONGER * size, _LONGEST_CHUNK)


def _hot(which: List, _now: datetime, rules: Rules) -> list[Story]:
    # Between bounds SQLite goes by the order's index, and does not put all stories in order.
    ranked = _standings(which).filter(hot__range=(-_BEYOND, _BEYOND))
    standings = ranked.order_by("-hot", "-article_id")
    found: list[Story] = []
    for path, (pk, published, hot, points) in _rows(standings, rules, "hot", "points"):
        terms = Terms(hot, points, published=_seconds(published), alone=len(found) + 1)
        found.append(Story(pk, path[:_SECTION_PATH], terms))
        if len(found) == MOST:
            break
    return found


def _trending(which: List, now: datetime, rules: Rules) -> list[Story]:
    # The one order that the clock changes: its few candidates are all looked at.
    young = Q(article__first_published_at__gte=now - timedelta(hours=ranking.TREND_HOURS))
    standings = _standings(which).filter(young).order_by("article_id")
    found = []
    for path, (pk, published, points, commenters) in _rows(
        standings, rules, "day_points", "day_commenters"
    ):
        hours = (now - published).total_seconds() / 3600
        mark = ranking.trending(points, commenters, hours)
        terms = Terms(mark, points, commenters=commenters, published=_seconds(published))
        found.append(Story(pk, path, terms))
    found.sort(key=lambda story: (-story.terms.mark, -story.pk))
    return found[:MOST]


def _top(which: List, _now: datetime, rules: Rules) -> list[Story]:
    assert which.window is not None
    return _by_number(which, rules, _POINTS_OF[which.window], lambda n: Terms(n, points=n))


def _discussed(which: List, _now: datetime, rules: Rules) -> list[Story]:
    return _by_number(which, rules, "week_commenters", lambda n: Terms(n, commenters=n))


def _controversial(which: List, _now: datetime, rules: Rules) -> list[Story]:
    standings = _standings(which).filter(_is_positive("controversy"))
    found: list[Story] = []
    for path, (pk, published, mark, up, down) in _rows(
        standings.order_by("-controversy", "-article_id"), rules, "controversy", "up", "down"
    ):
        terms = Terms(mark, up - down, up, down, published=_seconds(published))
        found.append(Story(pk, path, terms))
        if len(found) == MOST:
            break
    return found


def _by_number(
    which: List, rules: Rules, column: str, terms_of: Callable[[int], Terms]
) -> list[Story]:
    standings = _standings(which).filter(_is_positive(column))
    found: list[Story] = []
    for path, (pk, published, number) in _rows(
        standings.order_by(F(column).desc(), "-article_id"), rules, column
    ):
        terms = terms_of(number)._replace(published=_seconds(published))
        found.append(Story(pk, path, terms))
        if len(found) == MOST:
            break
    return found


def _is_positive(column: str) -> Func:
    """As the column's index has it: SQLite uses none for a zero that is bound or written anew."""
    zero = "0.0" if column == "controversy" else "0"
    template = f"%(expressions)s > {zero}"
    return Func(F(column), template=template, output_field=BooleanField())


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


_READERS: Final[dict[Order, Callable[[List, datetime, Rules], list[Story]]]] = {
    Order.HOT: _hot,
    Order.TRENDING: _trending,
    Order.TOP: _top,
    Order.DISCUSSED: _discussed,
    Order.CONTROVERSIAL: _controversial,
}
