"""The pages of ranked lists: what stands on them and why, for the site, a section and a topic."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from lxml import html

from diurna.newsroom.models import Article, Section
from diurna.points import standings
from diurna.points.models import Edition
from diurna.points.ranked import Order, Place, Window
from diurna.web.ranked_links import VIEWS
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_section, make_topic
from tests.factories.votes import settle_votes, vote, vote_often

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
SITE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_log()
        yield


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK, address
    return html.fromstring(response.content.decode())


def titles(page: html.HtmlElement) -> list[str]:
    return [" ".join(x.text_content().split()) for x in page.cssselect(".story__headline")]


def why(page: html.HtmlElement) -> list[str]:
    return [" ".join(x.text_content().split()) for x in page.cssselect(".why p")]


def story(title: str, hours: float = 1, **fields: object) -> Article:
    return make_article(title, at=NOW - timedelta(hours=hours), **fields)  # type: ignore[arg-type]


def test_hot_says_by_which_figures_each_story_stands_there(client: Client) -> None:
    old, new = story("Old", 24), story("New", 2)
    vote_often(old, 11, 1)
    settle_votes()

    page = read(client, "/hot/")

    # Ten times the points are 22 hours; the two are 22 hours apart, and the newer has none.
    assert titles(page) == ["New", "Old"] or titles(page) == ["Old", "New"]
    told = dict(zip(titles(page), why(page), strict=True))
    assert "It had 10 points when this list was made" in told["Old"]
    assert "It was 24 hours old, published on 22 November 2026, 12:15." in told["Old"]
    assert "It had 0 points" in told["New"]
    assert old.address_path() + "points/" in page.xpath("//details[@class='why']//a/@href")
    assert "Ranked on 23 November 2026, 12:15." in page.text_content()
    assert new.pk != old.pk


def test_each_order_tells_its_own_terms(client: Client) -> None:
    let_newcomers_in()
    ferry = story("Ferry", 30)
    vote_often(ferry, 5, 4, at=NOW - timedelta(hours=3))
    for name in ("Ana", "Ben", "Ana"):
        published_comment(ferry, visitor=name, at=NOW - timedelta(hours=2))
    settle_votes()
    day = "22 November 2026, 12:00"

    (told,) = why(read(client, "/trending/"))
    assert f"Votes set since {day} added up to 1 point." in told
    assert f"2 people had commented since {day}." in told
    (told,) = why(read(client, "/discussed/"))
    assert told == "2 people had commented since 16 November 2026, 12:00."
    (told,) = why(read(client, "/controversial/"))
    assert "9 votes counted: 5 up and 4 down." in told
    (told,) = why(read(client, "/top/day/"))
    assert f"It had 1 point from votes set since {day}" in told


def test_top_of_all_time_says_from_which_day_it_counts(client: Client) -> None:
    vote(story("Crane"), "Ana", at=datetime(2026, 11, 22, 16, 40, tzinfo=UTC))
    settle_votes()
    page = read(client, "/top/all/")
    assert titles(page) == ["Crane"]
    assert "Counted are votes set since 22 November 2026, 16:00" in page.text_content()


def test_a_section_has_lists_of_its_own_and_of_those_below(client: Client) -> None:
    harbour, court = make_section("Harbour"), make_section("Court")
    fishing = make_section("Fishing", parent=harbour)
    story("Nets", section=fishing)
    story("Verdict", section=court)

    page = read(client, "/harbour/hot/")

    assert titles(page) == ["Nets"]
    links = page.xpath("//nav[@aria-label='Lists']//a/@href")
    assert links == [
        "/harbour/", "/harbour/hot/", "/harbour/trending/", "/harbour/top/week/",
        "/harbour/discussed/", "/harbour/controversial/",
    ]  # fmt: skip
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{SITE}/harbour/hot/"]
    assert f"{SITE}/harbour/feed/" in page.xpath("//link[@rel='alternate']/@href")
    assert titles(read(client, "/harbour/fishing/hot/")) == ["Nets"]
    assert client.get("/harbour/top/").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/harbour/top/decade/").status_code == HTTPStatus.NOT_FOUND


def test_a_topic_has_lists_of_its_own(client: Client) -> None:
    boats = make_topic("Boats")
    story("Ferry", topics=[boats])
    story("Verdict")
    assert titles(read(client, "/topics/boats/hot/")) == ["Ferry"]
    assert client.get("/topics/cars/hot/").status_code == HTTPStatus.NOT_FOUND


def test_a_page_that_was_there_before_keeps_its_address(client: Client) -> None:
    harbour = make_section("Harbour")
    below = make_section("Later hot", parent=harbour)
    Section.objects.filter(pk=below.pk).update(slug="hot", url_path="/front/harbour/hot/")
    story("Spicy", section=Section.objects.get(pk=below.pk))
    page = read(client, "/harbour/hot/")
    assert page.cssselect("h1")[0].text_content() == "Later hot"


def test_an_empty_list_says_so_and_offers_the_latest(client: Client) -> None:
    story("Crane")
    page = read(client, "/controversial/")
    assert "No story stands in this list just now" in page.text_content()
    assert titles(page) == ["Crane"]
    assert page.cssselect(".listing__empty a")[0].get("href") == "/latest/"
    assert not page.cssselect(".why")


def test_top_without_a_window_leads_to_the_week(client: Client) -> None:
    response = client.get("/top/")
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/top/week/"


def test_what_is_paid_for_retracted_or_withdrawn_never_ranks(client: Client) -> None:
    story("Advertisement", work_type="sponsored", points_mode="up_down")
    retracted, gone = story("Wrong"), story("Gone")
    off = story("In memory", work_type="obituary")
    stays = story("Stays")
    for each in (retracted, gone, stays):
        vote_often(each, 2)
    settle_votes()
    assert titles(read(client, "/top/all/")) == ["Stays", "Gone", "Wrong"]

    # At once, though the list was made before.
    Article.objects.filter(pk=retracted.pk).update(retracted_at=NOW)
    gone.unpublish()
    assert titles(read(client, "/top/all/")) == ["Stays"]
    assert "In memory" not in titles(read(client, "/hot/"))
    assert off.live


def walk(client: Client, address: str) -> list[list[str]]:
    """The stories of each page; after each of them a vote turns the order upside down."""
    pages = []
    while address:
        page = read(client, address)
        pages.append(titles(page))
        (address,) = page.xpath("//a[@rel='next']/@href") or [""]
        for article in Article.objects.filter(title__in=pages[-1][-3:]):
            vote_often(article, 12, at=NOW)
        settle_votes()
        standings.keep(NOW)
        Edition.objects.filter(replaced_at=None).update(at=NOW - timedelta(minutes=2))
    return pages


def test_whoever_pages_sees_each_story_once_while_votes_arrive(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.web.ranked_lists.PAGE_SIZE", 4)
    for number in range(10):
        story(f"Story {number}", hours=number)

    pages = walk(client, "/hot/")

    assert [len(page) for page in pages] == [4, 4, 2]
    assert sorted(title for page in pages for title in page) == sorted(
        f"Story {number}" for number in range(10)
    )
    # And whoever comes now finds the new order.
    assert titles(read(client, "/hot/"))[:2] != pages[0][:2]


def test_a_cursor_of_nothing_is_not_found_and_an_old_one_goes_on(client: Client) -> None:
    for number in range(3):
        story(f"Story {number}")
    # One word for each place: a page of it is kept once.
    for word in ("1", "x.y", "-1.2", "1.99999", "9" * 30 + ".1", "%00", "01.1", "1.01"):
        assert client.get(f"/hot/?cursor={word}").status_code == HTTPStatus.NOT_FOUND
    gone = Place(10**9, 2).word()
    assert len(titles(read(client, f"/hot/?cursor={gone}"))) == 1
    further = read(client, f"/hot/?cursor={gone}")
    # There are more numbers of lists that are gone than the room has place for.
    assert "Surrogate-Key" in client.get("/hot/").headers
    assert "Surrogate-Key" not in client.get(f"/hot/?cursor={gone}").headers
    assert "noindex" in further.xpath("//meta[@name='robots']/@content")[0]


def test_the_words_of_addresses_are_the_same_everywhere() -> None:
    assert set(Section.LISTS) == set(VIEWS)
    assert {words[0] for words in VIEWS} == {order.value for order in Order}
    assert {words[1] for words in VIEWS if words[1:]} == {window.value for window in Window}
