"""Where each story stands: its marks, made again from votes and comments when something changed.

Whoever changes something says so with `mark_stale`, in the transaction that changes it; the clock
does for the hour in which a vote or a commenter leaves a window, and for what was computed while
the machine's clock was ahead. Nothing is added up here step by
step, so a standing cannot drift: it is computed from the tally, the sums by hour and the comments.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Case, CharField, Max, Value, When
from django.db.models.functions import Cast, Concat

from diurna.comments.models import Comment, CommentState, Transition
from diurna.newsroom.models import Article
from diurna.points import ranking
from diurna.points.models import HourSum, StaleStanding, Standing, Tally
from diurna.points.ranked_windows import LENGTHS, Window, hour_of, leaves, window_begins

# Few enough that other writers on SQLite wait for some hundredths of a second at most.
BATCH: Final = 200
# Any number that nothing else in the database uses: "rank" in ASCII.
_ADVISORY_LOCK: Final = 0x72616E6B
FIGURES: Final = (
    "hot",
    "points",
    "up",
    "down",
    "day_points",
    "week_points",
    "month_points",
    "year_points",
    "controversy",
    "day_commenters",
    "week_commenters",
    "due_at",
)
# Machines' clocks differ by less; a standing from further ahead is of a clock that was wrong.
AHEAD: Final = timedelta(minutes=1)
_COLUMN_OF: Final = {
    Window.DAY: "day_points",
    Window.WEEK: "week_points",
    Window.MONTH: "month_points",
    Window.YEAR: "year_points",
}


@dataclass
class _Sources:
    """What standings are made from, for some stories: by key, all that is there."""

    published: dict[int, datetime]
    votes: dict[int, tuple[int, int]] = field(default_factory=dict)
    hours: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    # Who commented, and the hour of each one's latest comment.
    commenters: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))


def mark_stale(articles: Iterable[int]) -> None:
    """Have these stories' standings made again; inside the caller's transaction."""
    StaleStanding.objects.bulk_create([StaleStanding(article_key=pk) for pk in articles])


def see_published(article: Article) -> None:
    """A story was published; a listener of `newsroom.publication`."""
    mark_stale([article.pk])


def see_decided(transition: Transition) -> None:
    """A comment has another state; a listener of `comments.publication`."""
    if CommentState.PUBLISHED in (transition.before, transition.after):
        mark_stale([transition.comment.thread.article_id])


def mark_all_stale() -> None:
    """Have every standing made again, and made where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO points_stalestanding (article_key)"
            " SELECT page_ptr_id FROM newsroom_article"
        )


def keep(now: datetime, *, most: int | None = None) -> int:
    """Make again what is stale or due, in batches, at most so many; how many stories."""
    kept = 0
    while most is None or kept < most:
        batch = _keep_batch(now)
        if not batch:
            break
        kept += batch
    return kept


def computed(articles: Collection[int], now: datetime) -> list[Standing]:
    """The standings of these stories as their sources have them, not stored; by key."""
    sources = _sources(articles, now)
    return [_standing(pk, sources, now) for pk in sorted(sources.published)]


def _keep_batch(now: datetime) -> int:
    waiting = StaleStanding.objects.order_by("pk").values_list("pk", "article_key")
    # Asked outside the transaction: mostly there is nothing to do, and nobody has to wait for it.
    stale = list(waiting[:BATCH])
    ended = Standing.objects.filter(due_at__lte=now).order_by("due_at")
    due = list(ended.values_list("pk", flat=True)[: BATCH - len(stale)])
    # By a clock that was put back since: what they count begins too late, and is due too late.
    ahead = Standing.objects.filter(at__gt=now + AHEAD).order_by("at")
    due += list(ahead.values_list("pk", flat=True)[: BATCH - len(stale) - len(due)])
    articles = {article for _pk, article in stale} | set(due)
    if not articles:
        return 0
    with transaction.atomic():
        _alone()
        Standing.objects.bulk_create(
            computed(articles, now),
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=[*FIGURES, "at"],
        )
        # Never public, or not any more: nothing is due for it.
        Standing.objects.filter(pk__in=due, due_at__lte=now).update(due_at=None)
        Standing.objects.filter(pk__in=due, at__gt=now + AHEAD).update(at=now)
        StaleStanding.objects.filter(pk__in=[pk for pk, _article in stale]).delete()
    return len(articles)


def _alone() -> None:
    """Keep another process from storing older figures over newer ones; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def _sources(articles: Collection[int], now: datetime) -> _Sources:
    dated = Article.objects.filter(pk__in=articles, first_published_at__isnull=False).order_by()
    rows = dated.values_list("pk", "first_published_at")
    sources = _Sources({pk: published for pk, published in rows if published})
    tallies = Tally.objects.filter(article__in=list(sources.published)).values_list(
        "pk", "article_id", "guest_up", "member_up", "guest_down", "member_down"
    )
    article_of = {}
    for tally, article, guest_up, member_up, guest_down, member_down in tallies:
        article_of[tally] = article
        sources.votes[article] = (guest_up + member_up, guest_down + member_down)
    oldest = hour_of(now - LENGTHS[Window.YEAR])
    sums = HourSum.objects.filter(tally__in=list(article_of), hour__gte=oldest)
    for tally, hour, up, down in sums.values_list("tally_id", "hour", "up", "down"):
        if up != down:
            sources.hours[article_of[tally]].append((hour, ranking.top(up, down)))
    for article, who, latest in _commenters(sources.published, now):
        sources.commenters[article].append((who, hour_of(latest)))
    return sources


def _commenters(articles: Iterable[int], now: datetime) -> Iterable[tuple[int, str, datetime]]:
    """For each story everybody who commented in a week, and when they did so last."""
    who = Case(
        When(user__isnull=False, then=Concat(Value("u"), Cast("user_id", CharField()))),
        When(guest__isnull=False, then=Concat(Value("g"), Cast("guest_id", CharField()))),
        # Of another site, or of a reader who is gone: a name is all there is.
        default=Concat(Value("n"), "name"),
        output_field=CharField(),
    )
    since = window_begins(Window.WEEK, now)
    written = Comment.objects.published().filter(
        thread__article__in=list(articles), published_at__gte=since
    )
    grouped = written.order_by().values("thread__article_id", who=who)
    last = grouped.annotate(last=Max("published_at"))
    return last.values_list("thread__article_id", "who", "last")


def _standing(pk: int, sources: _Sources, now: datetime) -> Standing:
    up, down = sources.votes.get(pk, (0, 0))
    points = up - down
    starts = {window: hour_of(now - length) for window, length in LENGTHS.items()}
    hours, commenters = sources.hours.get(pk, []), sources.commenters.get(pk, [])
    sums: dict[str, Any] = {
        column: sum(net for hour, net in hours if hour >= starts[window])
        for window, column in _COLUMN_OF.items()
    }
    return Standing(
        article_id=pk,
        hot=ranking.hot(points, sources.published[pk].timestamp()),
        points=points,
        up=up,
        down=down,
        **sums,
        controversy=ranking.controversy(up, down),
        day_commenters=_discussed(commenters, starts[Window.DAY]),
        week_commenters=_discussed(commenters, starts[Window.WEEK]),
        due_at=_due(now, [hour for hour, _net in hours], [hour for _who, hour in commenters]),
        at=now,
    )


def _discussed(commenters: Iterable[tuple[str, int]], start: int) -> int:
    return ranking.discussed(who for who, hour in commenters if hour >= start)


def _due(now: datetime, votes: Iterable[int], comments: Iterable[int]) -> datetime | None:
    """When the clock will change a figure: the first time that something leaves a window."""
    ends = [leaves(hour, window) for hour in set(votes) for window in LENGTHS]
    ends += [leaves(hour, window) for hour in set(comments) for window in (Window.DAY, Window.WEEK)]
    return min((end for end in ends if end > now), default=None)
