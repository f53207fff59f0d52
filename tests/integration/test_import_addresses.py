"""Old addresses, asked over HTTP: each answers 301, and where it leads answers 200."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from diurna.common.http_client import GuardedClient
from diurna.importers.wordpress.run import Options, import_export
from diurna.newsroom.models import Article
from tests.factories.newsroom import make_front
from tests.factories.wxr import OLD_SITE, author, category, item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARTICLE = "/port/item-1/"


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(folder: Path, site: str = OLD_SITE) -> None:
    port = [("category", "port", "Port"), ("category", "fish", "Fish"), ("post_tag", "sea", "Sea")]
    path = write_export(
        folder,
        item(1, categories=port, link=f"{site}/2019/03/item-1/"),
        item(2, categories=port[:1], link=f"{site}/2019/03/item-2/"),
        item(3, "page", slug="about", link=f"{site}/about/"),
        item(4, "page", slug="team", parent=3, link=f"{site}/about/us/team/"),
        item(5, status="draft", link=f"{site}/?p=5"),
        item(6, slug="%ce%b5%cf%80%ce%af", link=f"{site}/2019/03/%ce%b5%cf%80%ce%af/"),
        item(7, link=f"{site}/?p=7"),
        item(9, "attachment", status="inherit", parent=1, link=f"{site}/2019/03/item-1/bell/",
             attachment_url=f"{site}/bell.jpg"),
        head=author(number=3)
        + category("port", "Port", 7) + category("fish", "Fish", 8, parent="port"),
        site=site,
    )  # fmt: skip
    client = GuardedClient(resolver=nobody_answers)
    import_export(Options(path), now=NOW, progress=lambda *_: None, client=client)


@pytest.fixture(autouse=True)
def old_site(tmp_path: Path) -> None:
    make_front()
    bring(tmp_path)


def follow(client: Client, address: str) -> str:
    """Where an old address leads by a single permanent redirect, and that it answers there."""
    response = client.get(address)
    assert response.status_code == 301, f"{address} answered {response.status_code}"
    target = response.headers["Location"]
    assert client.get(target).status_code == 200, f"{target} (from {address}) is not there"
    return target


PATHS = {
    "/2019/03/item-1/": ARTICLE,
    "/2019/03/item-1": ARTICLE,
    "/about/us/team/": "/about/team/",
    "/2019/03/%ce%b5%cf%80%ce%af/": "/news/%CE%B5%CF%80%CE%AF/",
    "/2019/03/%CE%B5%CF%80%CE%AF/": "/news/%CE%B5%CF%80%CE%AF/",
    "/2019/03/item-1/bell/": ARTICLE,
    "/category/port/": "/port/",
    "/category/port/fish/": "/topics/fish/",
    "/category/fish/": "/topics/fish/",
    "/tag/sea/": "/topics/sea/",
    "/author/ada/": "/people/ada/",
    "/2019/": "/latest/",
    "/2019/03/": "/latest/",
    "/2019/03/04/": "/latest/",
    "/2019/03/page/2/": "/latest/",
    "/category/port/page/2/": "/port/",
    "/2019/03/item-1/2/": ARTICLE,
    "/2019/03/item-1/amp/": ARTICLE,
    "/2019/03/item-1/comment-page-2/": ARTICLE,
    "/feed/rss2/": "/feed/",
    "/feed/rdf/": "/feed/",
    "/category/port/feed/": "/port/feed/",
    "/category/port/feed/atom/": "/port/feed/atom/",
    "/tag/sea/feed/": "/topics/sea/feed/",
    "/author/ada/feed/": "/people/ada/feed/",
    "/2019/03/item-1/feed/": ARTICLE,
    "/about/feed/": "/about/",
}
QUERIES = {
    "p=1": ARTICLE,
    "page_id=3": "/about/",
    "p=7": "/news/item-7/",
    "attachment_id=9": ARTICLE,
    "utm_source=x&p=1": ARTICLE,
    "cat=7": "/port/",
    "cat=8": "/topics/fish/",
    "category_name=port/fish": "/topics/fish/",
    "tag=sea": "/topics/sea/",
    "author=3": "/people/ada/",
    "author_name=ada": "/people/ada/",
    "m=201903": "/latest/",
    "feed=rss2": "/feed/",
    "feed=atom": "/feed/atom/",
    "feed=rss2&cat=7": "/port/feed/",
}


# One import for all of them: it takes longer than the questions.
def test_old_paths_lead_to_new_ones(client: Client) -> None:
    assert {path: follow(client, path) for path in PATHS} == PATHS


def test_doubled_slashes_lead_to_the_same_place(client: Client) -> None:
    # As a whole address, `//2019//03/` would name a host.
    response = client.get("/", PATH_INFO="//2019//03/item-1/")
    assert (response.status_code, response.headers["Location"]) == (301, ARTICLE)


def test_old_queries_lead_to_new_addresses(client: Client) -> None:
    assert {query: follow(client, f"/?{query}") for query in QUERIES} == QUERIES


def test_queries_that_lead_nowhere_show_the_front(client: Client) -> None:
    for query in ("p=5", "p=99", "p=x", "cat=99", "tag=none", "q=1", "p="):
        assert client.get(f"/?{query}").status_code == 200, query


def test_what_never_was_is_not_found(client: Client) -> None:
    for path in ("/nothing/", "/nothing/feed/", "/nothing/2/", "/19/", "/2019/03/x/"):
        assert client.get(path).status_code == 404, path


def test_an_unchanged_address_answers_by_itself(client: Client) -> None:
    assert client.get("/about/").status_code == 200
    assert not Redirect.objects.filter(old_path="/about").exists()


def test_a_redirect_follows_its_page(client: Client) -> None:
    article = Article.objects.get(slug="item-1")
    article.slug = "renamed"
    article.save_revision().publish()
    assert follow(client, "/2019/03/item-1/") == "/port/renamed/"
    assert follow(client, "/?p=1") == "/port/renamed/"


def test_only_the_old_front_is_asked_by_query(client: Client) -> None:
    assert client.post("/?p=1").status_code != 301
    assert client.get("/port/item-1/?p=2").status_code == 200


def test_a_site_below_a_path_keeps_its_addresses(client: Client, tmp_path: Path) -> None:
    bring(tmp_path, site="https://other.example/blog")
    assert follow(client, "/blog/2019/03/item-1/").startswith("/port/item-1")
    assert follow(client, "/blog/?p=2").startswith("/port/item-2")
    assert follow(client, "/blog/2019/") == "/latest/"
