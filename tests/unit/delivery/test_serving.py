"""The layer in front of Django, with an application of the test's own behind it."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from diurna.delivery.serving import PageStore
from diurna.delivery.touches import Touch, TouchRing, hash_of
from tests.factories.delivery import Clock, ask, page_store

TEXT = b"<!doctype html><p>" + b"A sentence that is long enough to be compressed. " * 60
Headers = list[tuple[str, str]]


class Behind:
    """An application that counts what it is asked, and says what the test wants."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = "200 OK"
        self.headers: Headers = [("Content-Type", "text/html"), ("Surrogate-Key", "article-1")]
        self.body = TEXT
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        body = self.body
        self.meanwhile()
        start_response(self.status, list(self.headers))
        return [body]


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> TouchRing:
    return TouchRing(tmp_path / "touches", now=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(behind: Behind, tmp_path: Path, ring: TouchRing, clock: Clock) -> PageStore:
    return page_store(behind, tmp_path, ring=ring, now=clock)


def touch(ring: TouchRing, key: str, *, soft: bool = False) -> None:
    ring.write([Touch(hash_of(key), soft=soft)])


def until(holds: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("It did not come about within half a minute.")


def test_a_page_is_drawn_once_and_then_sent_from_memory(site: PageStore, behind: Behind) -> None:
    first, second = ask(site, "/a/"), ask(site, "/a/")
    assert first == second
    assert (first.code, first.body) == (200, TEXT)
    assert first.headers["content-length"] == str(len(TEXT))
    assert "surrogate-key" not in first.headers
    assert len(behind.asked) == 1


def test_nothing_of_a_reader_reaches_what_draws_a_kept_page(
    site: PageStore, behind: Behind
) -> None:
    headers = {"Cookie": "session=a", "User-Agent": "b", "Accept-Language": "c", "Accept": "d"}
    ask(site, "/a/", query="page=2&utm_source=letter", headers={**headers, "If-None-Match": "*"})
    (environ,) = behind.asked
    assert [name for name in environ if name.startswith("HTTP_")] == ["HTTP_HOST"]
    assert environ["QUERY_STRING"] == "page=2"
    assert environ["REMOTE_ADDR"] == "192.0.2.0"


def test_every_encoding_is_the_same_page(site: PageStore) -> None:
    import gzip

    import brotli

    plain = ask(site, "/a/")
    packed = ask(site, "/a/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.body) == plain.body
    small = ask(site, "/a/", headers={"Accept-Encoding": "gzip, br"})
    assert brotli.decompress(small.body) == plain.body
    assert small.headers["content-encoding"] == "br"
    assert small.headers["content-length"] == str(len(small.body))
    assert {reply.headers["vary"] for reply in (plain, packed, small)} == {"Accept-Encoding"}


def test_who_has_the_page_is_told_so(site: PageStore) -> None:
    reply = ask(site, "/a/")
    etag = reply.headers["etag"]
    for said in (etag, f'"other", {etag}', "*", etag.removeprefix("W/")):
        again = ask(site, "/a/", headers={"If-None-Match": said})
        assert (again.code, again.body) == (304, b"")
        assert again.headers["etag"] == etag
        assert "content-length" not in again.headers
    assert ask(site, "/a/", headers={"If-None-Match": '"other"'}).code == 200


def test_head_has_the_headers_and_no_body(site: PageStore) -> None:
    whole, head = ask(site, "/a/"), ask(site, "/a/", method="HEAD")
    assert head == whole._replace(body=b"")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Set-Cookie", "a=b"),
        ("Vary", "Cookie"),
        ("Cache-Control", "private"),
        ("Surrogate-Key", ""),
    ],
)
def test_what_is_one_readers_is_not_kept_and_each_asks_for_himself(
    site: PageStore, behind: Behind, header: str, value: str
) -> None:
    behind.headers = [pair for pair in behind.headers if pair[0] != header]
    behind.headers += [(header, value)] if value else []
    for reader in "ab":
        ask(site, "/a/", headers={"Cookie": reader})
    cookies = [environ.get("HTTP_COOKIE") for environ in behind.asked]
    # Once for nobody, to find out.
    assert cookies == [None, "a", "b"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_whatever_is_not_reading_passes(site: PageStore, behind: Behind, method: str) -> None:
    ask(site, "/a/")
    ask(site, "/a/", method=method)
    assert [environ["REQUEST_METHOD"] for environ in behind.asked] == ["GET", method]


@pytest.mark.parametrize(
    ("path", "query", "host"),
    [
        ("/account/", "", "testserver"),
        ("/newsroom/pages/", "", "testserver"),
        ("/a/", "unknown=1", "testserver"),
        ("/a/", "pa%67e=1", "testserver"),
        ("/a/", "&page=1", "testserver"),
        ("/a/", "page=" + "1" * 600, "testserver"),
        ("/" + "a" * 2_000, "", "testserver"),
        ("/a/", "", "elsewhere"),
        ("/a/", "", "testserver:1234"),
        ("/a/", "", "testserver@elsewhere"),
        ("/a/", "", ""),
    ],
)
def test_what_is_no_page_for_everyone_passes(
    site: PageStore, behind: Behind, path: str, query: str, host: str
) -> None:
    for _ in range(2):
        ask(site, path, query=query, host=host, headers={"Cookie": "a"})
    assert [environ.get("HTTP_COOKIE") for environ in behind.asked] == ["a", "a"]
    assert site.store.pages == 0


def test_a_hard_touch_is_seen_by_the_next_reader(
    site: PageStore, behind: Behind, ring: TouchRing
) -> None:
    ask(site, "/a/")
    behind.body = b"corrected"
    touch(ring, "article-1")
    assert ask(site, "/a/").body == b"corrected"


def test_after_a_soft_touch_the_old_page_serves_while_one_new_one_is_drawn(
    site: PageStore, behind: Behind, ring: TouchRing, clock: Clock
) -> None:
    ask(site, "/a/")
    behind.body = b"one point more"
    clock.pass_by(1)
    touch(ring, "article-1", soft=True)
    assert ask(site, "/a/").body == TEXT
    until(lambda: ask(site, "/a/").body == b"one point more")
    assert len(behind.asked) == 2


def test_who_has_just_written_waits_for_the_new_page(
    site: PageStore, behind: Behind, ring: TouchRing
) -> None:
    ask(site, "/a/")
    behind.body = b"my vote"
    touch(ring, "article-1", soft=True)
    assert ask(site, "/a/").body == TEXT
    assert ask(site, "/a/", headers={"Cookie": "diurna_wrote=1"}).body == b"my vote"


def test_what_is_touched_while_it_is_drawn_is_not_kept(
    site: PageStore, behind: Behind, ring: TouchRing
) -> None:
    def correct() -> None:
        behind.body, behind.meanwhile = b"corrected", lambda: None
        touch(ring, "article-1")

    behind.meanwhile = correct
    assert ask(site, "/a/").body == TEXT
    assert ask(site, "/a/").body == b"corrected"


def test_what_is_not_there_is_asked_for_again_after_a_while(
    site: PageStore, behind: Behind, clock: Clock
) -> None:
    behind.status = "404 Not Found"
    assert [ask(site, "/a/").code for _ in range(2)] == [404, 404]
    assert len(behind.asked) == 1
    clock.pass_by(10)
    ask(site, "/a/")
    assert len(behind.asked) == 2


def test_an_error_is_sent_to_who_asked_and_not_kept(site: PageStore, behind: Behind) -> None:
    behind.status, behind.headers = "500 Internal Server Error", [("Content-Type", "text/html")]
    assert ask(site, "/a/").code == 500
    behind.status = "200 OK"
    assert ask(site, "/a/").code == 200


def test_a_view_can_say_for_how_long(site: PageStore, behind: Behind, clock: Clock) -> None:
    behind.headers.append(("X-Diurna-Expires-In", "30"))
    assert "x-diurna-expires-in" not in ask(site, "/a/").headers
    clock.pass_by(29)
    ask(site, "/a/")
    assert len(behind.asked) == 1
    clock.pass_by(1)
    ask(site, "/a/")
    assert len(behind.asked) == 2


def herd(sites: list[PageStore], size: int) -> list[bytes]:
    """What so many readers get who ask at once."""
    found: list[bytes] = []
    ready = threading.Barrier(size)

    def read(site: PageStore) -> None:
        ready.wait()
        found.append(ask(site, "/a/").body)

    readers = [
        threading.Thread(target=read, args=[sites[number % len(sites)]]) for number in range(size)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return found


def test_a_herd_is_answered_by_one_drawing(
    site: PageStore, behind: Behind, ring: TouchRing
) -> None:
    ask(site, "/a/")
    behind.meanwhile = lambda: time.sleep(0.1)
    touch(ring, "article-1")
    assert set(herd([site], 100)) == {TEXT}
    assert len(behind.asked) == 2


def test_two_processes_draw_a_page_once_between_them(tmp_path: Path, behind: Behind) -> None:
    behind.meanwhile = lambda: time.sleep(0.1)
    sites = [page_store(behind, tmp_path) for _ in range(2)]
    assert set(herd(sites, 20)) == {TEXT}
    assert len(behind.asked) == 1
    assert ask(sites[0], "/a/") == ask(sites[1], "/a/")


def test_who_asks_after_a_touch_gets_nothing_that_was_begun_before(
    site: PageStore, behind: Behind, ring: TouchRing
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go_on.wait(30)

    behind.meanwhile = hold
    early: list[bytes] = []
    first = threading.Thread(target=lambda: early.append(ask(site, "/a/").body))
    first.start()
    begun.wait(30)
    behind.body, behind.meanwhile = b"corrected", lambda: None
    touch(ring, "article-1")
    late: list[bytes] = []
    second = threading.Thread(target=lambda: late.append(ask(site, "/a/").body))
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert early == [TEXT]
    assert late == [b"corrected"]


def test_what_is_said_to_the_store_stays_inside_where_it_is_passed(
    site: PageStore, behind: Behind
) -> None:
    behind.headers += [("X-Diurna-Expires-In", "30"), ("Set-Cookie", "a=b")]
    for query in ("", "unknown=1"):
        reply = ask(site, "/a/", query=query)
        assert "set-cookie" in reply.headers
        assert not {"surrogate-key", "x-diurna-expires-in"} & reply.headers.keys()


@pytest.mark.parametrize(
    ("status", "query"), [("301 Moved Permanently", ""), ("200 OK", "unknown=1")]
)
def test_nobody_keeps_what_the_store_does_not(
    site: PageStore, behind: Behind, status: str, query: str
) -> None:
    """A browser would have a redirect for good: a section renamed and renamed back, in a circle."""
    behind.status, behind.headers = status, [("Location", "/b/")]
    assert ask(site, "/a/", query=query).headers["cache-control"] == "no-cache"
    behind.headers.append(("cache-control", "max-age=60"))
    assert ask(site, "/a/", query=query).headers["cache-control"] == "max-age=60"
