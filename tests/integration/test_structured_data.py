"""What pages say to machines: every type and property is one of schema.org's."""

from typing import Any

import pytest
from django.test import Client

from diurna.accounts.roles import Role
from diurna.newsroom.models import WorkType
from diurna.newsroom.standards.actions import publish_standard, save_draft
from tests.factories.accounts import make_person
from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_information_page,
    make_photograph,
    make_section,
    make_topic,
)
from tests.structured_data import blocks_of, faults, faults_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ({"@type": "NewsStory"}, "no type NewsStory"),
        ({"@type": "NewsArticle", "head": "x"}, "no property head"),
        ({"@type": "Person", "backstory": "x"}, "no property backstory"),
        ({"@type": "NewsArticle", "author": "Ana"}, "author expects"),
        ({"@type": "NewsArticle", "datePublished": "yesterday"}, "datePublished expects"),
        ({"@type": "NewsArticle", "correction": {"@type": "Person"}}, "not Person"),
        ({"@type": "NewsArticle", "citation": [{"name": "x"}]}, "has no type"),
        ({"@type": "NewsArticle", "headline": ""}, "headline expects"),
    ],
)
def test_the_check_finds_what_the_vocabulary_does_not_have(
    thing: dict[str, Any], said: str
) -> None:
    assert said in " ".join(faults(thing))


def rich_article(**fields: Any) -> Any:
    """A story that has everything that its data may name."""
    person = make_contributor("Ana Reis", job_title="Reporter")
    full: dict[str, Any] = {
        "outlet": make_outlet("The Pilot", home="https://example.org/"), "authors": "B. Lind",
        "address": "https://example.org/a", "published": "2026-03", "place": "Quay 3",
        "language": "pt", "doi": "10.1000/a", "paywalled": True,
    }  # fmt: skip
    kinds = ("document", "dataset", "interview", "scene", "outlet", "post", "statement")
    rows = [make_citation(kind, make_source(kind, kind=kind, **full)) for kind in kinds]
    rows += [
        make_citation("book", make_source("A book", isbn="978-3", publisher="Press")),
        make_citation("own", make_source("Own", kind="scene", person=person)),
        make_citation(
            "somebody", make_source("A clerk", anonymity="unnamed", anonymity_reason="Asked")
        ),
    ]
    return make_article(
        "Crane",
        body=cited_body(*rows),
        by={"writing": [person], "photography": [person], "editing": [make_contributor()]},
        lead_image=make_photograph(credit="The Port"),
        lead_image_alt="A crane",
        methods="<p>We <b>asked</b>.</p>",
        topics=[make_topic("Ships")],
        short_headline="Crane!",
        standfirst="It turns.",
        **fields,
    )


def test_every_page_keeps_to_the_vocabulary(client: Client) -> None:
    article = rich_article()
    make_information_page("About")
    publisher = make_person(role=Role.PUBLISHER)
    save_draft(kind="ethics", answers={"mission": "To ring."}, actor=publisher)
    publish_standard(kind="ethics", actor=publisher)
    section = make_section("Court")
    for work_type in WorkType.values:
        make_article(f"As {work_type}", section=section, work_type=work_type)
    addresses = [
        "/", "/harbour/", "/court/", "/latest/", "/about/", "/topics/ships/", "/people/ana-reis/",
        "/outlets/the-pilot/", "/ledger/", "/standards/", "/standards/ethics/",
        *(f"{article.address_path()}{below}" for below in ("", "changes/", "points/")),
        *(f"/court/as-{work_type.replace('_', '-')}/" for work_type in WorkType.values),
    ]  # fmt: skip
    told = 0
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        told += len(blocks_of(page))
        assert not faults_of(page), address
    assert told > len(WorkType.values)


def test_a_story_names_what_it_cites_what_it_is_based_on_and_how_it_came_about(
    client: Client,
) -> None:
    article = rich_article()
    thing = blocks_of(client.get(article.address_path()).content.decode())[0]
    by_name = {each["name"]: each for each in thing["citation"]}
    types = {name: each["@type"] for name, each in by_name.items()}
    assert types == {
        "document": "DigitalDocument", "dataset": "Dataset", "interview": "Conversation",
        "scene": "CreativeWork", "outlet": "Article", "post": "SocialMediaPosting",
        "statement": "Statement", "A book": "Book", "Own": "CreativeWork",
        "A clerk": "DigitalDocument",
    }  # fmt: skip
    assert by_name["document"]["publisher"] == {
        "@type": "Organization", "name": "The Pilot", "url": "https://example.org/",
    }  # fmt: skip
    assert by_name["document"]["isAccessibleForFree"] is False
    assert by_name["Own"]["contributor"] == {"@id": thing["author"][0]["@id"]}
    assert set(by_name["A clerk"]) == {"@type", "@id", "name"}
    based = {each["@id"] for each in thing["isBasedOn"]}
    assert based == {by_name[name]["@id"] for name in ("document", "dataset", "A book")}
    assert thing["backstory"] == "We asked."


def test_a_plain_story_names_nothing_of_it(client: Client) -> None:
    thing = blocks_of(client.get(make_article("Plain").address_path()).content.decode())[0]
    assert not {"citation", "isBasedOn", "backstory", "correction"} & set(thing)
