"""No page shows an empty piece, or points at one that is not there.

A story may have no sources, corrections, picture, topic, methods or by-line: nothing of them shows.
"""

from typing import Any

import pytest
from django.test import Client
from lxml.html import document_fromstring

from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.newsroom import make_article, make_contributor, make_section, make_topic

pytestmark = pytest.mark.django_db
# Each of these is there for what is in it.
HOLDERS = (
    "p ul ol li dl dt dd section h1 h2 h3 h4 h5 h6 figure figcaption blockquote cite table aside "
    "article header footer nav a q"
).split()
# Something to see without a word.
SEEN = ".//img | .//svg | .//input | .//button | .//hr | .//textarea | .//select"
# What a script says something in later, to those who listen, too.
FILLED = ("masthead__personal", "thread__list")
LATER = "ancestor-or-self::*[@aria-live or @role='status' or @hidden or self::template]"
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "popovertarget")


def dangling(page: Any) -> list[str]:
    """What of a parsed page is empty, says nothing under its heading, or leads nowhere."""
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    found = []
    for element in page.body.iter(*HOLDERS):
        if element.get("class") in FILLED or element.text_content().strip():
            continue
        if not element.xpath(f"{SEEN} | {LATER}"):
            found.append(f"empty: <{element.tag} class={element.get('class')}>")
    for section in page.body.iter("section"):
        parts = [part for part in section.iterchildren() if isinstance(part.tag, str)]
        if all(part.tag in ("h2", "h3") or part.get("class") == "head" for part in parts):
            found.append(f"only a heading: {section.text_content().strip()}")
    for element in page.body.iter():
        names = [element.get(name, "") for name in REFERENCES]
        href = element.get("href")
        if href == "":
            found.append(f"an empty link: {element.text_content()}")
        if href and href.startswith("#"):
            names.append(href[1:])
        found += [f"points at nothing: {each}" for name in names for each in name.split()
                  if each not in ids]  # fmt: skip
    return found


def test_the_check_finds_what_dangles() -> None:
    page = document_fromstring(
        "<body><section aria-labelledby=a><h2 id=a>Sources</h2></section><ul></ul><p> </p>"
        "<a href='#gone'>x</a><a href=''>y</a><p aria-live=polite></p><p>words</p>"
    )
    assert set(dangling(page)) == {
        "empty: <ul class=None>",
        "empty: <p class=None>",
        "only a heading: Sources",
        "points at nothing: gone",
        "an empty link: y",
    }


@pytest.mark.parametrize("is_full", [False, True])
def test_no_page_of_a_story_dangles(client: Client, is_full: bool) -> None:
    person, outlet = make_contributor("Ana Reis"), make_outlet()
    harbour = make_section("Harbour")
    make_section("Empty")
    topic = make_topic("Ships")
    fields: dict[str, Any] = {}
    if is_full:
        rows = [make_citation("one", make_source(outlet=outlet, person=person)), make_citation()]
        fields = {
            "body": cited_body(*rows), "by": {"writing": [person]}, "topics": [topic],
            "methods": "<p>Asked.</p>", "disclosure": "None.", "standfirst": "It turns.",
        }  # fmt: skip
    article = make_article("Crane", section=harbour, **fields)
    address = article.address_path()
    pages = [
        address, f"{address}changes/", f"{address}points/", f"{address}comments/",
        f"{address}report/", "/harbour/", "/empty/", "/latest/", person.get_absolute_url(),
        outlet.get_absolute_url(), topic.get_absolute_url(), "/corrections/", "/",
    ]  # fmt: skip
    for path in pages:
        response = client.get(path)
        assert response.status_code == 200, path
        assert dangling(document_fromstring(response.content.decode())) == [], path
