"""Stored rich text as the check reads it, and which addresses can work."""

import uuid

import pytest

from diurna.newsroom.citation_marks import marker
from diurna.newsroom.prepublish.links import is_possible
from diurna.newsroom.prepublish.passages import Link, read_passage

NAME = uuid.UUID(int=7)


def test_paragraphs_are_plain_words_with_the_places_of_their_citations() -> None:
    passage = read_passage(
        f"<p>It is <b>red</b>.{marker(NAME)}</p>"
        f"<ul><li>One &amp; two{marker(NAME)}</li></ul><p> </p>"
    )
    told = [(each.words, each.markers) for each in passage.paragraphs]
    assert told == [("It is red.", [10]), ("One & two", [9])]


def test_a_line_break_parts_words_and_not_paragraphs() -> None:
    assert [each.words for each in read_passage("<p>one<br/>two</p>").paragraphs] == ["one two"]


def test_links_are_to_pages_files_and_addresses() -> None:
    passage = read_passage(
        '<p><a linktype="page" id="7">a <i>page</i></a> <a linktype="document" id="8">file</a>'
        ' <a href="https://a.example/">there</a> <a linktype="email" href="x">no</a></p>'
    )
    assert passage.links == [
        Link("page", "7", "a page"),
        Link("document", "8", "file"),
        Link("address", "https://a.example/", "there"),
    ]


@pytest.mark.parametrize("html", ["", "<", "<p", "</p></p>", "<a>", "<p><a href=>x", "&#0;", "\0"])
def test_broken_text_is_read_without_an_error(html: str) -> None:
    read_passage(html)


@pytest.mark.parametrize(
    "address",
    [
        "https://paper.example/a?b=c#d",
        "http://localhost:8000/",
        "http://[::1]/",
        "/latest/",
        "#notes",
        "mailto:desk@paper.example",
        "tel:+35112345",
        "https://bücher.example/ü",
    ],
)
def test_these_addresses_can_work(address: str) -> None:
    assert is_possible(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "https:///path",
        "http://paper",
        "paper.example/a",
        "https//paper.example",
        "javascript:alert(1)",
        "https://paper.example:99999/",
        "https://[::1/",
        "https://paper example.org/",
        "https://a..example/",
        f"https://{'a' * 300}.example/",
        "mailto:",
    ],
)
def test_these_can_not(address: str) -> None:
    assert not is_possible(address)
