"""Whatever is asked: through the page store and straight to Django, the answer is the same."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli
import pytest
from django.conf import settings as conf
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from django.utils.http import http_date
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from diurna.delivery.outward import Outward
from diurna.delivery.proxies import Application, Environ
from diurna.delivery.serving import PageStore
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.newsroom.models import Article
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.delivery import HOST, Reply, ask, on_one_connection, store_before_diurna
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db

FEW = settings(
    max_examples=25,
    deadline=None,
    database=None,
    # Not the search for the smallest request, which takes minutes and says no more.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ADDRESSES = ("/", "/harbour/", "/harbour/crane/", "/feed/", "/robots.txt", "/api/v1/articles")
# What a store makes anew or takes away on purpose; looked at apart from the others.
ITS_OWN = frozenset(
    {
        "cache-control",
        "cache-tag",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "surrogate-key",
        "vary",
        "x-diurna-expires-in",
    }
)
PARTS = st.sampled_from(
    (
        "harbour",
        "crane",
        "comments",
        "Harbour",
        "feed",
        "latest",
        "api",
        "v1",
        "..",
        ".",
        "",
        "%2e%2e",
        "%2E",
        "%2f",
        "%3Fpage=2",
        "%23",
        "%00",
        "%0d%0aSet-Cookie:a=b",
        "%ff%fe",
        "%C3%BC",
        "%u0041",
        "%",
        "crane;a=b",
        "häfen",
        "a" * 300,
    )
)
TARGETS = st.lists(PARTS, max_size=4).map(lambda parts: "/" + "/".join(parts)) | st.sampled_from(
    (*ADDRESSES, "/harbour", "/harbour/crane", "/harbour/crane/changes/", "/x" * 1000)
)
QUERIES = st.lists(
    st.sampled_from(
        (
            "page=1",
            "page=2",
            "page=",
            "page",
            "page=%FF",
            "page=1%00",
            "pag%65=2",
            "PAGE=2",
            "page[]=2",
            "order=oldest",
            "order=<script>",
            "cursor=x",
            "fragment=1",
            "from=1",
            "utm_source=letter",
            "utm_source",
            "fbclid=x",
            "unknown=1",
            "=",
            "p=1",
            "",
            "%ff=%ff",
            "page=2?",
            "page=2;order=x",
            "page=" + "9" * 50,
        )
    ),
    max_size=3,
).map("&".join)
HOSTS = st.sampled_from(
    (HOST,) * 6
    + (f"{HOST}:8000", HOST.upper(), f"{HOST}.", "evil.example", "", "[::1]", "a b", "@")
)
COOKIES = st.sampled_from(
    (
        "",
        "session=garbage",
        "guest=x:forged",
        "guest=; session=; diurna_marker=1",
        "csrf=" + "a" * 64,
        f"{WROTE_COOKIE}=1",
        ";;=;=x;\x01",
        "a=b; " * 50,
        '"',
    )
)
ENCODINGS = st.lists(
    st.builds(
        lambda name, weight: name + weight,
        st.sampled_from(("gzip", "br", "identity", "deflate", "*", "GZIP", "zstd", "")),
        st.sampled_from(("", ";q=0", ";q=0.5", "; q=1", ";q=0.000", ";q=-1", ";q=x", ";Q=0", ";")),
    ),
    max_size=4,
).map(", ".join)
NOW = http_date(timezone.now().timestamp())
DATES = st.sampled_from(
    (
        NOW,
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 2033",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 1 Nov 99999999999 12:00:00 GMT",
        "Mon, 1 Nov 2033 12:00:00",
        "Mon, 31 Feb 2033 12:00:00 GMT",
        "tomorrow",
        "",
    )
)
TAGS = st.lists(
    st.sampled_from(("*", '"x"', 'W/"x"', "x", '"', "W/", "MINE", "mine", "")), max_size=3
).map(", ".join)
OTHER = st.dictionaries(
    st.sampled_from(("Range", "If-Range", "Accept", "Accept-Language", "X-Forwarded-Host")),
    st.sampled_from(("bytes=0-10", "bytes=-1", "application/json", "de, ar;q=0.5", "\xff", "evil")),
    max_size=3,
)


@st.composite
def all_headers(draw: st.DrawFn) -> dict[str, str]:
    """Some of the headers that say what a reader takes, has, and is."""
    drawn = {
        "Accept-Encoding": draw(ENCODINGS),
        "Cookie": draw(COOKIES),
        "If-None-Match": draw(TAGS),
        "If-Modified-Since": draw(DATES),
    }
    left_out = draw(st.sets(st.sampled_from(tuple(drawn))))
    return {name: text for name, text in drawn.items() if name not in left_out} | draw(OTHER)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[PageStore]:
    """A store before a small newsroom, on the test's own connection to the database."""
    let_newcomers_in()
    article = make_article("Crane", section=make_section("Harbour"))
    published_comment(article, at=timezone.now())
    with on_one_connection():
        yield store_before_diurna(tmp_path, conf.DIURNA_HOME)


def decoded(reply: Reply) -> bytes:
    """The body as it was before it was compressed."""
    match reply.headers.get("content-encoding", ""):
        case "gzip":
            return gzip.decompress(reply.body)
        case "br":
            return brotli.decompress(reply.body)
        case encoding:
            assert encoding in ("", "identity")
            return reply.body


def at_once(store: PageStore) -> Application:
    """The store as the server asks it: first for what lies ready."""

    def application(environ: Environ, start_response: Any) -> Iterable[bytes]:
        ready = store.instant(environ)
        if ready is None:
            return store(environ, start_response)
        start_response(ready.status, ready.headers)
        return ready.body

    return application


def assert_same(store: PageStore, **asked: Any) -> Reply:
    """Ask for it through the store (drawn, then kept, then as the server asks) and straight."""
    straight = ask(get_wsgi_application(), **asked)
    assert straight.code < 500
    headers: Mapping[str, str] = asked.get("headers") or {}
    for way in (store, store, at_once(store)):
        stored = ask(way, **asked)
        assert "set-cookie" not in stored.headers
        assert "set-cookie" not in straight.headers
        assert "x-diurna-expires-in" not in stored.headers
        if stored.code != straight.code:
            # Pages get their ETag from the store; Django draws them before it could compare.
            assert (stored.code, straight.code) == (304, 200)
            assert is_condition_met(stored, headers)
            assert not stored.body
            continue
        # To HEAD Django says all, and the server leaves it out.
        if asked.get("method") != "HEAD" or stored.body:
            assert decoded(stored) == decoded(straight)
        if stored.code == 304:
            # No more than a reader needs who has the page with all its headers (RFC 9110, 15.4.5).
            assert safe(stored).items() <= safe(straight).items()
            continue
        assert safe(stored) == safe(straight)
        if asked.get("method", "GET") != "HEAD":
            assert stored.headers.get("content-length") in (None, str(len(stored.body)))
        vary = stored.headers.get("vary", "").lower()
        assert "cookie" not in vary or stored.code >= 400
    return straight


def safe(reply: Reply) -> dict[str, str]:
    """The headers that are not the store's own."""
    return {name: value for name, value in reply.headers.items() if name not in ITS_OWN}


def is_condition_met(stored: Reply, headers: Mapping[str, str]) -> bool:
    """Whether a 304 was asked for: by the page's own tag or by any (RFC 9110, 13.1.2)."""
    known = [tag.strip().removeprefix("W/") for tag in headers["If-None-Match"].split(",")]
    return "*" in known or stored.headers["etag"].removeprefix("W/") in known


@FEW
@given(target=TARGETS, query=QUERIES, host=HOSTS, method=st.sampled_from(("GET", "HEAD")))
@example(target="/harbour/%3Fpage=2", query="", host=HOST, method="GET")
@example(target="/harbour/", query="page=2?", host=HOST, method="GET")
def test_every_address(store: PageStore, target: str, query: str, host: str, method: str) -> None:
    path = unquote_to_bytes(target).decode("latin-1")
    assert_same(store, path=path, query=query, host=host, method=method)


@FEW
@given(path=st.sampled_from(ADDRESSES), headers=all_headers(), is_mine=st.booleans())
@example(
    path="/feed/", headers={"If-Modified-Since": "1 Nov 99999999999 12:00:00 GMT"}, is_mine=False
)
@example(path="/harbour/", headers={"Accept-Encoding": "gzip;q=0, br;q=0"}, is_mine=False)
def test_every_header(store: PageStore, path: str, headers: dict[str, str], is_mine: bool) -> None:
    if is_mine and "If-None-Match" in headers:
        mine = ask(store, path).headers["etag"]
        headers["If-None-Match"] = headers["If-None-Match"].replace("MINE", mine)
    assert_same(store, path=path, headers=headers)


@FEW
@given(
    path=st.sampled_from(ADDRESSES),
    method=st.sampled_from(
        ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "")
    ),
    headers=all_headers(),
)
def test_every_method(store: PageStore, path: str, method: str, headers: dict[str, str]) -> None:
    kept = ask(store, path)
    # What views say to the store goes no further where the store is passed.
    straight = ask(Outward(get_wsgi_application()), path, method=method, headers=headers)
    stored = ask(store, path, method=method, headers=headers)
    assert (stored.code, decoded(stored)) == (straight.code, decoded(straight))
    assert stored.headers == straight.headers
    assert WROTE_COOKIE not in stored.headers.get("set-cookie", "")
    assert ask(store, path) == kept


def test_an_address_that_is_asked_for_in_many_forms_stays_one_page(store: PageStore) -> None:
    for query in ("", "utm_source=a", "fbclid=b&utm_medium=c", "gclid"):
        ask(store, "/harbour/crane/", query=query)
    assert store.store.pages == 1


def test_articles_have_what_the_other_tests_ask_for(store: PageStore) -> None:
    assert Article.objects.get().address_path() in ADDRESSES
    for path in ADDRESSES:
        first, again = ask(store, path), ask(store, path)
        assert first == again
        assert first.code == 200, path
    assert store.store.pages == len(ADDRESSES)
