"""What is there for search engines: sitemaps, news, robots.txt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from lxml import etree
from pytest_django import Settings

from diurna.web import sitemaps
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_information_page,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITE = "http://localhost:8000"
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def read(client: Client, path: str) -> etree._Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(response.content, etree.XMLParser(recover=False))


def places(root: etree._Element) -> list[str]:
    return [str(loc.text) for loc in root.iter(f"{MAP}loc")]


def every_address(client: Client) -> list[str]:
    """All addresses of all files that the index names."""
    index = read(client, "/sitemap.xml")
    assert index.tag == f"{MAP}sitemapindex"
    return [
        place for file in places(index) for place in places(read(client, file.removeprefix(SITE)))
    ]


def test_the_files_of_the_index_name_everything_public_once(client: Client) -> None:
    harbour = make_section("Harbour")
    make_section("Ferries", parent=harbour)
    about = make_information_page()
    person, topic = make_contributor("Ana Reis"), make_topic("Cranes")
    make_contributor("Nobody Yet")
    make_topic("Nothing Yet")
    article = make_article("Crane", section=harbour, by={"writing": [person]}, topics=[topic])
    make_article("Anchor", section=harbour, by={"writing": [person]}, topics=[topic])
    make_draft("Not yet", section=harbour)
    gone = make_article("Gone", section=harbour)
    gone.unpublish()
    found = every_address(client)
    assert sorted(found) == sorted(
        f"{SITE}{path}"
        for path in (
            "/",
            "/harbour/",
            "/harbour/ferries/",
            "/harbour/crane/",
            "/harbour/anchor/",
            "/about/",
            "/people/ana-reis/",
            "/topics/cranes/",
        )
    )
    for address in found:
        assert client.get(address.removeprefix(SITE)).status_code == 200
    assert article.address_path() == "/harbour/crane/"
    assert about.address_path() == "/about/"


def test_articles_stay_in_their_file_when_one_before_them_is_withdrawn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "ARTICLES_PER_FILE", 2)
    articles = [make_article(f"Story {n}") for n in range(5)]
    names = set(places(read(client, "/sitemap.xml")))
    files = {(article.pk - 1) // 2 + 1 for article in articles}
    assert names == {
        f"{SITE}/sitemap-pages.xml",
        *(f"{SITE}/sitemap-articles-{number}.xml" for number in files),
    }
    last = articles[-1]
    path = f"/sitemap-articles-{(last.pk - 1) // 2 + 1}.xml"
    articles[0].unpublish()
    assert f"{SITE}{last.address_path()}" in places(read(client, path))


def test_a_file_says_when_an_article_last_changed(client: Client) -> None:
    article = make_article("Crane")
    number = (article.pk - 1) // sitemaps.ARTICLES_PER_FILE + 1
    (entry,) = read(client, f"/sitemap-articles-{number}.xml").findall(f"{MAP}url")
    assert entry.findtext(f"{MAP}lastmod") == "2026-11-01T09:00:00Z"


def test_a_file_that_would_be_empty_is_not_there(client: Client) -> None:
    make_section()
    assert client.get("/sitemap-articles-999.xml").status_code == 404
    assert client.get("/sitemap-articles-0.xml").status_code == 404


def test_an_address_with_letters_of_any_script_is_encoded(client: Client) -> None:
    article = make_article("Hafen", slug="größe-und-maß")
    assert f"{SITE}{article.address_path()}" in every_address(client)
    assert "gr%C3%B6%C3%9Fe" in article.address_path()


@time_machine.travel(NOW, tick=False)
def test_news_is_what_was_published_within_two_days(client: Client) -> None:
    make_article("Old", at=NOW - timedelta(hours=49))
    make_article("Fresh & new", at=NOW - timedelta(hours=47))
    make_article("Fresher", at=NOW - timedelta(hours=1), language="pt-br")
    make_article("Paid", at=NOW - timedelta(hours=1), work_type="sponsored")
    root = read(client, "/news-sitemap.xml")
    assert [title.text for title in root.iter(f"{NEWS}title")] == ["Fresher", "Fresh & new"]
    assert [tag.text for tag in root.iter(f"{NEWS}language")] == ["pt", "en"]
    assert [tag.text for tag in root.iter(f"{NEWS}publication_date")] == [
        "2026-11-03T11:00:00Z",
        "2026-11-01T13:00:00Z",
    ]
    assert {tag.text for tag in root.iter(f"{NEWS}name")} == {"The Test Gazette"}


@time_machine.travel(NOW, tick=False)
def test_a_file_costs_the_same_number_of_queries_however_long_it_is(
    client: Client, django_assert_num_queries
) -> None:
    for number in range(3):
        make_article(f"Story {number}", at=NOW)
    number = (make_article("Last", at=NOW).pk - 1) // sitemaps.ARTICLES_PER_FILE + 1
    client.get("/sitemap.xml")
    for path, most in ((f"/sitemap-articles-{number}.xml", 4), ("/news-sitemap.xml", 4)):
        with django_assert_num_queries(most, exact=False):
            client.get(path)


def test_who_has_the_sitemap_already_gets_304(client: Client) -> None:
    make_article("Crane")
    first = client.get("/sitemap.xml")
    again = client.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "sitemap" in first["Surrogate-Key"].split()


def test_robots_lists_the_sitemaps_and_keeps_crawlers_off_the_desk(client: Client) -> None:
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Disallow: /account/",
        "Disallow: /newsroom/",
        "",
        f"Sitemap: {SITE}/sitemap.xml",
        f"Sitemap: {SITE}/news-sitemap.xml",
    ]
    assert "X-Robots-Tag" not in response.headers


def test_the_demonstration_is_not_to_be_found(client: Client, settings: Settings) -> None:
    settings.DIURNA_DEMO = True
    make_section()
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    for path in ("/robots.txt", "/feed/", "/api/v1/articles", "/harbour/", "/nowhere/"):
        assert client.get(path)["X-Robots-Tag"] == "noindex"


def test_a_control_character_in_a_headline_does_not_break_the_news_sitemap(client: Client) -> None:
    make_article("Crane \x0b moves", slug="crane-moves", at=datetime.now(UTC))
    answer = client.get("/news-sitemap.xml")
    assert answer.status_code == 200
    assert "Crane  moves" in answer.content.decode()
