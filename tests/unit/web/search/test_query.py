"""What readers type is understood, and nothing they type is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom.search.expression import as_fts5, as_tsquery
from diurna.web.search.query import LONGEST, Query, understand


def told(query: Query) -> tuple[list[str], list[str]]:
    """The wanted and the unwanted terms, as they were typed."""
    return (
        [" ".join(term.folded) for term in query.terms],
        [" ".join(term.folded) for term in query.unwanted],
    )


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("night ferry", ["night", "ferry"], []),
        ('"night ferry" vote', ["night ferry", "vote"], []),
        ("“night ferry” «a b» „c d“", ["night ferry", "a b", "c d"], []),
        ('"night ferry', ["night ferry"], []),
        ("ferry -night", ["ferry"], ["night"]),
        ('ferry -"night boat"', ["ferry"], ["night boat"]),
        ("ferry - night", ["ferry", "night"], []),
        ("night-ferry", ["night ferry"], []),
        ("-night", [], []),
        ("ferry -5", ["ferry", "5"], []),
        ("ferry ferry", ["ferry"], []),
        ("AND OR NOT NEAR( ^a b* {c} d:e", ["and", "or", "not", "near", "a", "b", "c", "d e"], []),
        ("' OR 1=1; --", ["or", "1 1"], []),
        ("", [], []),
        ('"" -"" -- ... ☃', [], []),
    ],
)
def test_words_quotes_and_minus(typed: str, wanted: list[str], unwanted: list[str]) -> None:
    assert told(understand(typed)) == (wanted, unwanted)


def test_common_words_are_looked_for_only_where_there_are_no_others() -> None:
    assert [term.stems for term in understand("who is the mayor").telling] == [("mayor",)]
    assert [term.stems for term in understand("to be or not to be").telling] == [
        ("to",),
        ("be",),
        ("or",),
        ("not",),
    ]


def test_a_long_text_is_cut_between_words() -> None:
    query = understand("harbour " * 100)
    assert len(query.text) <= LONGEST
    assert set(query.every) == {"harbour"}


@given(st.text(max_size=400))
def test_every_text_can_be_asked_of_both_databases(typed: str) -> None:
    query = understand(typed)
    assert len(query.text) <= LONGEST
    if query.terms:
        assert as_fts5(query.all_words(), "body")
        assert as_tsquery(query.all_words())
        assert query.stems
