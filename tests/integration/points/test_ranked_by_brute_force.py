"""Every list of a generated site, against a count from the log and the comments alone.

The brute force reads the entries of the log as anybody could, and shares nothing with the product
but the formulas, which have examples of their own (tests/unit/points/test_ranking_stories.py).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine

from diurna.comments.models import Comment, Thread
from diurna.ledger import consumers, entry
from diurna.ledger.actions import append
from diurna.ledger.models import Entry, Haste, PendingEntry
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article, Section, Topic
from diurna.points import ranking, standings, tallies
from diurna.points.ranked import Order, Window, ranked
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_section, make_topic

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
HOURS = {Window.DAY: 24, Window.WEEK: 168, Window.MONTH: 720, Window.YEAR: 8760}
STORIES = 36
PRESSES = 400
COMMENTS = 160


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(NOW, tick=False):
        make_log()
        yield


class Newsroom:
    """Stories of all kinds and ages in nested sections, with votes and comments, from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        harbour = make_section("Harbour")
        self.sections = [
            harbour,
            make_section("Fishing", parent=harbour),
            *(make_section(name) for name in ("Court", "Sport", "Culture", "Council", "Letters")),
        ]
        self.topics = [make_topic(name) for name in ("Boats", "Money")]
        self.articles = [self._story(number) for number in range(STORIES)]
        self.presses: dict[tuple[int, int], int] = defaultdict(int)
        self.vote(PRESSES)
        self.comment(COMMENTS)

    def _story(self, number: int) -> Article:
        chance = self.chance
        hours = self._long_ago()
        article = make_article(
            f"Story {number}",
            at=NOW - timedelta(hours=hours),
            section=chance.choice(self.sections[:1] * 4 + self.sections),
            topics=chance.sample(self.topics, chance.randint(0, 2)),
            work_type=chance.choice(["report"] * 8 + ["sponsored", "obituary"]),
            points_mode=chance.choice([""] * 6 + ["off"]),
        )
        changes = {"retracted_at": NOW} if number % 13 == 5 else {"live": number % 11 != 4}
        Article.objects.filter(pk=article.pk).update(**changes)
        return article

    def _long_ago(self) -> float:
        """Hours, from a few minutes to a year."""
        return self.chance.uniform(0, self.chance.choice([30, 200, 9000]))

    def vote(self, presses: int) -> None:
        """Presses of forty readers, some of them again and some not counted, and decisions."""
        rows = []
        for _ in range(presses):
            # Some stories are pressed far more than others.
            story = min(self.chance.randrange(STORIES), self.chance.randrange(STORIES))
            voter = self.chance.randrange(40)
            self.presses[story, voter] += 1
            rows.append(self._press(story, voter, self.presses[story, voter]))
        PendingEntry.objects.bulk_create(rows)
        settle_all(NOW + timedelta(days=1))
        votes = list(Entry.objects.filter(type="vote").values_list("index", flat=True))
        for index in self.chance.sample(votes, 40):
            append(entry.make("void", entry=index))
        settle_all(NOW + timedelta(days=1))
        for index in self.chance.sample(votes, 10):
            append(entry.make("unvoid", entry=index))
        settle_all(NOW + timedelta(days=1))

    def _press(self, story: int, voter: int, n: int) -> PendingEntry:
        chance = self.chance
        ago = self._long_ago()
        at = NOW - timedelta(hours=ago)
        data = entry.make(
            "vote",
            on=f"article:{self.articles[story].uuid}",
            voter=f"{voter:021d}A",
            n=n,
            value=chance.choice([1, 1, 1, -1, -1, 0]),
            counted=chance.random() > 0.1,
            **{"class": chance.choice(["guest", "member"])},
            age="<7d",
            hour=f"{at:%Y-%m-%dT%H}Z",
            nonce=f"{chance.getrandbits(256):064x}",
        )
        return PendingEntry(type="vote", data=data, haste=Haste.TOGETHER, created_at=NOW)

    def comment(self, comments: int) -> None:
        """Comments of a dozen names, written without asking anybody."""
        threads = {article.pk: Thread(article=article) for article in self.articles}
        Thread.objects.bulk_create(threads.values())
        Comment.objects.bulk_create(
            Comment(
                thread=threads[self.chance.choice(self.articles).pk],
                name=f"Reader {self.chance.randrange(12)}",
                body="So it is.",
                html="<p>So it is.</p>",
                state=self.chance.choice(["published"] * 4 + ["removed"]),
                published_at=NOW - timedelta(hours=self.chance.uniform(0, 300)),
            )
            for _ in range(comments)
        )
        standings.mark_stale(article.pk for article in self.articles)


def votes_in_log() -> dict[str, list[tuple[int, datetime]]]:
    """For each story the values that count by now, with the hours of their presses."""
    latest: dict[tuple[str, str], tuple[int, int, Any]] = {}
    decided = {}
    for index, kind, data in Entry.objects.order_by("index").values_list("index", "type", "data"):
        one = json.loads(bytes(data))
        if kind == "vote":
            name = (one["on"], one["voter"])
            latest[name] = max(latest.get(name, (0, 0, None)), (one["n"], index, one))
        elif kind in ("void", "unvoid"):
            decided[one["entry"]] = kind == "unvoid"
    found = defaultdict(list)
    for (on, _voter), (_n, index, one) in latest.items():
        if decided.get(index, one["counted"]) and one["value"]:
            hour = datetime.strptime(one["hour"], "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
            found[on.removeprefix("article:")].append((one["value"], hour))
    return found


def full_hour(now: datetime, hours: int) -> datetime:
    return (now - timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


class BruteForce:
    """The lists as somebody with a pencil makes them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.votes = votes_in_log()
        self.people = defaultdict(list)
        for article, name, at in Comment.objects.filter(state="published").values_list(
            "thread__article_id", "name", "published_at"
        ):
            self.people[article].append((name, at))

    def points(self, article: Article, hours: int | None = None) -> int:
        since = full_hour(self.now, hours) if hours else datetime.min.replace(tzinfo=UTC)
        return sum(value for value, hour in self.votes[str(article.uuid)] if hour >= since)

    def commenters(self, article: Article, hours: int) -> int:
        since = full_hour(self.now, hours)
        return len({name for name, at in self.people[article.pk] if at >= since})

    def mark(self, article: Article, order: Order, window: Window | None) -> float | None:
        """What the story is ranked by; None where it is in no such list."""
        published = article.first_published_at
        assert published is not None
        if order is Order.HOT:
            return ranking.hot(self.points(article), published.timestamp())
        if order is Order.TOP:
            points = self.points(article, HOURS.get(window) if window else None)
            return points if points > 0 else None
        if order is Order.DISCUSSED:
            return self.commenters(article, 168) or None
        if order is Order.CONTROVERSIAL:
            values = [value for value, _hour in self.votes[str(article.uuid)]]
            return ranking.controversy(values.count(1), values.count(-1)) or None
        hours = (self.now - published).total_seconds() / 3600
        points, people = self.points(article, 24), self.commenters(article, 24)
        return ranking.trending(points, people, hours) if hours <= 168 else None

    def order(
        self, articles: list[Article], order: Order, window: Window | None
    ) -> list[tuple[int, float]]:
        marked = [(article, self.mark(article, order, window)) for article in articles]
        found = [(article.pk, mark) for article, mark in marked if mark is not None]
        return sorted(found, key=lambda one: (-one[1], -one[0]))


def may_rank(order: Order) -> list[Article]:
    public = Article.objects.live().filter(retracted_at=None).exclude(work_type="sponsored")
    if order is Order.DISCUSSED:
        return list(public)
    off = public.exclude(points_mode="off").exclude(work_type="obituary", points_mode="")
    return list(off)


LISTS = [(order, None) for order in Order if order is not Order.TOP]
LISTS += [(Order.TOP, window) for window in Window]


def shown(order: Order, window: Window | None, **where: Section | Topic) -> list[tuple[int, float]]:
    found = ranked(order, window=window, count=100, **where)  # type: ignore[arg-type]
    assert [entry.rank for entry in found.entries] == list(range(1, len(found.entries) + 1))
    return [(entry.article, pytest.approx(entry.terms.mark)) for entry in found.entries]


def agree(site: Newsroom, now: datetime, *, everywhere: bool) -> None:
    force = BruteForce(now)
    for order, window in LISTS:
        stories = may_rank(order)
        assert shown(order, window) == spread(stories, force.order(stories, order, window), order)
        if not everywhere:
            continue
        for section in site.sections[:2]:
            here = [story for story in stories if story.path.startswith(section.path)]
            assert shown(order, window, section=section) == force.order(here, order, window)
        topic = site.topics[0]
        about = set(Article.objects.about(topic).values_list("pk", flat=True))
        here = [story for story in stories if story.pk in about]
        expected = spread(here, force.order(here, order, window), order)
        assert shown(order, window, topic=topic) == expected


def spread(
    stories: list[Article], ordered: list[tuple[int, float]], order: Order
) -> list[tuple[int, float]]:
    """With stories of one section put apart, where the order wants it."""
    home = {story.pk: story.path[:12] for story in stories}
    return ranking.spread_out(ordered, lambda one: home[one[0]]) if order is Order.HOT else ordered


def test_every_list_is_what_anybody_counts() -> None:
    site = Newsroom(2026)
    agree(site, NOW, everywhere=True)

    # Votes arrive, are changed and taken back, and hours pass.
    site.vote(100)
    for hours in (2, 26, 24 * 9):
        later = NOW + timedelta(hours=hours, minutes=20)
        with time_machine.travel(later, tick=False):
            agree(site, later, everywhere=hours == 26)
