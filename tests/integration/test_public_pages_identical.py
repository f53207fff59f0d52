"""Every public address gives different readers the same bytes, and none of them a cookie.

The addresses are found as a machine would find them: from the sitemaps, then by following every
link, feed, style, script and picture of every page. Each is asked for straight and through the page
store, where the first who asks is the one with the most rights.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from diurna.accounts.roles import Role
from diurna.comments.models import Comment
from diurna.common.areas import is_private
from diurna.delivery.serving import PageStore
from diurna.delivery.surrogate import EXPIRES_HEADER
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.models import Article
from diurna.newsroom.standards.actions import publish_standard, save_draft
from tests.factories.accounts import make_person
from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.delivery import ask, on_one_connection, store_before_diurna
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_information_page,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

ENTRANCES = (
    "/",
    "/robots.txt",
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/latest/",
    "/search/",
    "/hot/",
    "/top/all/",
    "/api/v1/articles?order=trending",
    "/feed/",
    "/feed/atom/",
    "/feed.json",
    "/api/v1/articles",
    "/api/v1/openapi.json",
    "/healthz",
    "/readyz",
    "/nowhere/at-all/",
)
# Files are served before Django is asked (`delivery`); the metrics are facts of the moment, and
# differ between any two requests.
LEFT_OUT = ("/static/", "/media/", "/metrics")
NEVER_KEPT = ("/healthz", "/readyz")
# Forms at an address for each comment and passage, and what somebody looks for: kept by nobody.
FILLED_IN = ("?of=", "?words=", "/search/?")
LINK = re.compile(r"""(?:href|src)=["']([^"'#]+)|<loc>([^<]+)</loc>""")
READABLE = (
    "text/html",
    "application/xml",
    "text/xml",
    "application/rss+xml",
    "application/atom+xml",
)


@pytest.fixture
def edition() -> None:
    """A small newsroom with one of each kind of page."""
    ada, ben = make_contributor("Ada Pinto"), make_contributor("Ben Oduya")
    topic = make_topic("Ships")
    harbour, court = make_section("Harbour"), make_section("Court")
    fishing = make_section("Fishing", parent=harbour)
    for number in range(3):
        make_article(f"Crane {number}", section=harbour, by={"writing": [ada]}, topics=[topic])
    nets = make_article("Nets", section=fishing, by={"reporting": [ada, ben]})
    cited = make_citation("four tons", make_source(outlet=make_outlet(), person=ada))
    make_article("Scales", section=court, body=cited_body(cited))
    make_article("Verdict", section=court, by={"writing": [ben]}, topics=[topic])
    make_information_page("About")
    publisher = make_person(role=Role.PUBLISHER)
    save_draft(kind="ethics", answers={"mission": "To ring."}, actor=publisher)
    publish_standard(kind="ethics", actor=publisher)
    ensure_rules()
    let_newcomers_in()
    published_comment(nets, at=timezone.now())


def address_in(link: str, base: str) -> str:
    """The path and query behind a link, or nothing for another site."""
    parts = urlsplit(urljoin(f"http://testserver{base}", unescape(link)))
    if parts.hostname not in ("testserver", "localhost") or parts.scheme not in ("http", "https"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# What the store says in its own way.
ITS_OWN = {
    "cache-control",
    "content-length",
    "content-type",
    "etag",
    "last-modified",
    "surrogate-key",
    "vary",
    "x-diurna-expires-in",
}


class Kept:
    """The site behind a page store, and readers with cookies of every kind."""

    def __init__(self, store: PageStore) -> None:
        self._store = store
        self.cookies = dict(_cookies_of_readers())
        self.pages = 0

    def assert_same(self, address: str, straight: HttpResponseBase) -> None:
        """Everybody gets what somebody without a cookie gets straight from Django."""
        path, _, query = address.partition("?")
        path = unquote_to_bytes(path).decode("latin-1")
        expected = body(straight)
        before = self._store.store.pages
        for who, cookie in self.cookies.items():
            with on_one_connection():
                reply = ask(self._store, path, query=query, headers={"Cookie": cookie})
            assert reply.code == straight.status_code, (address, who)
            assert reply.body == expected, f"{address} is another page for {who}"
            assert "set-cookie" not in reply.headers, (address, who)
            assert "cookie" not in reply.headers.get("vary", "").lower(), (address, who)
            said = {name.lower(): value for name, value in straight.headers.items()}
            for name in {*said, *reply.headers} - ITS_OWN:
                assert reply.headers.get(name) == said.get(name), (address, who, name)
            for value in re.findall(r"=([^;]{16,})", cookie):
                assert value.encode() not in reply.body, (address, who)
        self.pages += self._store.store.pages > before


def _cookies_of_readers() -> Iterator[tuple[str, str]]:
    """Real cookies, the most rights first; all that each browser has after it wrote something."""
    article = Article.objects.get(slug="crane-1")
    for who in (Role.PUBLISHER, Role.EDITOR, Role.MODERATOR, "member", "guest"):
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        if who != "guest":
            client.force_login(make_person(who if isinstance(who, Role) else None))
            client.get("/account/fragment/")
        vote = json.dumps({"value": 1, "nonce": "0" * 32})
        where = f"/api/v1/articles/{article.uuid}/vote"
        assert client.put(where, vote, content_type="application/json").status_code == 200
        yield str(who), "; ".join(f"{key}={one.value}" for key, one in client.cookies.items())
    yield "nobody", ""


@pytest.fixture(name="kept")
def _kept(edition: None, tmp_path: Path) -> Kept:
    return Kept(store_before_diurna(tmp_path, settings.DIURNA_HOME))


def walk(readers: list[Client], kept: Kept) -> dict[str, int]:
    """Visit everything with every reader; the addresses seen and their status."""
    seen: dict[str, int] = {}
    waiting = deque(ENTRANCES)
    while waiting:
        address = waiting.popleft()
        if not address or address in seen or is_private(address) or address.startswith(LEFT_OUT):
            continue
        answers = [reader.get(address) for reader in readers]
        bodies = [body(answer) for answer in answers]
        seen[address] = answers[0].status_code
        assert len({answer.status_code for answer in answers}) == 1, address
        assert len(set(bodies)) == 1, f"{address} is not the same for both readers"
        for answer in answers:
            assert not answer.cookies, f"{address} sets a cookie"
            assert "cookie" not in answer.headers.get("Vary", "").lower(), address
            if address not in NEVER_KEPT and not any(each in address for each in FILLED_IN):
                assert "private" not in answer.headers.get("Cache-Control", ""), address
        for answer in answers:
            # For the page store alone, and counted from the moment of drawing.
            answer.headers.pop(EXPIRES_HEADER, None)
        headers = [dict(answer.headers) for answer in answers]
        assert headers[0] == headers[1], address
        if address not in NEVER_KEPT:
            kept.assert_same(address, answers[1])
        if answers[0].headers.get("Location"):
            waiting.append(address_in(answers[0].headers["Location"], address))
        if answers[0].headers.get("Content-Type", "").startswith(READABLE):
            text = bodies[0].decode()
            assert "csrfmiddlewaretoken" not in text, address
            waiting.extend(address_in(a or b, address) for a, b in LINK.findall(text))
    return seen


def test_every_public_address_is_the_same_for_everyone(kept: Kept) -> None:
    signed_in = Client(headers={"User-Agent": "one"}, REMOTE_ADDR="192.0.2.1")
    signed_in.force_login(make_person("publisher"))
    anonymous = Client(headers={"User-Agent": "two"}, REMOTE_ADDR="198.51.100.2")
    seen = walk([signed_in, anonymous], kept)
    for expected in (
        "/harbour/",
        "/harbour/crane-1/",
        "/harbour/crane-1/changes/",
        "/harbour/crane-1/report/",
        "/harbour/fishing/nets/",
        "/people/ada-pinto/",
        "/topics/ships/",
        "/outlets/the-other-paper/",
        "/about/",
        "/moderation/",
        "/moderation/numbers.csv",
        "/moderation/numbers.json",
        "/corrections/",
        "/corrections/feed/",
        "/corrections/feed/atom/",
        "/corrections/feed.json",
        "/moderation/log/",
        "/moderation/log/feed/",
        "/moderation/log/feed/atom/",
        "/moderation/log/feed.json",
        "/moderation/rules/",
        "/moderation/notice/",
        f"/harbour/fishing/nets/comments/{Comment.objects.get().uuid}/report/",
    ):
        assert seen.get(expected) == 200, f"{expected} was not found by following links"
    broken = {
        address: status
        for address, status in seen.items()
        if status >= 400 and address != "/nowhere/at-all/"
    }
    assert not broken
    # Nearly all of it came out of the store, so this compared something.
    assert kept.pages > len(seen) * 0.9


def test_a_session_that_comes_along_is_not_even_looked_at(
    edition: None, django_assert_max_num_queries: object
) -> None:
    reader = Client()
    reader.force_login(make_person("publisher"))
    response = reader.get("/harbour/crane-1/")
    request = response.wsgi_request
    assert not hasattr(request, "session")
    assert request.user.is_anonymous
