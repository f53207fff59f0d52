"""Every public address gives two different readers the same bytes, and neither a cookie.

The addresses are found as a machine would find them: from the sitemaps, then by following every
link, feed, style, script and picture of every page.
"""

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from diurna.comments.models import Comment
from diurna.common.areas import is_private
from diurna.moderation.house_rules import ensure_rules
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, published_comment
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
    make_article("Verdict", section=court, by={"writing": [ben]}, topics=[topic])
    make_information_page("About")
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


def walk(readers: list[Client]) -> dict[str, int]:
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
            if address not in NEVER_KEPT:
                assert "private" not in answer.headers.get("Cache-Control", ""), address
        headers = [dict(answer.headers) for answer in answers]
        assert headers[0] == headers[1], address
        if answers[0].headers.get("Location"):
            waiting.append(address_in(answers[0].headers["Location"], address))
        if answers[0].headers.get("Content-Type", "").startswith(READABLE):
            text = bodies[0].decode()
            assert "csrfmiddlewaretoken" not in text, address
            waiting.extend(address_in(a or b, address) for a, b in LINK.findall(text))
    return seen


def test_every_public_address_is_the_same_for_everyone(edition: None) -> None:
    signed_in = Client(headers={"User-Agent": "one"}, REMOTE_ADDR="192.0.2.1")
    signed_in.force_login(make_person("publisher"))
    anonymous = Client(headers={"User-Agent": "two"}, REMOTE_ADDR="198.51.100.2")
    seen = walk([signed_in, anonymous])
    for expected in (
        "/harbour/",
        "/harbour/crane-1/",
        "/harbour/crane-1/changes/",
        "/harbour/fishing/nets/",
        "/people/ada-pinto/",
        "/topics/ships/",
        "/about/",
        "/moderation/",
        "/moderation/numbers.csv",
        "/moderation/numbers.json",
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


def test_a_session_that_comes_along_is_not_even_looked_at(
    edition: None, django_assert_max_num_queries: object
) -> None:
    reader = Client()
    reader.force_login(make_person("publisher"))
    response = reader.get("/harbour/crane-1/")
    request = response.wsgi_request
    assert not hasattr(request, "session")
    assert request.user.is_anonymous
