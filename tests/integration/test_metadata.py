"""What pages say of themselves to machines: title, addresses, cards, structured data, feeds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html as lxml_html
from pytest_django import Settings

from diurna.newsroom.models import Article, NewsroomSettings, WorkType
from diurna.newsroom.publishing import publish_article
from diurna.web.metadata_schema import ARTICLE_TYPES, as_script_text
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_information_page,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8000"


class Head:
    """The head of a page, as a machine reads it."""

    def __init__(self, client: Client, path: str, status: int = 200) -> None:
        response = client.get(path)
        assert response.status_code == status
        self.text = response.content.decode()
        self.root = lxml_html.fromstring(self.text).find("head")

    def meta(self, name: str) -> list[str]:
        """Contents of the meta elements with this name or property."""
        return [
            str(element.get("content"))
            for element in self.root.iter("meta")
            if name in {element.get("name"), element.get("property")}
        ]

    def links(self, rel: str) -> list[str]:
        """Addresses of the links of this kind."""
        return [str(link.get("href")) for link in self.root.iter("link") if link.get("rel") == rel]

    def title(self) -> str:
        """The one title."""
        (title,) = self.root.iter("title")
        return str(title.text)

    def things(self) -> dict[str, dict[str, Any]]:
        """Structured data by type."""
        scripts = [
            json.loads(element.text)
            for element in self.root.iter("script")
            if element.get("type") == "application/ld+json"
        ]
        types = (thing["@type"] for thing in scripts)
        names = (kind if isinstance(kind, str) else kind[0] for kind in types)
        return dict(zip(names, scripts, strict=True))


@pytest.fixture
def article() -> Article:
    writer = make_contributor("Ana Reis", job_title="Harbour reporter", contact="ana@example.org")
    return make_article(
        "Crane & <anchor>",
        section=make_section("Ferries", parent=make_section("Harbour")),
        standfirst="It turned, twice.",
        by={
            "writing": [writer],
            "reporting": [writer],
            "photography": [make_contributor("Luz Mar")],
            "translation": [make_contributor("Office", is_organisation=True)],
        },
        topics=[make_topic("Cranes"), make_topic("Rust")],
        lead_image=make_photograph(credit="The Port"),
        lead_image_alt="A crane",
        lead_image_caption="It turned",
    )


def test_the_head_of_an_article(client: Client, article: Article) -> None:
    head = Head(client, article.address_path())
    address = f"{SITE}/harbour/ferries/crane-anchor/"
    assert head.title() == "Crane & <anchor> – The Test Gazette"
    assert head.links("canonical") == [address]
    assert head.meta("description") == ["It turned, twice."]
    assert head.meta("og:type") == ["article"]
    assert head.meta("og:title") == ["Crane & <anchor>"]
    assert head.meta("og:url") == [address]
    assert head.meta("article:published_time") == ["2026-11-01T09:00:00Z"]
    assert head.meta("article:section") == ["Ferries"]
    assert head.meta("article:tag") == ["Cranes", "Rust"]
    assert f"{SITE}/people/ana-reis/" in head.meta("article:author")
    assert head.meta("twitter:card") == ["summary_large_image"]
    assert head.meta("og:image")[0].startswith(f"{SITE}/media/")
    assert head.meta("og:image:alt") == ["A crane"]
    assert head.meta("robots") == ["max-image-preview:large"]
    assert "@example.org" not in head.text.partition("</head>")[0]


def test_the_structured_data_of_an_article(client: Client, article: Article) -> None:
    things = Head(client, article.address_path()).things()
    news = things["ReportageNewsArticle"]
    assert news["headline"] == "Crane & <anchor>"
    assert news["identifier"] == f"urn:uuid:{article.uuid}"
    assert news["datePublished"] == news["dateModified"] == "2026-11-01T09:00:00Z"
    assert news["articleSection"] == ["Harbour", "Ferries"]
    assert news["keywords"] == ["Cranes", "Rust"]
    assert news["inLanguage"] == "en"
    assert [person["name"] for person in news["author"]] == ["Ana Reis"]
    assert news["author"][0]["url"] == f"{SITE}/people/ana-reis/"
    assert news["author"][0]["jobTitle"] == "Harbour reporter"
    assert [person["name"] for person in news["contributor"]] == ["Luz Mar"]
    assert news["translator"][0]["@type"] == "Organization"
    assert news["publisher"]["@type"] == "NewsMediaOrganization"
    assert news["image"][0]["creditText"] == "The Port"
    trail = things["BreadcrumbList"]["itemListElement"]
    assert [step["item"] for step in trail] == [
        f"{SITE}/",
        f"{SITE}/harbour/",
        f"{SITE}/harbour/ferries/",
        f"{SITE}/harbour/ferries/crane-anchor/",
    ]


def test_a_substantial_change_is_the_date_modified(client: Client, article: Article) -> None:
    article.standfirst = "It turned once."
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=1))
    head = Head(client, article.address_path())
    assert head.meta("article:modified_time") == ["2026-11-01T10:00:00Z"]
    assert head.things()["ReportageNewsArticle"]["dateModified"] == "2026-11-01T10:00:00Z"


@pytest.mark.parametrize("work_type", WorkType.values)
def test_every_type_of_work_has_its_type(client: Client, work_type: str) -> None:
    head = Head(client, make_article("Crane", work_type=work_type).address_path())
    expected = ARTICLE_TYPES[work_type]
    first = expected if isinstance(expected, str) else expected[0]
    assert head.things()[first]["@type"] == expected


def test_an_article_that_appeared_elsewhere_first_says_where(client: Client) -> None:
    elsewhere = "https://example.org/first/"
    article = make_article("Crane", canonical_address=elsewhere)
    head = Head(client, article.address_path())
    assert head.links("canonical") == [elsewhere]
    assert head.things()["ReportageNewsArticle"]["mainEntityOfPage"] == elsewhere


def test_an_article_without_people_is_the_newsrooms(client: Client) -> None:
    news = Head(client, make_article("Crane").address_path()).things()["ReportageNewsArticle"]
    assert news["author"] == [{"@id": f"{SITE}/#publisher"}]
    assert news["publisher"]["@id"] == f"{SITE}/#publisher"


def test_an_article_in_another_language_says_so(client: Client) -> None:
    article = make_article("الميناء", slug="port", language="ar")
    news = Head(client, article.address_path()).things()["ReportageNewsArticle"]
    assert news["inLanguage"] == "ar"


def test_words_can_not_end_the_script(client: Client) -> None:
    evil = "</script><script>alert(1)</script>\u2028&"
    article = make_article("Crane", standfirst=evil)
    head = Head(client, article.address_path())
    assert "</script><script>alert" not in head.text
    assert head.things()["ReportageNewsArticle"]["description"].startswith("</script>")
    assert as_script_text({"a": "<>&\u2028\u2029é"}) == (
        '{"a":"\\u003c\\u003e\\u0026\\u2028\\u2029é"}'
    )


def test_every_type_of_page_has_one_head(client: Client, article: Article) -> None:
    about = make_information_page(standfirst="Who we are.")
    expected = {
        "/": ("WebSite", f"{SITE}/"),
        "/harbour/": ("CollectionPage", f"{SITE}/harbour/"),
        "/topics/cranes/": ("CollectionPage", f"{SITE}/topics/cranes/"),
        "/people/ana-reis/": ("ProfilePage", f"{SITE}/people/ana-reis/"),
        "/latest/": ("BreadcrumbList", f"{SITE}/latest/"),
        about.address_path(): ("BreadcrumbList", f"{SITE}/about/"),
    }
    for path, (kind, canonical) in expected.items():
        head = Head(client, path)
        assert head.title()
        assert kind in head.things()
        assert head.links("canonical") == [canonical]
        assert len(head.meta("description")) <= 1
        assert len(head.meta("robots")) == 1
        assert f"{SITE}/feed/" in head.links("alternate")


def test_feeds_are_found_from_what_they_follow(client: Client, article: Article) -> None:
    for path in ("/harbour/", "/topics/cranes/", "/people/ana-reis/"):
        links = Head(client, path).links("alternate")
        for tail in ("feed/", "feed/atom/", "feed.json"):
            assert f"{SITE}{path}{tail}" in links
            assert client.get(f"{path}{tail}").status_code == 200


def test_what_is_no_piece_of_writing_stays_out_of_search(client: Client, article: Article) -> None:
    assert Head(client, "/nowhere/", 404).meta("robots") == ["noindex"]
    assert Head(client, "/nowhere/", 404).links("canonical") == []
    path = article.address_path()
    article.unpublish()
    assert Head(client, path, 410).meta("robots") == ["noindex"]


def test_the_demonstration_says_noindex_once(
    client: Client, article: Article, settings: Settings
) -> None:
    settings.DIURNA_DEMO = True
    for path in ("/", "/harbour/", article.address_path(), "/latest/"):
        assert Head(client, path).meta("robots") == ["noindex"]


def test_the_newsroom_says_who_publishes_and_where_else_it_is(client: Client) -> None:
    make_section()
    NewsroomSettings.objects.update(publisher="The Press Ltd", mastodon="https://social.example/@g")
    publisher = Head(client, "/").things()["WebSite"]["publisher"]
    assert publisher["name"] == "The Press Ltd"
    assert publisher["alternateName"] == "The Test Gazette"
    assert publisher["sameAs"] == ["https://social.example/@g"]
