"""No request brings anything of its reader into a page, and no two addresses share one."""

import json
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.delivery.proxies import Environ
from diurna.delivery.serving import PageStore
from diurna.delivery.surrogate import WROTE_COOKIE
from tests.factories.delivery import HOST, Reply, ask, page_store

BOUNDED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SECRET = "s3cret"
# What a browser, or whoever writes to a socket, may send beside the address.
HEADERS = st.dictionaries(
    st.sampled_from(
        (
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Cookie",
            "DNT",
            "Forwarded",
            "From",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "Origin",
            "Range",
            "Referer",
            "Sec-Fetch-Site",
            "Sec-GPC",
            "User-Agent",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-HTTP-Method-Override",
            "X-Original-URL",
            "X-Real-IP",
            "X-Requested-With",
            "X-Rewrite-URL",
        )
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20).map(
        lambda text: f"{SECRET} {text}"
    ),
)
# As a server decodes them: any byte but those that end a line of the request.
PATHS = st.text(
    st.one_of(st.sampled_from("/?&=#;%. ae"), st.characters(max_codepoint=255)), max_size=12
).map(lambda text: f"/{text}")
# Not decoded: no space and no control characters.
QUERIES = st.text(st.sampled_from("?&=#;%+/pagefromto2u_x"), max_size=12) | st.sampled_from(
    (
        "page=2",
        "page=2?",
        "order=old",
        "utm_source=x",
        "page=2&utm_source=x",
        "page=1&page=2",
        "x=1",
    )
)
HOSTS = st.sampled_from((HOST, f"{HOST}:80", f"{HOST}:8000", HOST.upper(), "evil.example", ""))


class Mirror:
    """An application whose pages say all that it was told; the number of each says when."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        start_response(
            "200 OK", [("Content-Type", "application/json"), ("Surrogate-Key", "mirror")]
        )
        return [json.dumps({"number": next(self._numbers), **told}).encode()]


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> PageStore:
    return page_store(Mirror(), tmp_path_factory.mktemp("store"))


def is_kept(store: PageStore, path: str, query: str = "", host: str = HOST) -> bool:
    """Whether two readers get one drawing."""
    first, second = (ask(store, path, query=query, host=host) for _ in range(2))
    return first.body == second.body


@BOUNDED
@given(path=PATHS, query=QUERIES, headers=HEADERS, host=HOSTS)
def test_what_is_kept_was_drawn_from_its_address_alone(
    store: PageStore, path: str, query: str, headers: dict[str, str], host: str
) -> None:
    headers.pop("If-None-Match", None)
    headers.pop("If-Modified-Since", None)
    headers.pop("Accept-Encoding", None)
    reply = ask(store, path, query=query, headers=headers, host=host)
    told = json.loads(reply.body)
    assert told["PATH_INFO"] == path
    assert told["HTTP_HOST"] == host
    if is_kept(store, path, query, host):
        assert SECRET not in reply.body.decode()
        assert "127.0.0.1" not in reply.body.decode()
        assert {name for name in told if name.startswith("HTTP_")} == {"HTTP_HOST"}
    else:
        assert told["QUERY_STRING"] == query


@BOUNDED
@given(one=st.tuples(PATHS, QUERIES, HOSTS), other=st.tuples(PATHS, QUERIES, HOSTS))
def test_no_two_addresses_share_a_page(
    store: PageStore, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    for path, query, host in (one, other, one):
        told = json.loads(ask(store, path, query=query, host=host).body)
        assert (told["PATH_INFO"], told["HTTP_HOST"]) == (path, host)
        # What is left out of a query says nothing to any view.
        assert told["QUERY_STRING"] in (query, _without_ignored(query))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("/harbour/?page=2", ""), ("/harbour/", "page=2?")),
        (("/a?order=x", "page=2"), ("/a", "order=x?page=2")),
        (("/a?", ""), ("/a", "?")),
        (("/a", ""), ("/a?", "")),
    ],
)
def test_a_path_with_a_question_mark_in_it_is_no_query(
    tmp_path: Path, one: tuple[str, str], other: tuple[str, str]
) -> None:
    store = page_store(Mirror(), tmp_path)
    for path, query in (one, other):
        told = json.loads(ask(store, path, query=query).body)
        assert (told["PATH_INFO"], told["QUERY_STRING"]) == (path, query)


def _without_ignored(query: str) -> str:
    parts = query.split("&")
    return "&".join(part for part in parts if not part.startswith(("utm_source", "fbclid")))


@pytest.mark.parametrize("cookie", ["session=a", "guest=b; diurna_marker=1", f"{WROTE_COOKIE}=1"])
def test_cookies_change_nothing_of_a_page_that_is_fresh(store: PageStore, cookie: str) -> None:
    without = ask(store, "/harbour/")
    assert ask(store, "/harbour/", headers={"Cookie": cookie}) == without


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_only_reading_is_answered_from_the_store(store: PageStore, method: str) -> None:
    kept = ask(store, "/harbour/")
    told = json.loads(ask(store, "/harbour/", method=method, headers={"Cookie": SECRET}).body)
    assert told["REQUEST_METHOD"] == method
    assert told["HTTP_COOKIE"] == SECRET
    assert ask(store, "/harbour/") == kept


@pytest.mark.parametrize(
    "address", ["/account/", "/account/fragment/", "/newsroom/", "/newsroom/pages/3/edit/"]
)
def test_private_addresses_are_never_kept(store: PageStore, address: str) -> None:
    assert not is_kept(store, address)


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}])
def test_who_brings_a_key_is_answered_alone(store: PageStore, headers: dict[str, str]) -> None:
    replies = {ask(store, "/harbour/", headers=headers).body for _ in range(2)}
    assert len(replies) == 2


class Indiscreet:
    """An application that says of each answer that it may be kept, whatever is in it."""

    def __init__(self, status: str, headers: list[tuple[str, str]], trace: bytes) -> None:
        self._answer = status, headers, trace
        self._readers = count(1)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        status, headers, trace = self._answer
        known = [("Content-Type", "text/html"), ("Surrogate-Key", "page"), *headers]
        start_response(status, known)
        return [b"<p>reader %d</p>" % next(self._readers), trace]


TRACES = st.sampled_from(
    (
        ([("Set-Cookie", "session=s3cret")], b""),
        ([("Vary", "Cookie")], b""),
        ([("Vary", "Accept-Encoding"), ("Vary", "cookie")], b""),
        ([("vary", "*")], b""),
        ([("Cache-Control", "private")], b""),
        ([("cache-control", "max-age=5, no-store")], b""),
        ([], b'<input type="hidden" name="csrfmiddlewaretoken" value="s3cret">'),
        ([], b'<nav class="personal"><a href="/account/">s3cret</a></nav>'),
        ([], b'<data value="1" data-own-vote="" hidden></data>'),
    )
)


@settings(BOUNDED, max_examples=40)
@given(trace=TRACES, status=st.sampled_from(("200 OK", "302 Found", "404 Not Found", "410 Gone")))
def test_a_view_that_gives_somebody_away_is_kept_by_nobody(
    tmp_path: Path, trace: tuple[list[tuple[str, str]], bytes], status: str
) -> None:
    store = page_store(Indiscreet(status, *trace), tmp_path)
    replies: list[Reply] = [
        ask(store, "/harbour/", headers={"Cookie": f"session={who}"}) for who in "abc"
    ]
    assert len({reply.body for reply in replies}) == 3
