"""Questions to the index are written in each database's own language."""

import pytest

from diurna.newsroom.search.expression import (
    All,
    AnyOf,
    Phrase,
    Without,
    any_word,
    as_fts5,
    as_tsquery,
)

QUESTION = Without(
    All((Phrase(("night", "ferri")), any_word(["x", "y"]))), AnyOf((Phrase(("z",)),))
)


def test_sqlite_gets_strings_in_a_column() -> None:
    expected = 'body : ((("night ferri" AND ("x" OR "y")) NOT ("z")))'
    assert as_fts5(QUESTION, "body") == expected


def test_postgresql_gets_lexemes() -> None:
    expected = "((('night' <-> 'ferri') & (('x') | ('y'))) & !(('z')))"
    assert as_tsquery(QUESTION) == expected


@pytest.mark.parametrize("word", ['a"b', "a'b", "a b", "", "a*", "\\"])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        as_fts5(Phrase((word,)), "body")
    with pytest.raises(ValueError, match="no word"):
        as_tsquery(Phrase((word,)))
