"""`POST /api/v1/articles/{uuid}/comments`: what it stores, what it answers, what it refuses."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from diurna.accounts.marker import MARKER_COOKIE
from diurna.comments.models import Comment, CommentState
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_draft

pytestmark = pytest.mark.django_db

GIVEN = {"name": "Ana Reis", "email": "ana@home.example", "body": "The crane *does* turn."}


@pytest.fixture(autouse=True)
def _a_week_later() -> Iterator[None]:
    with time_machine.travel(A_WEEK_LATER, tick=False):
        yield


@pytest.fixture
def article() -> Article:
    return make_article("The crane turns")


def send(client: Client, article: Article, /, raw: Any = None, **given: Any) -> Any:
    return client.post(
        f"/api/v1/articles/{article.uuid}/comments",
        json.dumps(GIVEN | given) if raw is None else raw,
        content_type="application/json",
    )


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem details of a refusal, which stored nothing."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "private, no-store"
    details: dict[str, Any] = answer.json()
    assert details["code"] == code
    return details


def test_published_is_201(client: Client, article: Article) -> None:
    let_newcomers_in()
    answer = send(client, article)
    assert answer.status_code == HTTPStatus.CREATED
    comment = Comment.objects.get()
    said = answer.json()
    assert (said["id"], said["state"]) == (str(comment.uuid), "published")
    assert said["url"].endswith(f"{article.address_path()}#comment-{comment.uuid}")
    assert answer["Location"].endswith(f"/api/v1/comments/{comment.uuid}")
    assert answer["Cache-Control"] == "private, no-store"
    assert set(answer.cookies) == {settings.DIURNA_GUEST_COOKIE, MARKER_COOKIE, WROTE_COOKIE}
    assert Client().get(said["own"]).status_code == HTTPStatus.OK


def test_held_is_202_with_a_receipt(client: Client, article: Article) -> None:
    answer = send(client, article)
    assert answer.status_code == HTTPStatus.ACCEPTED
    said = answer.json()
    assert (said["state"], said["url"]) == ("held", "")
    assert "waits for a moderator" in said["sentence"]
    assert answer["Location"] == said["receipt"]
    assert "Only you can see this." in Client().get(said["own"]).content.decode()
    own = Client().get(f"{said['own']}?fragment=1").content.decode()
    assert own.strip().startswith("<article")


def test_of_an_account(client: Client, article: Article) -> None:
    person = make_person()
    person.display_name = "Rosa Keel"
    person.save()
    client.force_login(person)
    assert send(client, article, name="", email="").status_code == HTTPStatus.ACCEPTED
    assert Comment.objects.get().user == person


def test_a_reply(client: Client, article: Article) -> None:
    let_newcomers_in()
    above = published_comment(article)
    assert send(client, article, parent=str(above.uuid)).status_code == HTTPStatus.CREATED
    assert Comment.objects.get(name="Ana Reis").parent == above
    elsewhere = published_comment(make_article())
    for parent in (str(elsewhere.uuid), str(uuid4()), "no uuid", 7):
        refused(send(client, article, parent=parent), 409, "conflict")


@pytest.mark.parametrize(
    ("member", "given", "sentence"),
    [
        ("body", "", "Please write something first."),
        ("body", "a" * 5_001, "A comment has at most 5,000 characters"),
        ("name", "www.buy.example", "An address cannot be a name"),
        ("email", "nobody", "This is no e-mail address"),
        ("website", "javascript:alert(1)", "This is no address of a website"),
    ],
)
def test_says_which_member_can_not_be_used(
    client: Client, article: Article, member: str, given: str, sentence: str
) -> None:
    answer = send(client, article, **{member: given})
    details = refused(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid")
    (error,) = details["errors"]
    assert error["location"] == f"body.{member}"
    assert error["detail"].startswith(sentence)
    assert not Comment.objects.exists()
    assert not answer.cookies


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"x"', "7", '{"body": "x", "honey": 1}', "[" * 30_000, '{"gif": 7}', "\xff"],
)
def test_what_is_no_comment(client: Client, article: Article, body: str) -> None:
    assert send(client, article, raw=body).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Comment.objects.exists()


def test_what_no_text_has_is_left_out(client: Client, article: Article) -> None:
    body = json.dumps(GIVEN | {"body": "lone \ud800 and \0 nothing", "website": None, "email": 7})
    refused(send(client, article, raw=body), 422, "invalid")
    body = json.dumps(GIVEN | {"body": "lone \ud800 and \0 nothing", "website": None})
    assert send(client, article, raw=body).status_code == HTTPStatus.ACCEPTED
    assert Comment.objects.get().body == "lone  and  nothing"


def test_what_is_larger_than_any_comment(client: Client, article: Article) -> None:
    refused(send(client, article, raw="\u200d" * 1_000_000), 413, "too_large")
    refused(send(client, article, raw="x" * 10_000_000), 413, "too_large")
    longest = "\N{SMILING FACE WITH OPEN MOUTH}" * 5_000
    assert len(json.dumps(longest)) > 60_000
    answer = send(client, article, body=longest)
    assert answer.status_code == HTTPStatus.ACCEPTED


def test_twice_and_too_often(client: Client, article: Article) -> None:
    send(client, article)
    refused(send(client, article), HTTPStatus.CONFLICT, "duplicate")
    for number in range(9):
        send(client, article, body=f"Number {number}")
    answer = send(client, article, body="One more")
    refused(answer, HTTPStatus.TOO_MANY_REQUESTS, "too_many")
    assert int(answer["Retry-After"]) > 0


def test_where_nobody_may_write(client: Client) -> None:
    off = make_article(comments_mode=CommentsMode.OFF)
    refused(send(client, off), HTTPStatus.FORBIDDEN, "comments_closed")
    members = make_article(comments_mode=CommentsMode.MEMBERS)
    refused(send(client, members), HTTPStatus.FORBIDDEN, "members_only")
    refused(send(client, make_draft()), HTTPStatus.NOT_FOUND, "missing")


def test_other_sites_and_forged_cookies(client: Client, article: Article) -> None:
    answer = client.post(
        f"/api/v1/articles/{article.uuid}/comments",
        json.dumps(GIVEN),
        content_type="application/json",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.json()["code"] == "cross_site"
    client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
    answer = send(client, article)
    refused(answer, HTTPStatus.FORBIDDEN, "guest_cookie")
    assert answer.cookies[settings.DIURNA_GUEST_COOKIE]["max-age"] == 0
    assert not Comment.objects.exists()


def test_is_described(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"]["/api/v1/articles/{article_id}/comments"]["post"]
    assert {"201", "202", "403", "409", "413", "422", "429"} <= operation["responses"].keys()
    described = json.dumps(operation["requestBody"])
    assert "at most 5,000 characters" in described
    assert "$defs" not in described
    assert schema["components"]["schemas"]["CommentPosted"]["properties"]["state"]


def test_held_at_first_then_counted_as_known(client: Client, article: Article) -> None:
    send(client, article)
    Comment.objects.update(state=CommentState.PUBLISHED, published_at=A_WEEK_LATER)
    assert send(client, article, body="Again").status_code == HTTPStatus.CREATED
