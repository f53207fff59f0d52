"""A guest's vote goes past most layers, and nobody can tell by the answer."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from diurna.points import middleware
from diurna.points.models import Vote
from diurna.points.views import put_article_vote
from tests.factories.newsroom import make_article, make_draft

pytestmark = pytest.mark.django_db

VOTE = '{"value": 1}'
# What differs from answer to answer, and says nothing of the way.
BY_CHANCE = ("voter", "receipt")


def put(address: str, body: str, headers: dict[str, str], *, has_session: bool) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if has_session:
        # Nobody's: whoever sends it is a guest, and goes the long way all the same.
        client.cookies[settings.SESSION_COOKIE_NAME] = "nobodys"
    return client.put(address, body, content_type="application/json", headers=headers)


def told(answer: HttpResponse) -> tuple[Any, ...]:
    """All of an answer that does not differ by chance."""
    headers = dict(answer.headers)
    says_length = headers.pop("Content-Length", None)
    assert says_length in (None, str(len(answer.content)))
    cookies = sorted(name for name in answer.cookies if name != settings.SESSION_COOKIE_NAME)
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = "a page"
    else:
        for name in BY_CHANCE:
            body.pop(name, None)
    return answer.status_code, headers, says_length is None, cookies, body


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, VOTE, {"Sec-Fetch-Site": "same-origin"}),
        (200, VOTE, {}),
        (403, VOTE, {"Sec-Fetch-Site": "cross-site"}),
        (403, VOTE, {"Origin": "https://elsewhere.example"}),
        (403, VOTE, {"Cookie": f"{settings.DIURNA_GUEST_COOKIE}=forged"}),
        (422, "no vote", {}),
        (413, f'{{"value": 1, "nonce": "{"x" * 5000}"}}', {}),
    ],
)
def test_the_short_way_answers_as_the_long_one(
    status: int, body: str, headers: dict[str, str]
) -> None:
    short, long = (
        put(f"/api/v1/articles/{make_article().uuid}/vote", body, headers, has_session=has_session)
        for has_session in (False, True)
    )

    assert short.status_code == status
    assert told(short) == told(long)


def test_another_sites_name_is_refused_either_way() -> None:
    address = f"/api/v1/articles/{make_article().uuid}/vote"

    for has_session in (False, True):
        answer = put(address, VOTE, {"Host": "elsewhere.example"}, has_session=has_session)
        assert answer.status_code == 400
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    ("kind", "of"), [("articles", "draft"), ("articles", "nothing"), ("comments", "nothing")]
)
def test_what_takes_no_vote_is_missing_either_way(kind: str, of: str) -> None:
    uuid = make_draft().uuid if of == "draft" else uuid4()

    short, long = (
        put(f"/api/v1/{kind}/{uuid}/vote", VOTE, {}, has_session=has_session)
        for has_session in (False, True)
    )

    assert short.status_code == 404
    assert told(short) == told(long)


def test_only_a_guests_vote_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []

    def noting(request: HttpRequest, article_id: UUID) -> HttpResponse:
        went.append(str(article_id))
        return put_article_vote(request, article_id)

    monkeypatch.setattr(middleware, "put_article_vote", noting)
    article = make_article()
    address = f"/api/v1/articles/{article.uuid}/vote"

    put(address, VOTE, {}, has_session=True)
    put(f"{address}/", VOTE, {}, has_session=False)
    Client().post(address, VOTE, content_type="application/json")
    assert not went

    put(address, VOTE, {}, has_session=False)
    assert went == [str(article.uuid)]
