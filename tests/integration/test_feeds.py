"""Feeds: three forms, four owners, full text, and nothing sent twice."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from wagtail.documents import get_document_model

from diurna.newsroom.models import Article, Contributor, NewsroomSettings
from diurna.newsroom.publishing import publish_article
from diurna.web.feeds import ITEMS_IN_FEED
from diurna.web.feeds_body import _story_safe, feed_safe
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_draft,
    make_photograph,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
SITE = "http://localhost:8000"
EVERY_BLOCK = [
    ("text", '<p>A <b>bold</b> word &amp; a <a href="https://example.org/?a=1&amp;b=2">link</a>.</p>'),
    ("heading", {"text": "What <then>?", "level": "2"}),
    ("quote", {"text": "<p>Said & done.</p>", "attribution": "A sailor", "address": ""}),
    ("embed", {"address": "https://video.example/1", "title": "The film", "caption": "Seen"}),
    ("code", {"code": "if a < b:\n    go()", "language": "python"}),
    ("table", {"caption": "Boats", "table": {"data": [["Name", "Tons"], ["Ana", "12"]],
     "first_row_is_table_header": True, "first_col_is_header": False}, "source": "Port"}),
    ("divider", None),
]  # fmt: skip


@pytest.fixture
def person() -> Contributor:
    return make_contributor("Ana Reis", contact="ana@example.org")


@pytest.fixture
def article(person: Contributor) -> Article:
    photographer = make_contributor("Luz Mar")
    return make_article(
        "Crane & anchor",
        body=EVERY_BLOCK,
        by={"photography": [photographer], "writing": [person]},
        topics=[make_topic("Ferries")],
        standfirst="It turned.",
        lead_image=make_photograph(credit="The Port"),
        lead_image_alt="A crane",
    )


def parse(text: bytes) -> etree._Element:
    """The document, read strictly: anything not well formed fails."""
    return etree.fromstring(text, etree.XMLParser(recover=False, resolve_entities=False))


def atom_entries(client: Client, path: str) -> list[etree._Element]:
    return parse(client.get(path).content).findall(f"{ATOM}entry")


def test_rss_is_well_formed_and_says_who_did_what(client: Client, article: Article) -> None:
    response = client.get("/feed/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = parse(response.content).find("channel")
    assert channel is not None
    assert channel.findtext("link") == f"{SITE}/"
    link = channel.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"] == f"{SITE}/feed/"
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Crane & anchor"
    assert item.findtext("guid") == f"urn:uuid:{article.uuid}"
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert item.findtext("pubDate") == "Sun, 01 Nov 2026 09:00:00 +0000"
    assert item.findtext(f"{DC}creator") == "Ana Reis (Writing)"
    assert item.findtext(f"{DC}contributor") == "Luz Mar (Photography)"
    assert [tag.text for tag in item.findall("category")] == ["Report", "Harbour", "Ferries"]


def test_rss_brings_the_full_text_fit_for_a_feed_reader(client: Client, article: Article) -> None:
    item = parse(client.get("/feed/").content).find("channel/item")
    html = item.findtext(f"{CONTENT}encoded")
    for words in ("bold</b> word &amp; a", "What &lt;then&gt;?", "Said", "A sailor", "Ana", "Port"):
        assert words in html
    assert '<a href="https://video.example/1">The film</a>' in html
    assert "if a &lt; b:\n    go()" in html
    for forbidden in ("<script", "<style", "<button", "class=", "data-", "before you press"):
        assert forbidden not in html
    addresses = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert addresses
    assert all(urlsplit(address).scheme in {"http", "https"} for address in addresses)


def test_atom_has_authors_and_contributors_and_stable_names(
    client: Client, article: Article, person: Contributor
) -> None:
    root = parse(client.get("/feed/atom/").content)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}updated") == "2026-11-01T09:00:00Z"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{article.uuid}"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ana Reis"
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == f"{SITE}{person.get_absolute_url()}"
    assert entry.findtext(f"{ATOM}contributor/{ATOM}name") == "Luz Mar"
    content = entry.find(f"{ATOM}content")
    assert content.attrib["type"] == "html"
    assert "Photography: Luz Mar" in content.text


def test_json_feed_follows_its_version(client: Client, article: Article) -> None:
    response = client.get("/feed.json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}/feed.json"
    (item,) = feed["items"]
    assert item["id"] == f"urn:uuid:{article.uuid}"
    assert item["url"] == f"{SITE}/harbour/crane-anchor/"
    assert item["authors"][0]["name"] == "Ana Reis"
    assert item["authors"][0]["_role"] == "writing"
    assert item["date_published"] == item["date_modified"] == "2026-11-01T09:00:00Z"
    assert "bold</b>" in item["content_html"]


@pytest.mark.parametrize("tail", ["feed/", "feed/atom/", "feed.json"])
@pytest.mark.parametrize("owner", ["", "harbour/", "topics/ferries/", "people/ana-reis/"])
def test_every_owner_has_every_form(
    client: Client, article: Article, owner: str, tail: str
) -> None:
    make_article("Elsewhere", section=make_section("Town"))
    response = client.get(f"/{owner}{tail}")
    assert response.status_code == 200
    assert b"Crane" in response.content
    assert (b"Elsewhere" in response.content) is (owner == "")
    assert f"article-{article.uuid}" in response["Surrogate-Key"].split()
    assert not response.cookies


@pytest.mark.parametrize(
    "path", ["/topics/none/feed/", "/people/none/feed.json", "/none/feed/", "/none/feed.json"]
)
def test_an_unknown_owner_has_no_feed(client: Client, article: Article, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_address_of_a_person_by_mail_is_in_a_feed(client: Client, article: Article) -> None:
    NewsroomSettings.objects.update(contact="desk@example.org")
    for path in ("/feed/", "/feed/atom/", "/feed.json", "/people/ana-reis/feed/"):
        assert b"@example.org" not in client.get(path).content


def test_drafts_and_withdrawn_articles_are_in_no_feed(client: Client, article: Article) -> None:
    make_draft("Not yet")
    article.unpublish()
    assert atom_entries(client, "/feed/atom/") == []
    assert b"Not yet" not in client.get("/feed/").content


def test_a_substantial_change_moves_the_time_of_update(client: Client, article: Article) -> None:
    article.title = "Crane and anchor"
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=2))
    (entry,) = atom_entries(client, "/feed/atom/")
    assert entry.findtext(f"{ATOM}published") == "2026-11-01T09:00:00Z"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-01T11:00:00Z"
    assert b"<atom:updated>2026-11-01T11:00:00Z" in client.get("/feed/").content


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/", "/feed.json"])
def test_who_has_the_feed_already_gets_304(client: Client, article: Article, path: str) -> None:
    first = client.get(path)
    assert first["Last-Modified"] == "Sun, 01 Nov 2026 09:00:00 GMT"
    by_tag = client.get(path, headers={"If-None-Match": first["ETag"]})
    by_time = client.get(path, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag["Surrogate-Key"] == first["Surrogate-Key"]
    article.standfirst = "It turned again."
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=2))
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert client.get(
        path, headers={"If-Modified-Since": first["Last-Modified"]}
    ).status_code == 200  # fmt: skip


def test_newest_first_and_not_more_than_the_limit(client: Client) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for day in range(ITEMS_IN_FEED + 2):
        make_article(f"Day {day}", at=start + timedelta(days=day))
    titles = [entry.findtext(f"{ATOM}title") for entry in atom_entries(client, "/feed/atom/")]
    assert len(titles) == ITEMS_IN_FEED
    assert titles[0] == f"Day {ITEMS_IN_FEED + 1}"


def test_an_empty_feed_is_still_a_feed(client: Client) -> None:
    make_section()
    root = parse(client.get("/feed/atom/").content)
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert parse(client.get("/feed/").content).find("channel/item") is None
    assert json.loads(client.get("/feed.json").content)["items"] == []


def test_characters_that_xml_does_not_know_are_left_out(client: Client) -> None:
    make_article("Bell\x07 tower\x1b", standfirst="\x0bOdd\ufffe")
    (entry,) = atom_entries(client, "/feed/atom/")
    assert entry.findtext(f"{ATOM}title") == "Bell tower"
    assert entry.findtext(f"{ATOM}summary") == "Odd"
    assert parse(client.get("/feed/").content) is not None


def test_an_article_in_arabic_says_so(client: Client) -> None:
    make_article("الميناء", slug="port", language="ar", body=[("text", "<p>نص</p>")])
    (entry,) = atom_entries(client, "/feed/atom/")
    assert entry.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "ar"
    assert '<div lang="ar" dir="rtl">' in entry.findtext(f"{ATOM}content")


def test_feed_html_has_no_scripts_and_whole_addresses() -> None:
    html = feed_safe(
        '<p class="a" onclick="x()">A <a href="/b/">b</a><a href="#n">n</a>'
        '<a href="javascript:x()">c</a></p><script>x()</script><p data-page-only>gone</p>'
        '<img src="/media/a.jpg" alt="A" srcset="/b 2x">'
    )
    assert html == (
        f'<div><p>A <a href="{SITE}/b/">b</a><a href="#n">n</a><a>c</a></p>'
        f'<img src="{SITE}/media/a.jpg" alt="A"></div>'
    )


def test_more_stories_with_pictures_links_and_documents_ask_no_more(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def story(number: int) -> None:
        document = get_document_model().objects.create(
            title="Minutes", file=ContentFile(b"%d minutes" % number, name=f"minutes-{number}.txt")
        )
        target = make_article(f"Target {number}")
        link = f'<p><a linktype="page" id="{target.pk}">as we wrote</a></p>'
        picture = {
            "image": make_photograph().pk, "alt": "A boat", "decorative": False,
            "caption": "", "width": "text",
        }  # fmt: skip
        shown = {"document": document.pk, "title": "", "note": ""}
        stored = [("text", link), ("image", picture), ("document", shown)]
        make_article(f"Story {number}", body=stored)

    def asked() -> int:
        client.get("/feed/")
        with CaptureQueriesContext(connection) as queries:
            text = client.get("/feed/").content.decode()
        assert f"{SITE}/" in text
        return len(queries)

    story(1)
    few = asked()
    for number in range(2, 6):
        story(number)
    assert asked() <= few


def test_a_text_is_made_fit_once_and_what_changes_is_there_at_once(
    client: Client, article: Article, settings: Any
) -> None:
    client.get("/feed/")
    made = _story_safe.cache_info().misses
    client.get("/feed/atom/")
    assert _story_safe.cache_info().misses == made
    Article.objects.filter(pk=article.pk).update(disclosure="Nobody paid for this.")
    assert "Nobody paid for this." in client.get("/feed.json").content.decode()
    settings.DIURNA_SITE_URL = "https://elsewhere.example"
    texts = [item["content_html"] for item in client.get("/feed.json").json()["items"]]
    assert "https://elsewhere.example" in "".join(texts)
    assert SITE not in "".join(texts)
