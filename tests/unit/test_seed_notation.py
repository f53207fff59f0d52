"""The notation of the demonstration's texts, and its HTML."""

from datetime import date

import pytest

from diurna.web.seed.inline import link_targets, split_paragraphs, to_html
from diurna.web.seed.notation import (
    Code,
    Divider,
    Gallery,
    Heading,
    NotationError,
    Picture,
    Text,
    fill_in_days,
    parse_body,
    split_head,
)


def test_paragraphs_are_unwrapped_and_neighbours_become_one_text() -> None:
    body = parse_body("One line\nand its rest.\n\nSecond.\n\n## Part\n\nThird.", name="t")
    assert body == (
        Text(("One line and its rest.", "Second.")),
        Heading("Part", 2),
        Text(("Third.",)),
    )


def test_lists_keep_their_lines() -> None:
    (text,) = parse_body("- one\n- two", name="t")
    assert text == Text(("- one\n- two",))


def test_code_keeps_its_spaces_and_empty_lines() -> None:
    (code,) = parse_body("```python\nif x:\n\n    y()\n```", name="t")
    assert code == Code("if x:\n\n    y()", "python")


def test_boxes_are_read_from_toml_with_nested_tables() -> None:
    source = '::: gallery\npictures = [ { picture = "sea", alt = "Water" } ]\n:::\n---'
    assert parse_body(source, name="t") == (Gallery((Picture("sea", "Water"),)), Divider())


@pytest.mark.parametrize("source", ["```\nnever closed", '::: image\npicture = "sea"'])
def test_a_box_that_is_not_closed_is_named_with_its_line(source: str) -> None:
    with pytest.raises(NotationError, match="line 1 of t has no closing"):
        parse_body(source, name="t")


@pytest.mark.parametrize("source", ["no head at all", "+++\nnot toml\n+++\n"])
def test_a_head_that_is_missing_or_broken_is_refused(source: str) -> None:
    with pytest.raises(NotationError, match=r"t\.md"):
        split_head(source, name="t.md")


def test_days_are_counted_from_the_publication() -> None:
    written = fill_in_days("{weekday:-1}, {date:+10}, {year:0}", published=date(2026, 11, 22))
    assert written == "Saturday, 2 December, 2026"


def resolve(target: str) -> str:
    return f'<a href="{target}">'


def test_marks_become_html_and_everything_else_is_escaped() -> None:
    html = to_html(["**a** *b* `c<d` [e & f](https://x.example/)"], resolve)
    assert html == (
        '<p><b>a</b> <i>b</i> <code>c&lt;d</code> <a href="https://x.example/">e &amp; f</a></p>'
    )


def test_simple_lists_become_html_lists() -> None:
    assert to_html(["- a\n- b"], resolve) == "<ul><li>a</li><li>b</li></ul>"
    assert to_html(["1. a\n2. b"], resolve) == "<ol><li>a</li><li>b</li></ol>"


def test_a_string_is_split_at_empty_lines() -> None:
    assert split_paragraphs("a\nb\n\n- c\n- d\n") == ("a b", "- c\n- d")
    assert split_paragraphs("") == ()


def test_link_targets_are_found_in_order() -> None:
    assert list(link_targets("[a](article:x) and [b](page:y)")) == ["article:x", "page:y"]


def test_a_workday_is_never_on_the_weekend() -> None:
    written = [
        fill_in_days(f"{{workday:{offset}}}", published=date(2026, 11, 23))
        for offset in range(-5, 1)
    ]
    assert written == ["Wednesday", "Thursday", "Friday", "Friday", "Friday", "Monday"]
