"""How many questions each kind of page asks the database, and that more stories are no more.

The bounds are what the pages took when this was written; who lowers one writes the lower number.
"""

from datetime import timedelta
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diurna.newsroom.models import Article, Contributor, Topic
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_photograph,
    make_topic,
)

pytestmark = pytest.mark.django_db

# Queries at most, by the kind of page.
MOST: Final = {
    "article": 11,
    "front": 12,
    "section": 17,
    "topic": 10,
    "person": 11,
    "latest": 9,
    "ranked": 13,
    "feed": 11,
    "thread page": 6,
}


def stories(number: int, *, topic: Topic, person: Contributor) -> list[Article]:
    return [
        make_article(
            f"Story {n} of {number}",
            at=A_DAY + timedelta(hours=n + number),
            topics=[topic],
            by={"writing": [person]},
            lead_image=make_photograph(),
            lead_image_alt="A boat",
        )
        for n in range(number)
    ]


def asked(client: Client, path: str) -> int:
    # Once before: what a process learns at its first page is not asked again.
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_pages_ask_so_much_and_no_more_with_more_stories(client: Client) -> None:
    let_newcomers_in()
    topic, person = make_topic("Boats"), make_contributor("Ana")
    story = stories(3, topic=topic, person=person)[0]
    published_comment(story)
    paths = {
        "article": story.address_path(),
        "front": "/",
        "section": story.get_parent().specific.address_path(),
        "topic": topic.get_absolute_url(),
        "person": person.get_absolute_url(),
        "latest": "/latest/",
        "ranked": "/hot/",
        "feed": "/feed/",
        "thread page": f"{story.address_path()}comments/",
    }
    few = {kind: asked(client, path) for kind, path in paths.items()}
    stories(9, topic=topic, person=person)
    many = {kind: asked(client, path) for kind, path in paths.items()}

    assert {kind: most for kind, most in many.items() if most > MOST[kind]} == {}
    assert many == few
