"""A vote over the API, through the whole stack: what is taken, what is refused, what is logged."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diurna.accounts.models import Guest
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger.actions import found_log
from diurna.ledger.models import PendingEntry
from diurna.ledger.note import SignedNote, VerifierKey
from diurna.newsroom.models import Article
from diurna.points import rules
from diurna.points.models import Cast, PointsSettings, Vote
from diurna.points.views import MAX_BODY_BYTES
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_contributor, make_draft

pytestmark = pytest.mark.django_db

NONCE = "00112233445566778899aabbccddeeff"
SOMEBODY = "5b6f3a0e8c1d4e7f9a2b3c4d5e6f7081"


def address(article: Article) -> str:
    return f"/api/v1/articles/{article.uuid}/vote"


def put(client: Client, article: Article, value: Any = 1, **more: Any) -> HttpResponse:
    """What the API answers to a vote; `headers` and further members of the body in `more`."""
    headers = more.pop("headers", {})
    body = more.pop("body", None)
    sent = json.dumps({"value": value, **more}) if body is None else body
    return client.put(address(article), sent, content_type="application/json", headers=headers)


def assert_refused(response: HttpResponse, status: int, code: str) -> str:
    """The sentence of a refusal, after which nothing is stored or on its way to the log."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert "public" not in response.headers.get("Cache-Control", "")
    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].endswith(".")
    assert not PendingEntry.objects.filter(type="vote").exists()
    assert not Vote.objects.exists()
    assert not Cast.objects.exists()
    return str(body["detail"])


class TestVote:
    def test_of_a_new_guest_is_stored_and_the_guest_remembered(self, client: Client) -> None:
        article = make_article()
        answer = put(client, article, 1, nonce=NONCE)
        assert answer.status_code == 200
        said = answer.json()
        assert (said["value"], said["counted"], said["reason"], said["sentence"]) == (
            1,
            True,
            "",
            "",
        )
        assert (said["points"], said["up"], said["down"], said["n"]) == (1, 1, 0, 1)
        assert said["by_class"]["guest"] == {"points": 1, "up": 1, "down": 0}
        assert said["by_class"]["member"] == {"points": 0, "up": 0, "down": 0}
        entry = json.loads(bytes(PendingEntry.objects.get(type="vote").data))
        assert entry["voter"] == said["voter"]
        assert entry["nonce"] == hashlib.sha256(NONCE.encode()).hexdigest()
        cookie = answer.cookies[settings.DIURNA_GUEST_COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert Guest.objects.count() == 1
        assert answer["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_is_changed_and_taken_back(self, client: Client) -> None:
        article = make_article()
        points = [put(client, article, value).json()["points"] for value in (1, -1, 0, 0, 1)]
        assert points == [1, -1, 0, 0, 1]
        assert Vote.objects.get().n == 4
        assert Guest.objects.count() == 1

    def test_that_stands_so_already_writes_nothing(self, client: Client) -> None:
        article = make_article()
        put(client, article, 1)
        again = put(client, article, 1).json()
        assert (again["value"], again["n"], again["receipt"]) == (1, 1, None)
        assert PendingEntry.objects.filter(type="vote").count() == 1

    def test_of_nobody_that_is_taken_back_makes_no_guest(self, client: Client) -> None:
        answer = put(client, make_article(), 0)
        assert answer.status_code == 200
        assert answer.json()["voter"] == ""
        assert set(answer.cookies) == {WROTE_COOKIE}
        assert not Guest.objects.exists()

    def test_has_a_receipt_that_the_key_of_the_log_has_signed(self, client: Client) -> None:
        article = make_article()
        assert put(client, article, -1).json()["receipt"]["promise"] is None, "there is no log yet"
        log = found_log(site="http://localhost:8000", demo=False)
        said = put(client, article, 1).json()
        note = SignedNote.parse(said["receipt"]["promise"].encode())
        assert note.check([VerifierKey.parse(log.verifier_key)])
        entry = bytes(PendingEntry.objects.filter(type="vote").latest("pk").data)
        assert said["receipt"]["leaf"] == hashlib.sha256(b"\0" + entry).hexdigest()
        assert f"leaf {said['receipt']['leaf']}\n" in note.text
        assert f"voter {said['voter']}\nn 2\nvalue 1\n" in note.text

    def test_of_a_member_is_a_members(self) -> None:
        client = Client()
        client.force_login(make_person())
        answer = put(client, make_article(), 1)
        assert answer.json()["by_class"]["member"]["points"] == 1
        assert settings.DIURNA_GUEST_COOKIE not in answer.cookies
        assert not Guest.objects.exists()

    def test_of_a_guest_never_touches_the_table_of_sessions(self, client: Client) -> None:
        article = make_article()
        for value in (1, -1):
            with CaptureQueriesContext(connection) as queries:
                answer = put(client, article, value)
            assert not [query for query in queries if "session" in query["sql"]]
            assert settings.SESSION_COOKIE_NAME not in answer.cookies
        assert not Session.objects.exists()

    def test_sent_twice_counts_once_and_both_are_answered_alike(self, client: Client) -> None:
        article = make_article()
        first, second = (put(client, article, 1, nonce=NONCE).json() for _ in range(2))
        assert (first["value"], first["n"]) == (second["value"], second["n"]) == (1, 1)
        assert PendingEntry.objects.filter(type="vote").count() == 1

    def test_that_does_not_count_says_why_and_what_would_make_it(self) -> None:
        ben = make_contributor()
        client = Client()
        client.force_login(make_person())
        for _ in range(rules.DOWN_VOTES_PER_AUTHOR):
            assert put(client, make_article(by={"writing": [ben]}), -1).json()["counted"]
        said = put(client, make_article(by={"writing": [ben]}), -1).json()
        assert (said["value"], said["counted"], said["reason"]) == (-1, False, "down_votes")
        assert said["points"] == 0
        assert "count again a day later" in said["sentence"]


class TestRefusals:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
        ],
    )
    def test_of_another_sites_request(self, client: Client, headers: dict[str, str]) -> None:
        answer = put(client, make_article(), 1, headers=headers)
        assert_refused(answer, 403, "cross_site")
        assert not answer.cookies

    @pytest.mark.parametrize("cookie", ["", "x", f"{SOMEBODY}:forged", SOMEBODY])
    def test_of_a_guests_cookie_that_is_not_ours(self, client: Client, cookie: str) -> None:
        client.cookies[settings.DIURNA_GUEST_COOKIE] = cookie
        answer = put(client, make_article(), 1)
        assert_refused(answer, 403, "guest_cookie")
        dropped = answer.cookies[settings.DIURNA_GUEST_COOKIE]
        assert (dropped.value, dropped["max-age"]) == ("", 0)

    def test_of_another_guests_cookie_with_one_letter_changed(self, client: Client) -> None:
        elsewhere, article = make_article(), make_article()
        put(client, elsewhere, 1)
        Vote.objects.all().delete()
        PendingEntry.objects.all().delete()
        kept = client.cookies[settings.DIURNA_GUEST_COOKIE].value
        other = ("0" if kept[0] != "0" else "1") + kept[1:]
        client.cookies[settings.DIURNA_GUEST_COOKIE] = other
        Cast.objects.all().delete()
        assert_refused(put(client, article, 1), 403, "guest_cookie")

    def test_of_a_replayed_nonce_after_the_vote_has_changed(self, client: Client) -> None:
        article = make_article()
        put(client, article, 1, nonce=NONCE)
        put(client, article, -1)
        answer = put(client, article, 1, nonce=NONCE)
        assert answer.status_code == 409
        assert answer.json()["code"] == "replayed"
        assert Vote.objects.get().value == -1
        assert PendingEntry.objects.filter(type="vote").count() == 2

    def test_of_a_draft_and_of_what_is_not_there(self, client: Client) -> None:
        draft, gone = make_draft(), make_article()
        gone.unpublish()
        for article in (draft, gone, Article(uuid=uuid4())):
            assert_refused(put(client, article, 1), 404, "missing")

    def test_of_ones_own_article(self) -> None:
        user = make_person()
        client = Client()
        client.force_login(user)
        own = make_article(by={"writing": [make_contributor(user=user)]})
        assert_refused(put(client, own, 1), 403, "own_work")

    def test_where_points_are_off(self, client: Client) -> None:
        assert_refused(put(client, make_article(points_mode="off"), 1), 403, "refused")
        assert_refused(put(client, make_article(work_type="obituary"), 1), 403, "refused")

    def test_down_where_votes_go_up_only(self, client: Client) -> None:
        assert_refused(put(client, make_article(points_mode="up"), -1), 403, "refused")

    def test_of_guests_where_only_members_vote(self, client: Client) -> None:
        PointsSettings.objects.create(voters="members")
        assert_refused(put(client, make_article(), 1), 403, "members_only")

    @pytest.mark.parametrize(
        "body",
        [
            '{"value": 7}', '{"value": 2}', '{"value": "1"}', '{"value": 1.0}', '{"value": true}',
            '{"value": null}', "{}", "", "1", "[]", '{"value": 1', "value=1", "\x00", "[" * 4000,
            '{"value": 1, "nonce": 5}', '{"value": 1, "nonce": null}', '{"value": 1e999}',
            '{"value": 1, "weight": 100}', '{"value": 1' + "0" * 4000 + "}",
            '{"value": 1, "nonce": "\\ud800"}', '{"value": NaN}',
            json.dumps({"value": 1, "nonce": "n" * 129}),
        ],
    )  # fmt: skip
    def test_of_what_is_no_vote(self, client: Client, body: str) -> None:
        assert_refused(put(client, make_article(), body=body), 422, "invalid")

    def test_of_a_nonce_of_a_megabyte_before_it_is_read(self, client: Client) -> None:
        body = json.dumps({"value": 1, "nonce": "n" * 1_000_000})
        assert_refused(put(client, make_article(), body=body), 413, "too_large")
        assert_refused(
            put(client, make_article(), body=" " * (MAX_BODY_BYTES + 1)), 413, "too_large"
        )

    def test_of_too_many_with_the_time_to_wait(self, client: Client) -> None:
        article = make_article()
        for number in range(rules.GUEST_PER_HOUR):
            assert put(client, article, 1 if number % 2 else -1).status_code == 200
        answer = put(client, article, 0)
        assert answer.status_code == 429
        assert answer.json()["code"] == "too_many"
        assert int(answer["Retry-After"]) > 0
        assert PendingEntry.objects.filter(type="vote").count() == rules.GUEST_PER_HOUR

    @pytest.mark.parametrize("method", ["get", "post", "patch", "delete", "options"])
    def test_of_other_methods(self, client: Client, method: str) -> None:
        answer = getattr(client, method)(address(make_article()))
        assert_refused(answer, 405, "method_not_allowed")
        assert answer["Allow"] == "PUT"
        assert not answer.cookies
