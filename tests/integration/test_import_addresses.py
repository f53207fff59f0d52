"""Old addresses, asked over HTTP: each answers 301, and where it leads answers 200."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
import pytest_django
from django.db import transaction
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
        item(8, link=f"{site}/2019/03/item-8/", meta=[
            ("_wp_old_slug", "former-name"), ("_wp_old_slug", "older-name"),
            ("_wp_old_slug", "item-1"), ("_wp_old_date", "2018-12-31"),
        ]),
        item(9, "attachment", status="inherit", parent=1, link=f"{site}/2019/03/item-1/bell/",
             attachment_url=f"{site}/bell.jpg"),
        head=author(number=3)
        + category("port", "Port", 7) + category("fish", "Fish", 8, parent="port"),
        site=site,
    )  # fmt: skip
    client = GuardedClient(resolver=nobody_answers)
    import_export(Options(path), now=NOW, progress=lambda *_: None, client=client)


@pytest.fixture(scope="module", autouse=True)
def old_site(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Brought in once, since it takes as long as all questions; each test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_front()
        bring(tmp_path_factory.mktemp("old-site"))
        yield
        transaction.set_rollback(True)


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
    "/page/2/": "/latest/",
    "/amp/": "/",
    "/index.php/2019/03/item-1/": ARTICLE,
    "/index.php/category/port/": "/port/",
    "/2019/03/ITEM-1/": ARTICLE,
    "/About/": "/about/",
    "/2019/03/item-1/?amp=1": ARTICLE,
    "/2019/03/item-1/?utm_source=x&fbclid=y": ARTICLE,
    "/2019/03/%25ce%25b5%25cf%2580%25ce%25af/": "/news/%CE%B5%CF%80%CE%AF/",
    "/2019/03/επί/": "/news/%CE%B5%CF%80%CE%AF/",
    "/2019/03/item-1/attachment/nothing/": ARTICLE,
    "/2019/03/item-1/comment-page-2/amp/": ARTICLE,
    "/amp/2019/03/item-1/": ARTICLE,
    "/category/port/page/2/feed/": "/port/feed/",
    "/author/ada/page/2/": "/people/ada/",
    "/author/Ada/": "/people/ada/",
    "/kategorie/port/": "/port/",
    "/rubrique/port/fish/": "/topics/fish/",
    "/fish/": "/topics/fish/",
    "/port/fish/": "/topics/fish/",
    "/feed/podcast/": "/feed/",
    "/feed/podcast": "/feed/",
    "/comments/feed/rss2/": "/feed/",
    "/rss2/": "/feed/",
    "/wp-atom.php": "/feed/atom/",
    "/wp-sitemap.xml": "/sitemap.xml",
    "/wp-sitemap-posts-post-1.xml": "/sitemap.xml",
    "/sitemap_index.xml": "/sitemap.xml",
    "/post-sitemap2.xml": "/sitemap.xml",
    "/sitemap.xml.gz": "/sitemap.xml",
    "/2019/03/former-name/": "/news/item-8/",
    "/2018/12/item-8/": "/news/item-8/",
    "/2018/12/older-name/": "/news/item-8/",
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
    "cat=7&feed=rss2": "/port/feed/",
    "p=1&preview=true": ARTICLE,
    "year=2019&monthnum=3": "/latest/",
    "tag=SEA": "/topics/sea/",
}


# One import for all of them: it takes longer than the questions.
def test_old_paths_lead_to_new_ones(client: Client) -> None:
    assert {path: follow(client, path) for path in PATHS} == PATHS


MACHINERY = (
    "/wp-admin/", "/wp-admin/admin-ajax.php", "/wp-login.php", "/xmlrpc.php", "/wp-json/",
    "/wp-json/wp/v2/posts/", "/wp-includes/js/jquery.js", "/wp-content/themes/x/style.css",
    "/blog/wp-login.php", "/wp-cron.php",
)  # fmt: skip


@pytest.mark.parametrize("path", MACHINERY)
def test_what_runs_wordpress_is_plainly_not_here(client: Client, path: str) -> None:
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 404
        assert response.content == b"Nothing is here.\n"


HOSTILE = (
    "//evil.example", "//evil.example/", "///evil.example/%2e%2e", "/\\evil.example/",
    "/%5cevil.example/", "/%5C%5Cevil.example/amp/", "/%0d%0aLocation:%20https://evil.example/",
    "/%00/", "/people/%00/", "/2019/03/item-1%00/", "/" + "a" * 8_000 + "/", "/" + "%ce" * 2_000,
    "/https://evil.example/", "//evil.example/amp/", "//evil.example/feed/", "/.//evil.example",
    "/%2f%2fevil.example/", "/%252f%252fevil.example/page/2/", "/index.php//evil.example/",
    "/amp//evil.example/", "/feed/%0d%0a/", "/search/%22%3E%3Cscript%3E/", "/%ff%fe/",
    "/wp-content/uploads/../../etc/passwd", "/wp-content/uploads/%00.jpg", "/😀/amp/",
)  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_no_path_leads_out_or_breaks_anything(client: Client, path: str) -> None:
    # As a whole address, `//evil.example` would name a host to the test client.
    response = client.get("/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))
    location = response.headers.get("Location", "/")
    assert response.status_code in {301, 404}, response.status_code
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\r" not in location
    assert "\n" not in location


@pytest.mark.parametrize(
    "query", ["p=%00", "tag=%00", "author_name=%5c", "p=99999999999999999999", "cat=%D9%A1", "m=x",
              "category_name=//evil.example", "s=//evil.example", "feed=//evil.example",
              "tag=" + "a" * 5_000, "p=1&p=2&p[]=3"],
)  # fmt: skip
def test_no_query_leads_out_or_breaks_anything(client: Client, query: str) -> None:
    response = client.get(f"/?{query}")
    location = response.headers.get("Location", "/")
    assert response.status_code in {200, 301}, response.status_code
    assert location.startswith("/")
    assert not location.startswith("//")


def test_redirects_of_redirects_are_one_hop(client: Client) -> None:
    Redirect.objects.create(old_path="/a", redirect_link="/b/")
    Redirect.objects.create(old_path="/b", redirect_link="/c/")
    Redirect.objects.create(old_path="/c", redirect_page=Article.objects.get(slug="item-1"))
    for path in ("/a/", "/b", "/c/", "/a/amp/", "/b/page/3/"):
        assert follow(client, path) == ARTICLE, path


def test_a_circle_of_redirects_is_not_found(client: Client) -> None:
    Redirect.objects.create(old_path="/a", redirect_link="/b/")
    Redirect.objects.create(old_path="/b", redirect_link="/a/")
    Redirect.objects.create(old_path="/self", redirect_link="/self/")
    for path in ("/a/", "/b/", "/a/amp/", "/self/", "/self/amp/", "/SELF/"):
        assert client.get(path).status_code == 404, path


def test_a_redirect_to_a_page_that_was_taken_down_leads_to_where_it_says_so(client: Client) -> None:
    Article.objects.get(slug="item-1").unpublish()
    for path in ("/2019/03/item-1/", "/2019/03/item-1/amp/"):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (301, ARTICLE), path
    assert client.get(ARTICLE).status_code == 410
    assert client.get("/?p=1").status_code == 200


def test_an_old_name_that_another_article_has_now_stays_its_own(client: Client) -> None:
    assert follow(client, "/2019/03/item-1/") == ARTICLE


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
