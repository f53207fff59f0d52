"""The demonstration's sources fit its texts, and name nobody's addresses."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from diurna.web.seed.edition import HOME, load_edition, texts_of
from diurna.web.seed.inline import plain_text, split_paragraphs, to_html
from diurna.web.seed.notation import NotationError
from diurna.web.seed.sources import (
    Cite,
    SourceBook,
    SourceText,
    check_cites,
    cite_uuid,
    load_sources,
    places_in,
)

TODAY = date(2026, 11, 22)
BOOK = SourceBook(
    sources=(SourceText(key="paper", kind="document", title="A paper"),),
    cites={"story": (Cite(key="a", source="paper", words="four miles"),)},
)


def test_a_marker_stands_after_plain_words() -> None:
    text = "It is *only* [four miles](https://sea.example)[^a], they say."
    (place,) = places_in([text])
    assert (place.key, place.before, place.after) == ("a", "It is only four miles", ", they say.")
    assert place.context("four miles") == ("It is only ", ", they say.")
    assert plain_text(text) == "It is only four miles, they say."
    assert "[^a]" in to_html(split_paragraphs(text), lambda target: f'<a href="{target}">')


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Nothing at all.", "differ in: a"),
        ("It is four miles[^a], five[^b].", "differ in: b"),
        ("It is five miles[^a].", "other words"),
    ],
)
def test_what_does_not_fit_is_named(text: str, named: str) -> None:
    with pytest.raises(NotationError, match=named):
        check_cites("story", [text], BOOK)


def test_a_source_that_is_not_there_is_named() -> None:
    book = SourceBook(cites=BOOK.cites)
    with pytest.raises(NotationError, match="paper"):
        check_cites("story", ["It is four miles[^a]."], book)


def test_what_fits_passes_and_has_the_same_name_in_every_build() -> None:
    check_cites("story", ["It is four miles[^a]."], BOOK)
    assert cite_uuid("story", "a") == cite_uuid("story", "a") != cite_uuid("other", "a")


def test_days_are_counted_back_from_the_day_of_the_build() -> None:
    source = SourceText(key="x", kind="document", title="X", published_days_ago=22)
    assert source.published_on(TODAY) == "2026-10-31"
    assert (
        SourceText(key="x", kind="post", title="X", published="2026").published_on(TODAY) == "2026"
    )


def test_every_address_is_nobodys() -> None:
    book = load_sources(HOME / "sources.toml")
    hosts = {urlsplit(one.address).hostname or "" for one in book.sources if one.address}
    hosts |= {one.host for one in book.outlets}
    assert hosts
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_no_unnamed_source_says_who_it_is() -> None:
    for one in load_sources(HOME / "sources.toml").sources:
        if one.anonymity != "named":
            naming = (one.authors, one.address, one.outlet, one.person)
            assert naming == ("", "", "", ""), one.key
            assert one.reason, one.key
            assert one.approved_by != one.created_by, one.key


def test_every_story_that_has_markers_is_in_the_book() -> None:
    edition = load_edition(today=TODAY)
    marked = {
        history.slug
        for history in edition.articles
        if any(places_in(texts_of(history.versions[0].article)))
    }
    assert marked == set(edition.sources.cites)
