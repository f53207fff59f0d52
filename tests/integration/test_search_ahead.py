"""What is offered while somebody types: by beginnings, public, bounded, and kept by nobody else."""

import logging

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from diurna.newsroom.models import Article, Contributor, Topic
from diurna.newsroom.search.keeping import put
from diurna.web.search import ahead, pace
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_section,
    make_topic,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/search/suggestions.json"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def story(title: str, **fields: object) -> Article:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return make_article(title, **fields)  # type: ignore[arg-type]


def offered(client: Client, typed: str) -> list[tuple[str, str]]:
    answer = client.get(ADDRESS, {"q": typed})
    assert answer.status_code == 200
    return [(one["kind"], one["name"]) for one in answer.json()["suggestions"]]


def test_sections_people_topics_and_headlines_are_found_by_the_beginning_of_a_word(
    client: Client,
) -> None:
    lights = make_section("Lights")
    lina, topic = make_contributor("Lina Pinto"), make_topic("Lighthouses")
    one = story("The lighterman’s wedding", section=lights, by={"writing": [lina]}, topics=[topic])
    put(Contributor, list(Contributor.objects.all()))
    put(Topic, list(Topic.objects.all()))
    everything = [
        ("Section", "Lights"),
        ("Person", "Lina Pinto"),
        ("Topic", "Lighthouses"),
        ("Story", "The lighterman’s wedding"),
    ]
    assert offered(client, "li") == everything
    assert offered(client, "LIGH") == [one for one in everything if one[0] != "Person"]
    assert offered(client, "lighterman wed") == [everything[3]]
    assert offered(client, "pinto") == [everything[1]]
    assert offered(client, "zeppelin") == offered(client, "l") == offered(client, " ") == []
    answer = client.get(ADDRESS, {"q": "wedd"})
    assert answer.json() == {
        "told": "1 suggestion",
        "suggestions": [
            {
                "kind": "Story",
                "name": one.title,
                "address": one.address_path(),
                "language": "",
            }
        ],
    }


def test_what_begins_as_it_was_typed_stands_first_and_there_are_few(client: Client) -> None:
    for n in range(ahead.MOST + 2):
        story(f"New bells {n}")
        if n == 0:
            story("Bells of old")
    found = offered(client, "bel")
    assert found[0] == ("Story", "Bells of old")
    assert len(found) == ahead.MOST


def test_only_what_is_public_is_offered(client: Client) -> None:
    gone = story("Gone bells", by={"writing": [make_contributor("Bella Gone")]})
    make_draft("Secret bells")
    put(Contributor, list(Contributor.objects.all()))
    assert len(offered(client, "bell")) == 2
    with TestCase.captureOnCommitCallbacks(execute=True):
        gone.unpublish()
    assert offered(client, "bell") == []


def test_nobody_else_keeps_or_notes_what_was_typed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    story("Bells")
    answer = client.get(ADDRESS, {"q": "bellsecret"})
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "Surrogate-Key" not in answer.headers
    assert not answer.cookies
    assert "bellsecret" not in caplog.text


def test_who_asks_without_end_waits_and_can_still_search(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SUGGESTIONS_A_MINUTE", 0)
    refused = client.get(ADDRESS, {"q": "bells"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"
    # One letter asks for nothing, so it costs nothing.
    assert client.get(ADDRESS, {"q": "b"}).status_code == 200
    assert client.get("/search/", {"q": "bells"}).status_code == 200


def test_more_stories_are_no_more_questions(client: Client) -> None:
    story("Bell 0")
    offered(client, "bel")
    with CaptureQueriesContext(connection) as few:
        offered(client, "bel")
    for n in range(1, 6):
        story(f"Bell {n}", by={"writing": [make_contributor(f"Bell {n}")]})
    with CaptureQueriesContext(connection) as many:
        offered(client, "bel")
    assert len(many) <= len(few) <= 14


@pytest.mark.parametrize("typed", ["\0\0", "''\"*^:(", "a" * 5_000, "بلـدية", "-- ; drop", "%_"])
def test_whatever_is_typed_is_answered(client: Client, typed: str) -> None:
    story("A a b")
    assert isinstance(offered(client, typed), list)
