"""Shortcodes, as WordPress finds them."""

import pytest

from diurna.importers.wordpress.shortcodes import (
    Shortcode,
    foreign_shortcodes,
    parse_attributes,
    replace_shortcodes,
)


def found_in(text: str) -> tuple[list[Shortcode], str]:
    found: list[Shortcode] = []

    def mark(shortcode: Shortcode) -> str:
        found.append(shortcode)
        return f"<{len(found)}>"

    return found, replace_shortcodes(text, mark)


def test_enclosing_shortcodes_take_their_inner_text() -> None:
    found, text = found_in('a [caption id="attachment_9" align="alignleft"]<img> words[/caption] b')
    assert text == "a <1> b"
    assert found[0].attributes == {"id": "attachment_9", "align": "alignleft"}
    assert found[0].inner == "<img> words"


def test_an_enclosing_shortcode_without_end_takes_nothing() -> None:
    found, text = found_in("[audio https://a.example/x.mp3] then [audio src=y.mp3][/audio]")
    assert [shortcode.inner for shortcode in found] == ["", ""]
    assert found[0].values == ("https://a.example/x.mp3",)
    assert text == "<1> then <2>"


def test_doubled_brackets_are_the_words_themselves() -> None:
    assert found_in("write [[gallery]] to see it")[1] == "write [gallery] to see it"


def test_names_that_only_begin_alike_and_foreign_ones_stay() -> None:
    found, text = found_in("[gallery-pro ids=1] [simple boat] [embedded]")
    assert found == []
    assert text == "[gallery-pro ids=1] [simple boat] [embedded]"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (' ids="1,2" columns=3', {"ids": "1,2", "columns": "3"}),
        (" Ids='1'", {"ids": "1"}),
        (" ids=“4,5”", {"ids": "4,5"}),
        ("", {}),
    ],
)
def test_attributes_in_every_kind_of_quotes(raw: str, expected: dict[str, str]) -> None:
    assert parse_attributes(raw)[0] == expected


def test_foreign_shortcodes_are_told_from_words_in_brackets() -> None:
    text = "[simple boat] [poll id=4] [box]in[/box] [sic] [gallery ids=1]"
    assert foreign_shortcodes(text) == ["box", "poll"]
