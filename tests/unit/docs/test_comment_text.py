"""The reference of the text of comments says what the code allows, and no more."""

import re
from pathlib import Path

from diurna.common import comment_text
from diurna.common.comment_text import LONGEST_COMMENT, MOST_GROWTH, render
from diurna.common.comment_text.addresses import LONGEST_ADDRESS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "comment-text.md"
TEXT = PAGE.read_text()


def told() -> dict[str, set[str]]:
    """Element to its attributes, as in the last table of the page."""
    part = TEXT.partition("## What a page can hold")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", part, re.MULTILINE)
    return {element: set(re.findall(r"`([^`]+)`", cell)) for element, cell in rows}


def test_every_element_is_told() -> None:
    assert set(told()) == comment_text._TAGS


def test_every_attribute_is_told() -> None:
    for element, attributes in told().items():
        written = " ".join(
            re.sub(r"^(href|start)$", r'\1="https://example.org/"', one) for one in attributes
        )
        markup = f"<{element} {written}>x</{element}>" if element != "br" else "<br>"
        kept = comment_text._SANITISER.clean(markup)
        assert set(re.findall(r'[\w-]+="[^"]*"', kept)) == set(
            re.findall(r'[\w-]+="[^"]*"', markup)
        )
        more = comment_text._SANITISER.clean(
            f'<{element} id="a" class="a" style="a" title="a" onclick="a" name="a" lang="a">'
        )
        assert set(re.findall(r'([\w-]+)="[^"]+"', more)) == set()


def test_the_limits_are_told() -> None:
    assert f"{LONGEST_COMMENT:,} characters" in TEXT
    assert f"{LONGEST_ADDRESS:,} characters" in TEXT
    assert MOST_GROWTH == 12
    assert "twelve\ntimes" in TEXT


def test_what_is_written_becomes_what_is_shown() -> None:
    own = frozenset[str]()
    for written, element in [
        ("*a*", "em"), ("**a**", "strong"), ("~~a~~", "s"), ("`a`", "code"), ("> a", "blockquote"),
        ("- a", "ul"), ("1. a", "ol"), ("[a](https://example.org/)", "a"), ("www.example.org", "a"),
        ("![a](https://example.org/a.png)", "a"), ("# a", "strong"), ("a\nb", "br"),
    ]:  # fmt: skip
        assert f"<{element}" in render(written, own_hosts=own).html
