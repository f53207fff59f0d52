"""Shortcodes, as WordPress finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.shortcodes import Shortcode, parse_attributes, tokens


def openings(text: str) -> list[Shortcode]:
    found = tokens(text)
    return [
        token.shortcode(text[token.end : found[token.end_at].start] if token.end_at >= 0 else "")
        for token in found
        if not token.is_closer and not token.is_literal
    ]


def test_enclosing_shortcodes_take_their_inner_text() -> None:
    (found,) = openings('a [caption id="attachment_9" align="alignleft"]<img> words[/caption] b')
    assert found.attributes == {"id": "attachment_9", "align": "alignleft"}
    assert found.inner == "<img> words"


def test_an_enclosing_shortcode_without_end_takes_nothing() -> None:
    found = openings("[audio https://a.example/x.mp3] then [audio src=y.mp3][/audio]")
    assert [shortcode.inner for shortcode in found] == ["", ""]
    assert [shortcode.closed for shortcode in found] == [False, True]
    assert found[0].values == ("https://a.example/x.mp3",)


def test_an_end_belongs_to_the_last_opening_that_has_none() -> None:
    outer, inner = openings("[row]a[row]b[/row]c[/row]")
    assert (outer.inner, inner.inner) == ("a[row]b[/row]c", "b")


def test_doubled_brackets_are_the_words_themselves() -> None:
    assert [token.is_literal for token in tokens("write [[gallery]] to see it")] == [True]


def test_names_that_only_begin_alike_are_other_names() -> None:
    names = [token.name for token in tokens("[gallery-pro ids=1] [simple boat] [embedded]")]
    assert names == ["gallery-pro", "simple", "embedded"]


def test_what_stands_in_a_tag_is_no_shortcode() -> None:
    assert tokens('<a title="[gallery ids=1]" href="#">x</a> <!-- [audio] -->') == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [("[poll id=4]", True), ("[box]in[/box]", True), ("[sic]", False), ("[simple boat]", False)],
)
def test_shortcodes_are_told_from_words_in_brackets(text: str, *, meant: bool) -> None:
    assert tokens(text)[0].is_meant is meant


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (' ids="1,2" columns=3', {"ids": "1,2", "columns": "3"}),
        (" Ids='1'", {"ids": "1"}),
        (" ids=“4,5”", {"ids": "4,5"}),
        (" ids=&#8220;4,5&#8221;", {"ids": "4,5"}),
        ("", {}),
    ],
)
def test_attributes_in_every_kind_of_quotes(raw: str, expected: dict[str, str]) -> None:
    assert parse_attributes(raw)[0] == expected


@given(st.lists(st.sampled_from(["[a]", "[/a]", "[b x=1]", "[/b]", "[[a]]", "[", "]", "x", "<i>"])))
def test_ends_come_after_their_openings_and_nest(pieces: list[str]) -> None:
    found = tokens("".join(pieces))
    ends = [token.end_at for token in found if token.end_at >= 0]
    assert len(ends) == len(set(ends))
    assert all(
        found[token.end_at].is_closer and found[token.end_at].name == token.name
        for token in found
        if token.end_at >= 0
    )
