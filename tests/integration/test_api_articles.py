"""The read API: lists, one article, and errors as problem details."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.publishing import publish_article
from diurna.web.api.cursor import BadCursor, Cursor
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_draft,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles"
SITE = "http://localhost:8000"


def titles(client: Client, query: str = "") -> list[str]:
    return [item["title"] for item in client.get(f"{LIST}{query}").json()["items"]]


def walk(client: Client, limit: int) -> list[str]:
    """Every title, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        page = client.get(LIST, {"limit": limit, "cursor": cursor}).json()
        found += [item["title"] for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = page["next"]


def assert_problem(response, status: int, code: str) -> dict:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    body = json.loads(response.content)
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    return body


def test_an_article_in_the_list(client: Client) -> None:
    person = make_contributor("Ana Reis")
    article = make_article(
        "Crane", by={"writing": [person]}, topics=[make_topic("Ferries")], standfirst="Up."
    )
    (item,) = client.get(LIST).json()["items"]
    assert item == {
        "id": str(article.uuid),
        "url": f"{SITE}/harbour/crane/",
        "api_url": f"{SITE}/api/v1/articles/{article.uuid}",
        "title": "Crane",
        "short_title": "",
        "standfirst": "Up.",
        "work_type": "report",
        "language": "en",
        "direction": "ltr",
        "section": {"name": "Harbour", "slug": "harbour", "url": f"{SITE}/harbour/"},
        "topics": [{"name": "Ferries", "slug": "ferries", "url": f"{SITE}/topics/ferries/"}],
        "bylines": [{"name": "Ana Reis", "role": "writing", "url": f"{SITE}/people/ana-reis/"}],
        "image": None,
        "published_at": "2026-11-01T09:00:00Z",
        "updated_at": None,
        "retracted_at": None,
        "points": 0,
        "comments": 0,
    }


def test_newest_first_without_drafts_and_withdrawn(client: Client) -> None:
    make_article("First", at=A_DAY)
    make_article("Second", at=A_DAY + timedelta(days=1))
    make_draft("Draft")
    make_article("Gone").unpublish()
    assert titles(client) == ["Second", "First"]


def test_pages_neither_repeat_nor_skip_though_moments_are_equal(client: Client) -> None:
    for number in range(7):
        make_article(f"Story {number}", at=A_DAY + timedelta(hours=number // 3))
    whole = titles(client)
    assert len(whole) == 7
    for limit in (1, 2, 3, 6, 7):
        assert walk(client, limit) == whole


def test_an_article_published_meanwhile_does_not_shift_the_next_page(client: Client) -> None:
    for number in range(4):
        make_article(f"Story {number}", at=A_DAY + timedelta(hours=number))
    first = client.get(LIST, {"limit": 2}).json()
    make_article("Newest", at=A_DAY + timedelta(days=1))
    second = client.get(LIST, {"limit": 2, "cursor": first["next"]}).json()
    assert [item["title"] for item in second["items"]] == ["Story 1", "Story 0"]
    assert second["next"] is None


def test_a_section_includes_those_below_it(client: Client) -> None:
    harbour = make_section("Harbour")
    make_article("Deep", section=make_section("Ferries", parent=harbour))
    make_article("Flat", section=harbour, at=A_DAY + timedelta(days=1))
    make_article("Other", section=make_section("Town"))
    assert titles(client, "?section=harbour") == ["Flat", "Deep"]
    assert titles(client, "?section=harbour/ferries") == ["Deep"]


def test_an_order_that_is_none_says_which_are(client: Client) -> None:
    body = assert_problem(client.get(LIST, {"order": "best"}), 422, "invalid")
    assert "latest" in body["detail"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_limit_out_of_range_is_refused_with_its_place(client: Client, limit: str) -> None:
    body = assert_problem(client.get(LIST, {"limit": limit}), 422, "invalid")
    assert body["errors"][0]["location"] == "query.limit"


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMF0", "W10", "A" * 201, "ü", "WzFlOTksMV0"])
def test_a_cursor_that_is_not_ours_is_refused(client: Client, cursor: str) -> None:
    make_section()
    assert_problem(client.get(LIST, {"cursor": cursor}), 400, "bad_cursor")


def test_a_cursor_comes_back_as_it_was_made() -> None:
    cursor = Cursor(A_DAY + timedelta(microseconds=123456), 42)
    assert Cursor.decode(cursor.encode()) == cursor
    with pytest.raises(BadCursor):
        Cursor.decode(cursor.encode() + "!")


def test_problems_for_what_is_not_there_or_not_allowed(client: Client) -> None:
    make_section()
    draft = make_draft("Draft")
    assert_problem(client.get(f"{LIST}/{uuid4()}"), 404, "missing")
    assert_problem(client.get(f"{LIST}/{draft.uuid}"), 404, "missing")
    assert_problem(client.get(f"{LIST}/nonsense"), 404, "missing")
    assert_problem(client.get("/api/v1/"), 404, "missing")
    assert_problem(client.get("/api/v1/nothing"), 404, "missing")
    assert_problem(client.get(LIST, {"section": "nowhere"}), 404, "missing")
    refused = client.post(LIST, {})
    assert_problem(refused, 405, "method_not_allowed")
    assert refused["Allow"] == "GET, HEAD"


def test_a_head_has_what_a_get_has_but_the_body(client: Client) -> None:
    make_article("Crane")
    head, get = client.head(LIST), client.get(LIST)
    assert head.status_code == 200
    assert head["ETag"] == get["ETag"]
    assert head.content == b""


def test_a_script_of_another_site_may_send_a_validator(client: Client) -> None:
    response = client.options(LIST, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert response["Access-Control-Allow-Headers"] == "If-None-Match"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(LIST)["Access-Control-Expose-Headers"] == "ETag"


def test_the_whole_article_with_its_history(client: Client) -> None:
    article = make_article("Crane")
    article.title = "Cranes"
    article.minor_change = True
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=1))
    body = client.get(f"{LIST}/{article.uuid}").json()
    assert body["canonical_text"].startswith("diurna-canonical-text/1\n")
    assert "headline: Cranes\n" in body["canonical_text"]
    assert [(row["number"], row["kind"], row["minor"]) for row in body["revisions"]] == [
        (1, "publish", False),
        (2, "edit", True),
    ]
    last = body["revisions"][-1]
    digest = hashlib.sha256(bytes.fromhex(last["salt"]) + body["canonical_text"].encode())
    assert last["commitment"] == digest.hexdigest()
    assert body["history_url"] == f"{SITE}/harbour/crane/changes/"
    assert body["updated_at"] is None


def test_validators_keys_and_no_cookie(client: Client) -> None:
    article = make_article("Crane")
    for path in (LIST, f"{LIST}/{article.uuid}", "/api/v1/openapi.json"):
        first = client.get(path)
        assert first.status_code == 200
        assert not first.cookies
        assert first["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in first.headers
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again["Access-Control-Allow-Origin"] == "*"
    keys = client.get(LIST)["Surrogate-Key"].split()
    assert {"list-latest", f"article-{article.uuid}"} <= set(keys)


def test_the_description_is_openapi_3_1_and_names_every_address(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1.")
    assert set(schema["paths"]) == {
        "/api/v1/articles",
        "/api/v1/articles/{article_id}",
        "/api/v1/articles/{article_id}/revisions/{number}",
        "/api/v1/articles/{article_id}/points",
        "/api/v1/articles/{article_id}/points/entries",
        "/api/v1/articles/{article_id}/vote",
        "/api/v1/articles/{article_id}/comments",
        "/api/v1/comments/{comment_id}",
        "/api/v1/comments/{comment_id}/replies",
        "/api/v1/comments/{comment_id}/vote",
        "/api/v1/search",
    }
    assert "Problem" in schema["components"]["schemas"]


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(
    client: Client, django_assert_max_num_queries
) -> None:
    person = make_contributor()
    for number in range(6):
        make_article(f"Story {number}", by={"writing": [person]}, topics=[make_topic()])
    client.get(LIST)
    with django_assert_max_num_queries(10):
        client.get(LIST)
    assert Article.objects.live().count() == 6


def test_each_version_with_its_own_text(client: Client) -> None:
    article = make_article("Crane turns")
    article.title = "Crane stands"
    publish_article(article=article, actor=None)
    texts = []
    for number in (1, 2):
        shown = client.get(f"{LIST}/{article.uuid}/revisions/{number}").json()
        assert shown["number"] == number
        digest = hashlib.sha256(bytes.fromhex(shown["salt"]) + shown["canonical_text"].encode())
        assert digest.hexdigest() == shown["commitment"]
        texts.append(shown["canonical_text"])
    assert "headline: Crane turns" in texts[0]
    assert "headline: Crane stands" in texts[1]


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999"])
def test_a_version_that_there_is_not(client: Client, number: str) -> None:
    article = make_article()
    assert_problem(client.get(f"{LIST}/{article.uuid}/revisions/{number}"), 404, "missing")


def test_versions_of_a_draft_are_not_public(client: Client) -> None:
    draft = make_draft()
    assert_problem(client.get(f"{LIST}/{draft.uuid}/revisions/1"), 404, "missing")


def test_a_version_whose_words_are_gone_answers_410(client: Client) -> None:
    article = make_article("Ebb")
    address = f"/api/v1/articles/{article.uuid}/revisions/1"
    assert client.get(address).status_code == 200
    PublicRevision.objects.blank(article.uuid)
    answer = client.get(address)
    assert answer.status_code == 410
    assert answer.json()["code"] == "words_gone"
