"""Sections, topics, contributors, the latest, information pages, and what is not there."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory
from lxml import html

from diurna.newsroom.models import NavigationItem, NewsroomSettings
from diurna.web.errors import server_error
from diurna.web.listing import PAGE_SIZE
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_front,
    make_information_page,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return html.fromstring(response.content.decode())


def titles(page: html.HtmlElement) -> list[str]:
    return [" ".join(x.text_content().split()) for x in page.cssselect(".story__headline")]


def test_a_section_shows_its_stories_and_those_of_the_sections_below_it(client: Client) -> None:
    harbour, town = make_section("Harbour"), make_section("Town")
    market = make_section("Market", parent=harbour)
    make_article("Old", section=harbour)
    make_article("New", section=market, at=A_DAY + timedelta(days=1))
    make_article("Elsewhere", section=town)
    page = read(client, harbour.url)
    assert titles(page) == ["New", "Old"]
    assert [link.get("href") for link in page.cssselect("header > .listing__links a")] == [
        market.url
    ]


def test_an_empty_section_says_so(client: Client) -> None:
    page = read(client, make_section().url)
    assert "Nothing has been published in this section yet." in page.text_content()


def test_a_list_goes_on_on_the_next_page_and_ends(client: Client) -> None:
    section = make_section()
    for hour in range(PAGE_SIZE + 1):
        make_article(section=section, at=A_DAY + timedelta(hours=hour))
    first = read(client, section.url)
    assert len(titles(first)) == PAGE_SIZE
    (older,) = first.cssselect("a[rel=next]")
    second = read(client, older.get("href"))
    assert len(titles(second)) == 1
    assert not set(titles(first)) & set(titles(second))
    assert second.cssselect("a[rel=prev]")[0].get("href") == section.url
    assert not second.cssselect("a[rel=next]")


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "99999999999", "²", ""])
def test_a_page_that_is_not_there_is_not_found(client: Client, number: str) -> None:
    section = make_section()
    make_article(section=section)
    assert client.get(section.url, {"page": number}).status_code == HTTPStatus.NOT_FOUND


def test_a_topic_shows_what_carries_it(client: Client) -> None:
    topic = make_topic("Ferries", description="Boats that come back.")
    make_article("With", topics=[topic])
    make_article("Without")
    page = read(client, topic.get_absolute_url())
    assert titles(page) == ["With"]
    assert "Boats that come back." in page.text_content()


def test_a_person_shows_who_they_are_and_everything_they_worked_on(client: Client) -> None:
    ana = make_contributor(
        "Ana Reis",
        job_title="Harbour correspondent",
        biography="<p>Has a ticket.</p>",
        expertise="Tides",
        disclosures="Owns a boat.",
        photo=make_photograph(),
    )
    make_article("Written", by={"writing": [ana]})
    make_article("Edited", by={"editing": [ana]}, at=A_DAY + timedelta(days=1))
    page = read(client, ana.get_absolute_url())
    assert titles(page) == ["Edited", "Written"]
    facts = [x.text_content() for x in page.cssselect(".facts dd")]
    assert facts == ["Tides", "Owns a boat."]
    assert page.cssselect(".person__picture img")[0].get("alt") == "Ana Reis"
    (search,) = page.cssselect('.head a[href^="/search/"]')
    form = read(client, search.get("href")).cssselect("form.search input[name=by]")
    assert [(box.get("value"), box.get("checked")) for box in form] == [(ana.slug, "checked")]


def test_the_latest_go_by_day_in_the_newsrooms_time_zone(client: Client) -> None:
    make_front()
    newsroom = NewsroomSettings.current()
    newsroom.time_zone = "Asia/Tokyo"
    newsroom.save()
    make_article("Evening in London", at=A_DAY.replace(hour=16))
    make_article("Morning in London", at=A_DAY.replace(hour=8))
    days = [x.text_content() for x in read(client, "/latest/").cssselect(".listing__day")]
    assert days == ["Monday, 2 November 2026", "Sunday, 1 November 2026"]


def test_an_information_page_shows_its_text_and_the_pages_below(client: Client) -> None:
    about = make_information_page("About", standfirst="Who we are.")
    page = read(client, about.url)
    assert page.cssselect("h1")[0].text_content() == "About"
    assert "Who we are." in page.text_content()


def test_the_navigation_is_the_editors_else_the_top_sections(client: Client) -> None:
    harbour = make_section("Harbour")
    make_section("Market", parent=harbour)
    page = read(client, "/")
    names = [x.text_content() for x in page.cssselect(".sections__list a")]
    assert names == ["Harbour", "Search"]
    newsroom = NewsroomSettings.current()
    gone = make_information_page("Gone")
    gone.unpublish()
    for number, fields in enumerate(
        [{"page": harbour}, {"address": "/latest/", "label": "News"}, {"page": gone}]
    ):
        NavigationItem.objects.create(settings=newsroom, sort_order=number, **fields)
    page = read(client, "/")
    names = [x.text_content() for x in page.cssselect(".sections__list a")]
    assert names == ["Harbour", "News", "Search"]


def test_nothing_at_an_address_offers_the_latest(client: Client) -> None:
    make_article("Something to read")
    response = client.get("/nowhere/at/all/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    page = response.content.decode()
    assert "There is nothing at this address" in page
    assert "Something to read" in page


def test_a_failure_is_told_without_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Something went wrong on our side" in response.content.decode()


def test_the_one_style_sheet_has_the_theme_and_an_old_name_leads_to_the_present_one(
    client: Client,
) -> None:
    make_section(colour="#1f4e63")
    (link,) = [x.get("href") for x in read(client, "/").cssselect("link[rel=stylesheet]")]
    assert link.startswith("/theme-")
    response = client.get(link)
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    css = response.content.decode()
    assert "#1f4e63" in css
    assert ".masthead" in css
    assert 'url("../' not in css
    old = client.get("/theme-0000.css")
    assert (old.status_code, old.headers["Location"]) == (HTTPStatus.FOUND, link)
    assert "immutable" not in old.headers["Cache-Control"]
