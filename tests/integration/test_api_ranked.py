"""`order=` of the API's list: what the pages show, with the figures behind it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponseBase
from django.test import Client

from diurna.newsroom.models import Article
from diurna.points.models import Edition
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_section, make_topic
from tests.factories.votes import settle_votes, vote_often

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles"
NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_log()
        yield


def valued(title: str, ups: int, downs: int = 0, **fields: Any) -> Article:
    article = make_article(title, at=NOW - timedelta(hours=30), **fields)
    vote_often(article, ups, downs, at=NOW - timedelta(hours=26))
    return article


def listed(client: Client, **query: Any) -> dict[str, Any]:
    response = client.get(LIST, query)
    assert response.status_code == 200, response.content
    return response.json()  # type: ignore[no-any-return]


def titles(page: dict[str, Any]) -> list[str]:
    return [item["title"] for item in page["items"]]


def problem(response: HttpResponseBase) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, json.loads(response.content)["code"]  # type: ignore[attr-defined]


def test_top_with_its_terms(client: Client) -> None:
    valued("Crane", 1)
    valued("Ferry", 5, 2)
    settle_votes()

    page = listed(client, order="top", window="week")

    assert titles(page) == ["Ferry", "Crane"]
    assert page["items"][0]["points"] == 3
    assert page["items"][0]["ranking"] == {
        "rank": 1, "mark": 3.0, "points": 3, "up": None, "down": None, "commenters": None,
        "rank_by_mark": None,
    }  # fmt: skip
    assert page["ranked_at"] == "2026-11-23T12:15:00Z"
    assert page["counted_since"] == "2026-11-16T12:00:00Z"
    assert page["next"] is None
    # The votes are older than a day.
    assert titles(listed(client, order="top", window="day")) == []
    assert listed(client, order="top", window="all")["counted_since"] == "2026-11-22T10:00:00Z"


def test_every_order_answers_with_the_figures_that_it_counts(client: Client) -> None:
    valued("Crane", 4, 3)
    settle_votes()
    counted = {
        "hot": {"points", "rank_by_mark"},
        "trending": {"points", "commenters"},
        "controversial": {"points", "up", "down"},
    }
    for order, members in counted.items():
        (item,) = listed(client, order=order)["items"]
        told = {name for name, value in item["ranking"].items() if value is not None}
        assert told == members | {"rank", "mark"}, order
    assert listed(client, order="discussed")["items"] == []


def test_of_a_section_and_of_a_topic(client: Client) -> None:
    boats = make_topic("Boats")
    valued("Ferry", 1, section=make_section("Harbour"), topics=[boats])
    valued("Verdict", 2, section=make_section("Court"))
    settle_votes()
    assert titles(listed(client, order="hot", section="harbour")) == ["Ferry"]
    assert titles(listed(client, order="top", window="all", topic="boats")) == ["Ferry"]
    assert titles(listed(client, topic="boats")) == ["Ferry"]


def test_a_cursor_walks_the_list_that_it_began(client: Client) -> None:
    for number in range(5):
        valued(f"Story {number}", 5 - number)
    settle_votes()
    first = listed(client, order="top", window="all", limit=2)
    vote_often(Article.objects.get(title="Story 4"), 9, 0, at=NOW)
    settle_votes()
    Edition.objects.update(at=NOW - timedelta(minutes=2))
    assert titles(listed(client, order="top", window="all"))[0] == "Story 4"

    second = listed(client, order="top", window="all", limit=2, cursor=first["next"])
    third = listed(client, order="top", window="all", limit=2, cursor=second["next"])

    assert titles(first) + titles(second) + titles(third) == [f"Story {n}" for n in range(5)]
    assert third["next"] is None


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"order": "best"}, 422, "invalid"),
        ({"order": "top"}, 422, "invalid"),
        ({"order": "top", "window": "decade"}, 422, "invalid"),
        ({"order": "hot", "window": "day"}, 422, "invalid"),
        ({"order": "latest", "window": "day"}, 422, "invalid"),
        ({"order": "hot", "cursor": "nonsense"}, 400, "bad_cursor"),
        ({"order": "hot", "cursor": "999999.20"}, 400, "bad_cursor"),
        ({"order": "hot", "topic": "nothing"}, 404, "missing"),
        ({"order": "hot", "topic": "a\0b"}, 404, "missing"),
        ({"order": "hot", "section": "nowhere"}, 404, "missing"),
        ({"order": "hot", "section": "harbour", "topic": "boats"}, 422, "invalid"),
        ({"order": "hot", "limit": 0}, 422, "invalid"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: Client, query: dict[str, Any], status: int, code: str
) -> None:
    make_section("Harbour"), make_topic("Boats")
    assert problem(client.get(LIST, query)) == (status, code)
