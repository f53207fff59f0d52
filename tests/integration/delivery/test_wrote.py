"""Which answers carry the cookie that says: this reader has just written something."""

import json
from typing import Any

import pytest
from django.test import Client

from diurna.accounts.roles import Role
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.newsroom.models import Article
from tests.factories.accounts import PASSWORD, enrol, make_person
from tests.factories.comments import comment_on, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article
from tests.factories.votes import member

pytestmark = pytest.mark.django_db
HERE = {"Sec-Fetch-Site": "same-origin"}
VOTE = json.dumps({"value": 1, "nonce": "0" * 32})
NOWHERE = "00000000-0000-4000-8000-000000000000"
READS = ("get", "head", "options", "trace")


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("Crane")


@pytest.fixture
def client() -> Client:
    return Client(headers=HERE)


def test_every_write_of_a_reader_is_remembered_for_moments(
    client: Client, article: Article
) -> None:
    path = article.address_path()
    theirs = published_comment(article)
    typed = {"body": "It turns, I saw it.", "name": "Ana", "email": "ana@home.example"}
    api = f"/api/v1/articles/{article.uuid}"
    signed_in = Client(headers=HERE)
    ada = make_person()
    signed_in.force_login(ada)
    own = f"/account/comments/{comment_on(article, visitor=member(ada)).uuid}"
    as_json: Any = {"content_type": "application/json"}
    answers = {
        "a vote": client.put(f"{api}/vote", VOTE, **as_json),
        "a vote on a comment": client.put(f"/api/v1/comments/{theirs.uuid}/vote", VOTE, **as_json),
        "a vote by form": client.post(f"{path}vote/", {"value": "-1"}),
        "a comment": client.post(f"{api}/comments", json.dumps(typed), **as_json),
        "a comment by form": client.post(f"{path}comments/", {**typed, "body": "And again."}),
        "a member's vote": signed_in.put(f"{api}/vote", VOTE, **as_json),
        "an edit": signed_in.post(f"{own}/edit/", {"body": "It turned."}),
        "that it is deleted": signed_in.post(f"{own}/delete/"),
    }
    for what, answer in answers.items():
        assert answer.status_code in (200, 201, 202, 302, 303), (what, answer.content)
        cookie = answer.cookies.get(WROTE_COOKIE)
        assert cookie is not None, what
        assert cookie.value == "1", what
        assert cookie["httponly"], what
        assert cookie["samesite"] == "Lax", what
        assert 0 < cookie["max-age"] <= 5, what


def test_what_was_refused_or_only_looked_at_is_no_write(client: Client, article: Article) -> None:
    path = article.address_path()
    api = f"/api/v1/articles/{article.uuid}"
    as_json: Any = {"content_type": "application/json"}
    answers = {
        "no vote": client.put(f"{api}/vote", "x", **as_json),
        "no such story": client.put(f"/api/v1/articles/{NOWHERE}/vote", VOTE, **as_json),
        "nothing typed": client.post(f"{path}comments/", {}),
        "a preview": client.post(f"{path}comments/preview/", {"body": "It turns."}),
        "part of a preview": client.post(
            f"{path}comments/preview/", {"body": "It turns.", "fragment": "1"}
        ),
        "another site": client.put(
            f"{api}/vote", VOTE, headers={"Sec-Fetch-Site": "cross-site"}, **as_json
        ),
        "a wrong password": client.post("/account/login/", {"login": "a@b.example", "password": 1}),
        "no such method": client.generic("BREW", path),
        "what is only read": client.post("/feed/"),
        "a story": client.put(path),
        "an address without its slash": client.post(path.rstrip("/")),
    }
    for what, answer in answers.items():
        assert WROTE_COOKIE not in answer.cookies, what


@pytest.mark.parametrize("method", READS)
def test_reading_never_sets_it(client: Client, article: Article, method: str) -> None:
    client.force_login(make_person())
    for address in (article.address_path(), "/", "/account/", "/account/fragment/", "/feed/"):
        assert WROTE_COOKIE not in getattr(client, method)(address).cookies, address


def test_who_writes_at_the_desk_or_signs_in_has_it_too(article: Article) -> None:
    ben = make_person(Role.MODERATOR)
    enrol(ben)
    held = comment_on(
        article, "https://a.example https://b.example https://c.example http://d.example"
    )
    desk = Client(headers=HERE)
    desk.force_login(ben)
    decided = desk.post(f"/newsroom/comments/{held.uuid}/", {"decision": "published"})
    assert decided.status_code == 302
    assert WROTE_COOKIE in decided.cookies
    reader = make_person()
    entered = Client().post("/account/login/", {"login": reader.email, "password": PASSWORD})
    assert entered.status_code == 302
    assert WROTE_COOKIE in entered.cookies
