"""What a query that no view reads, and a method that no page takes, are answered with."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from diurna.delivery.serving import PageStore
from diurna.newsroom.models import Article
from diurna.web.addresses import FEED_FORMS
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.delivery import ask, on_one_connection, store_before_diurna
from tests.factories.newsroom import make_article, make_contributor, make_section, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Article:
    let_newcomers_in()
    made = make_article(
        "Crane",
        section=make_section("Harbour"),
        by={"writing": [make_contributor("Ada")]},
        topics=[make_topic("Ships")],
    )
    published_comment(made)
    return made


@pytest.fixture
def store(story: Article, tmp_path: Path) -> Iterator[PageStore]:
    with on_one_connection():
        yield store_before_diurna(tmp_path, Path(settings.DIURNA_HOME))


def is_kept(store: PageStore, address: str) -> bool:
    before = store.store.pages
    path, query = urlsplit(address).path, urlsplit(address).query
    assert ask(store, path, query=query).code == 200
    return store.store.pages == before + 1


@pytest.mark.parametrize(
    "address",
    [
        "/latest/?cursor=anything",
        "/latest/?page=1&cursor=x",
        "/harbour/?order=best",
        "/harbour/crane/?page=2",
        "/harbour/crane/?cursor=x",
        "/feed/?cursor=x",
        "/robots.txt?page=3",
        "/harbour/crane/comments/?order=best&rule=x",
        "/latest/?page=1&page=1",
        "/latest/?page=%31",
        "/latest/?page=1&",
    ],
)
def test_nothing_is_kept_under_a_query_that_the_page_does_not_read_so(
    store: PageStore, address: str
) -> None:
    assert not is_kept(store, address)
    assert not is_kept(store, address)


@pytest.mark.parametrize(
    "address",
    [
        "/latest/?page=1",
        "/harbour/?page=1",
        "/harbour/crane/comments/?order=newest",
        "/harbour/crane/comments/?fragment=1&order=newest",
        "/harbour/crane/comments/recent/?fragment=1",
        "/moderation/log/?action=&rule=&automated=yes",
        "/api/v1/articles?order=hot",
        "/latest/?page=1&utm_source=letter",
    ],
)
def test_what_a_page_reads_is_a_page_of_its_own(store: PageStore, address: str) -> None:
    assert is_kept(store, address)
    assert not is_kept(store, address)


@pytest.mark.parametrize("text", ["01", "001", "0", "", "x", "²"])
def test_a_page_of_a_list_has_one_number(client: Client, story: Article, text: str) -> None:
    assert client.get("/latest/", {"page": text}).status_code == 404


READ_ONLY = (
    "/",
    "/latest/",
    "/harbour/",
    "/harbour/hot/",
    "/harbour/crane/",
    "/harbour/crane/changes/",
    "/harbour/crane/points/",
    "/harbour/crane/comments/recent/",
    "/harbour/crane/comments/latest.json",
    "/harbour/feed/",
    "/people/ada/",
    "/topics/ships/",
    "/topics/ships/hot/",
    "/hot/",
    "/top/",
    "/search/",
    "/corrections/",
    "/moderation/",
    "/moderation/log/",
    "/ledger/",
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/robots.txt",
    *(f"/{tail}" for tail, _type in FEED_FORMS.values()),
)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", READ_ONLY)
def test_a_page_takes_nothing_and_says_what_it_answers(
    client: Client, story: Article, path: str, method: str
) -> None:
    assert client.get(path).status_code < 400
    answer = client.generic(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_what_is_not_there_is_not_there_for_who_sends_something(
    client: Client, story: Article
) -> None:
    for path in ("/harbour/nothing/", "/nowhere/", "/harbour/crane/nothing/"):
        assert client.post(path).status_code == 404
