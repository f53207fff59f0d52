"""The front: composed by an editor, filled up with the newest, never empty, no story twice."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from diurna.newsroom.models import Article, Front
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

pytestmark = pytest.mark.django_db


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


def test_no_story_stands_twice_but_for_the_latest(client: Client) -> None:
    make_section("Harbour")
    town = make_section("Town")
    articles = [*make_articles(8), *make_articles(5, section=town)]
    compose(
        ("lead", {"article": articles[0].pk}),
        ("seconds", {"articles": [articles[0].pk, articles[1].pk], "count": 3}),
        ("river", {"heading": "", "count": 4}),
        ("latest", {"count": 5}),
        ("picks", {"heading": "Again", "articles": [articles[1].pk, articles[2].pk]}),
        ("section", {"section": town.pk, "count": 4}),
    )
    page = read(client)
    latest = Counter(titles(page, ".front__latest"))
    rest = Counter(titles(page)) - latest
    assert sum(latest.values()) == 5
    assert max(rest.values()) == 1


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
