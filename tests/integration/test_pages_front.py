"""The front: composed by an editor, filled up with the newest, never empty, no story twice."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from diurna.delivery.surrogate import EXPIRES_HEADER
from diurna.newsroom.models import Article, Front
from diurna.web.front_ranked import RankedStories
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

pytestmark = pytest.mark.django_db

# What a front with one ranked list asks the database, at most.
MOST_QUERIES: Final = 14


def make_articles(number: int, **fields: Any) -> list[Article]:
    return [make_article(at=A_DAY + timedelta(hours=hour), **fields) for hour in range(number)]


def compose(*parts: tuple[str, dict[str, Any]]) -> None:
    front = make_front()
    block = Front._meta.get_field("composition").stream_block
    front.composition = block.to_python([{"type": kind, "value": value} for kind, value in parts])
    front.save()


def read(client: Client) -> html.HtmlElement:
    response = client.get("/")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def titles(page: html.HtmlElement, selector: str = "") -> list[str]:
    found = page.cssselect(f"{selector} .story__headline")
    return [" ".join(item.text_content().split()) for item in found]


def test_without_a_composition_the_newest_stand_there_and_the_newest_leads(client: Client) -> None:
    articles = make_articles(6)
    page = read(client)
    assert titles(page, ".front__lead") == [articles[-1].title]
    assert set(titles(page)) == {article.title for article in articles}


def test_without_any_article_the_front_says_so(client: Client) -> None:
    make_front()
    assert "Nothing has been published here yet." in read(client).text_content()


def test_what_an_editor_picked_stands_where_they_put_it(client: Client) -> None:
    first, second, third, *_ = make_articles(6)
    compose(
        ("lead", {"article": first.pk}),
        ("seconds", {"articles": [third.pk], "count": 2}),
        ("picks", {"heading": "Worth the time", "articles": [second.pk]}),
    )
    page = read(client)
    assert titles(page, ".front__lead") == [first.title]
    assert titles(page, ".front__seconds")[0] == third.title
    assert len(titles(page, ".front__seconds")) == 2
    assert titles(page, ".block") == [second.title]


def test_no_story_stands_twice(client: Client) -> None:
    make_section("Harbour")
    town = make_section("Town")
    articles = [*make_articles(8), *make_articles(5, section=town)]
    compose(
        ("lead", {"article": articles[0].pk}),
        ("seconds", {"articles": [articles[0].pk, articles[1].pk], "count": 3}),
        ("river", {"heading": "", "count": 4}),
        ("latest", {"count": 2}),
        ("ticker", {"count": 2}),
        ("picks", {"heading": "Again", "articles": [articles[1].pk, articles[2].pk]}),
        ("section", {"section": town.pk, "count": 4}),
    )
    page = read(client)
    assert len(titles(page, ".front__latest")) == len(titles(page, ".front__ticker")) == 2
    assert titles(page, ".front__lead") == [articles[0].title]
    assert articles[2].title in titles(page, ".block")
    assert max(Counter(titles(page)).values()) == 1


def test_a_pick_that_was_withdrawn_falls_out_and_the_newest_takes_its_place(client: Client) -> None:
    first, second = make_articles(2)
    compose(("lead", {"article": first.pk}))
    first.unpublish()
    page = read(client)
    assert titles(page, ".front__lead") == [second.title]
    assert first.title not in page.text_content()


def test_a_composition_of_which_nothing_is_left_falls_back_to_the_newest(client: Client) -> None:
    gone, other = make_articles(2)
    compose(("picks", {"heading": "Gone", "articles": [gone.pk]}))
    gone.unpublish()
    assert titles(read(client), ".front__lead") == [other.title]


def test_a_section_block_shows_its_own_newest_and_links_to_it(client: Client) -> None:
    make_section("Harbour")
    town = make_section("Town", colour="#1f4e63")
    make_articles(3)
    inside = make_articles(2, section=town)
    compose(("section", {"section": town.pk, "count": 4}))
    page = read(client)
    (section,) = page.cssselect("section[data-section]")
    assert section.get("data-section") == str(town.pk)
    assert section.cssselect("h2 a")[0].get("href") == town.url
    assert set(titles(page)) == {article.title for article in inside}


def test_the_lead_picture_is_fetched_first_and_the_others_when_they_come_near(
    client: Client,
) -> None:
    from tests.factories.newsroom import make_photograph

    make_articles(6, lead_image=make_photograph(), lead_image_alt="A boat")
    images = read(client).cssselect("main img")
    assert images[0].get("fetchpriority") == "high"
    assert {image.get("loading") for image in images[1:]} == {"lazy"}
    assert all(image.get("width") and image.get("height") for image in images)


def test_the_front_costs_no_query_for_each_story(client: Client) -> None:
    def cost() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    make_articles(3)
    few = cost()
    make_articles(12)
    assert cost() <= few + 1


def test_headings_do_not_skip_a_level(client: Client) -> None:
    make_section("Town")
    make_articles(20)
    levels = [int(item.tag[1]) for item in read(client).cssselect("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_date_on_the_front_is_that_of_its_newest_story(client: Client) -> None:
    make_articles(3)
    (date,) = read(client).cssselect(".masthead__date")
    assert date.text_content() == "Sunday, 1 November 2026"


def test_a_place_holds_its_story_until_its_time_and_then_fills_by_itself(client: Client) -> None:
    now = timezone.now()
    make_front()
    held, newest = (make_article(at=now - timedelta(hours=hours)) for hours in (9, 1))
    other = make_article(at=now - timedelta(hours=2))
    end = now + timedelta(minutes=5)
    with time_machine.travel(now, tick=False) as clock:
        compose(
            ("lead", {"article": held.pk, "until": end}),
            ("seconds", {"articles": [{"article": None}, {"article": other.pk}], "count": 2}),
        )
        answer = client.get("/")
        assert float(answer.headers[EXPIRES_HEADER]) == pytest.approx(300, abs=0.01)
        assert titles(read(client), ".front__lead") == [held.title]
        assert titles(read(client), ".front__seconds") == [newest.title, other.title]
        clock.move_to(end)
        assert titles(read(client), ".front__lead") == [newest.title]
        assert EXPIRES_HEADER not in client.get("/").headers


def test_a_story_that_was_taken_back_leads_nothing_while_there_is_another(client: Client) -> None:
    older, newer = make_articles(2)
    Article.objects.filter(pk=newer.pk).update(retracted_at=A_DAY)
    assert titles(read(client), ".front__lead") == [older.title]
    older.unpublish()
    assert len(titles(read(client), ".front__lead")) == 1


def test_a_large_front_by_itself_shows_no_story_twice_and_no_empty_block(client: Client) -> None:
    sections = [make_section(f"Section {number}") for number in range(3)]
    for number in range(24):
        make_article(at=A_DAY + timedelta(hours=number), section=sections[number % 2])
    page = read(client)
    shown = Counter(titles(page))
    assert max(shown.values()) == 1
    # The lead, three beside it, five, the latest six, and four of each section.
    assert sum(shown.values()) == 23
    assert not [one for one in page.cssselect("main section") if not one.cssselect(".story")]
    assert [one.text_content().strip() for one in page.cssselect("section[data-section] h2")] == [
        "Section 0",
        "Section 1",
    ]


def test_a_front_of_many_blocks_asks_so_much_and_no_more(client: Client) -> None:
    sections = [make_section(f"Section {number}") for number in range(4)]
    for number in range(24):
        make_article(at=A_DAY + timedelta(hours=number), section=sections[number % 4])
    front = [
        ("lead", {"article": None}),
        ("seconds", {"articles": [], "count": 3}),
        ("river", {"heading": "", "count": 5}),
        ("ranked", {"ranking": "hot", "count": 3}),
    ]
    compose(*front)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    compose(*front, *(("section", {"section": one.pk, "count": 3}) for one in sections))
    client.get("/")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    # A block of a section costs none; a ranked list up to four.
    assert len(many) <= len(few) <= MOST_QUERIES


def test_ranked_lists_take_turns_so_that_none_takes_what_all_have(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = make_articles(8)
    best = [article.pk for article in articles]
    orders = {"valued": best[:5], "discussed": best[:4]}

    def listed(ranking: str, *, count: int) -> RankedStories:
        return RankedStories(orders[ranking][:count], f"list-{ranking}", 60.0)

    monkeypatch.setattr("diurna.web.front_filling.ranked_stories", listed)
    compose(
        ("lead", {"article": articles[0].pk}),
        ("ranked", {"ranking": "valued", "count": 3}),
        ("ranked", {"ranking": "discussed", "count": 3}),
    )
    page = read(client)
    found = [
        [" ".join(one.text_content().split()) for one in part.cssselect(".story__headline")]
        for part in page.cssselect("main section")
    ]
    assert found == [[articles[n].title for n in (1, 3, 4)], [articles[2].title]]


def test_an_automatic_front_has_blocks_of_the_sections_with_enough_stories(client: Client) -> None:
    large, small, empty = (make_section(name) for name in ("Large", "Small", "Empty"))
    for hour in range(20):
        make_article(at=A_DAY + timedelta(hours=hour), section=large)
    make_article(at=A_DAY, section=small)
    page = read(client)
    headings = [one.text_content().strip() for one in page.cssselect("section[data-section] h2")]
    assert headings == ["Large"]
    assert empty.title not in headings
    assert max(Counter(titles(page)).values()) == 1
