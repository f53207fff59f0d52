"""Which stories stand beside one: the same in a small section and in a large one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from diurna.newsroom.models import (
    Article,
    RelatedArticle,
    RelatedStory,
    Section,
    Series,
    Why,
    WorkType,
)
from diurna.newsroom.models.settings import Neighbours
from diurna.newsroom.relating import find_due
from diurna.web import beside
from diurna.web.beside import MAX_RELATED, PICKED, Beside, stories_beside
from diurna.web.frame import Sections
from diurna.web.serve import article_at
from tests.factories.newsroom import A_DAY, make_article, make_section, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[0, 500], ids=["large", "small"])
def _section_of_a_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "SMALL_SECTION", request.param)


def beside_of(article: Article) -> Beside:
    stored: Any = article_at(article.address_path().lstrip("/"))
    return stories_beside(stored, Sections(RequestFactory().get("/")))


def neighbours_of(article: Article, neighbours: str) -> tuple[int | None, int | None, bool]:
    stored: Any = article_at(article.address_path().lstrip("/"))
    found = stories_beside(stored, Sections(RequestFactory().get("/")), neighbours=neighbours)
    return found.earlier, found.later, found.of_site


@pytest.mark.usefixtures("_section_of_a_size")
def test_neighbours_picks_what_was_found_and_section_in_this_order() -> None:
    topic, series = make_topic("Boats"), Series.objects.create(name="Nights", slug="nights")
    harbour, town = make_section("Harbour"), make_section("Town")
    days = [
        make_article(f"Day {n}", section=harbour, at=A_DAY + timedelta(days=n)) for n in range(5)
    ]
    own, part = days[2], days[4]
    own.series = part.series = series
    part.save()
    on_topic = make_article("On topic", section=town, topics=[topic], at=A_DAY)
    picked = make_article("Picked", section=town, topics=[topic], at=A_DAY)
    hidden = make_article(
        "Hidden", section=harbour, topics=[topic], at=A_DAY + timedelta(days=2, hours=1)
    )
    own.topics.add(topic)
    own.save()
    RelatedArticle.objects.create(article=own, related=picked)
    while find_due():
        pass
    hidden.unpublish()

    found = beside_of(own)

    assert (found.earlier, found.later) == (days[1].pk, days[3].pk)
    assert found.series == (own.pk, part.pk)
    assert found.going == (
        (picked.pk, PICKED, ""),
        (on_topic.pk, Why.TOPIC, "Boats"),
        (days[0].pk, Why.SECTION, ""),
    )


@pytest.mark.usefixtures("_section_of_a_size")
def test_no_story_stands_in_two_places() -> None:
    series = Series.objects.create(name="Nights", slug="nights")
    days = [make_article(f"Day {n}", at=A_DAY + timedelta(days=n)) for n in range(6)]
    for story in days[1:4]:
        story.series = series
        story.save()
    own = days[2]
    for other in (days[1], days[0], days[5]):
        RelatedArticle.objects.create(article=own, related=other)

    found = beside_of(own)

    assert found.series == (days[1].pk, own.pk, days[3].pk)
    # The parts stand in the series, so the neighbours are the next ones beside them.
    assert (found.earlier, found.later) == (days[0].pk, days[4].pk)
    assert found.related == (days[5].pk,)


@pytest.mark.usefixtures("_section_of_a_size")
def test_what_was_retracted_or_paid_for_stands_there_only_by_an_editors_word() -> None:
    own = make_article("Own")
    make_article("Neighbour", at=A_DAY - timedelta(hours=1))
    retracted = make_article("Retracted", at=A_DAY - timedelta(days=1))
    Article.objects.filter(pk=retracted.pk).update(retracted_at=A_DAY)
    paid = make_article("Paid", at=A_DAY - timedelta(days=2), work_type=WorkType.SPONSORED)
    for place, story in enumerate((retracted, paid)):
        RelatedStory.objects.create(article=own, other=story, place=place, why=Why.TEXT)
    assert beside_of(own).related == ()

    RelatedArticle.objects.create(article=own, related=retracted)
    assert beside_of(own).going == ((retracted.pk, PICKED, ""),)


@pytest.mark.usefixtures("_section_of_a_size")
def test_a_section_that_was_left_and_a_topic_that_was_lost_are_reasons_no_more() -> None:
    harbour, town = make_section("Harbour"), make_section("Town")
    topic = make_topic("Boats")
    stories = [make_article(f"Day {n}", section=harbour, topics=[topic]) for n in range(3)]
    beside_it = [make_article(f"Beside {n}", section=harbour) for n in range(3)]
    own, lost, on_topic = stories
    left, *_others = beside_it
    while find_due():
        pass
    assert (left.pk, Why.SECTION) in [(one.story, one.why) for one in beside_of(own).going]

    Article.objects.get(pk=left.pk).move(town, pos="last-child")
    lost.topics.clear()
    lost.save()

    # Before the worker has looked again.
    going = {one.story: one.why for one in beside_of(own).going}
    assert left.pk not in going
    assert going.get(lost.pk, Why.SECTION) == Why.SECTION
    assert Why.TOPIC in {one.why for one in beside_of(on_topic).going} | set(going.values())

    Article.objects.get(pk=own.pk).move(Section.objects.get(pk=town.pk), pos="last-child")
    assert {one.story: one.why for one in beside_of(Article.objects.get(pk=own.pk)).going} == {
        on_topic.pk: Why.TOPIC
    }


@pytest.mark.usefixtures("_section_of_a_size")
def test_neighbours_are_the_sites_where_the_newsroom_says_so_or_the_section_has_one_story() -> None:
    harbour, town = make_section("Harbour"), make_section("Town")
    first, second, third = (
        make_article(f"Day {n}", section=section, at=A_DAY + timedelta(days=n))
        for n, section in enumerate((harbour, town, harbour))
    )

    assert neighbours_of(third, Neighbours.SECTION) == (first.pk, None, False)
    assert neighbours_of(third, Neighbours.SITE) == (second.pk, None, True)
    assert neighbours_of(second, Neighbours.SECTION) == (first.pk, third.pk, True)
    assert neighbours_of(first, Neighbours.SITE) == (None, second.pk, True)


@pytest.mark.usefixtures("_section_of_a_size")
def test_stories_of_one_moment_have_an_order_as_well() -> None:
    stories = [make_article(f"Story {n}", at=A_DAY) for n in range(4)]
    found = beside_of(stories[1])
    assert (found.earlier, found.later) == (stories[0].pk, stories[2].pk)
    assert found.related == (stories[3].pk,)


def test_an_editor_may_pick_more_than_there_would_be() -> None:
    own = make_article("Own")
    make_article("Neighbour")
    town = make_section("Town")
    others = [make_article(f"Other {n}", section=town) for n in range(MAX_RELATED + 2)]
    for place, other in enumerate(reversed(others)):
        RelatedArticle.objects.create(article=own, related=other, sort_order=place)
    assert beside_of(own).related == tuple(other.pk for other in reversed(others))


@pytest.mark.usefixtures("_section_of_a_size")
def test_no_table_of_the_site_is_read_as_a_whole() -> None:
    own = make_article("Own", topics=[make_topic("Boats")])
    sections = Sections(RequestFactory().get("/"))
    stored: Any = article_at(own.address_path().lstrip("/"))
    list(stored.topics.all())
    with CaptureQueriesContext(connection) as asked:
        stories_beside(stored, sections)
        article_at(own.address_path().lstrip("/"))
    if connection.vendor != "sqlite":
        return
    for one in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        tables = ("SCAN p", "SCAN a", "SCAN t", "SCAN wagtailcore_page", "SCAN newsroom_article")
        whole = [line for line in plan if line in tables]
        assert whole == []
