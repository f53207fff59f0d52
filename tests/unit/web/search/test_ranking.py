"""The order of results, by hand and by its promises."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.web.search.ranking import HALF_LIFE, RECENT, Wanted, recency, score

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    headline: str = " "
    short: str = " "
    names: str = " "
    text: str = " "


def rated(row: Row, *typed: str, days: float = 0.0) -> float:
    wanted = Wanted(tuple(dict.fromkeys(typed)), typed)
    return score(wanted, row, published=NOW - timedelta(days=days), now=NOW)


def test_worked_examples() -> None:
    # One of two words in the headline (6), both in the standfirst (3); half a year old (1).
    row = Row(headline=" night boat ", short=" the night ferri stay ")
    assert rated(row, "night", "ferri", days=180) == pytest.approx(6 + 3 + 1)
    # A word that stands twice in the text: 3 · 2 / (2 + 2); new (2).
    assert rated(Row(text=" a ferri is a ferri "), "ferri") == pytest.approx(1.5 + 2)
    # A whole headline: 12, the same (100), in a row (6), a year old (0.5).
    row = Row(headline=" gale on the mole ")
    assert rated(row, "gale", "on", "the", "mole", days=360) == pytest.approx(118.5)
    assert rated(Row(headline=" gale "), "ferri") == 0.0


def test_newer_is_better_and_halves() -> None:
    assert recency(NOW, NOW) == RECENT
    assert recency(NOW - HALF_LIFE, NOW) == RECENT / 2
    assert recency(NOW + timedelta(days=9), NOW) == RECENT


WORDS = st.sampled_from(["a", "b", "c", "d"])
LINES = st.lists(WORDS, max_size=6).map(lambda words: f" {' '.join(words)} ")


@given(st.permutations(["a", "b", "c"]), LINES, LINES, LINES, st.floats(0, 36_500))
def test_all_words_in_the_headline_stand_before_none_there(
    headline: list[str], short: str, names: str, text: str, days: float
) -> None:
    old = Row(headline=f" {' '.join(headline)} ")
    new = Row(short=short, names=names, text=text)
    assert rated(old, "a", "b", "c", days=days) > rated(new, "a", "b", "c")


@given(LINES, LINES, st.floats(0, 3650), st.floats(0, 3650))
def test_of_two_that_are_alike_the_newer_comes_first(
    headline: str, text: str, one: float, more: float
) -> None:
    row = Row(headline=headline, text=text)
    assert rated(row, "a", "b", days=one) >= rated(row, "a", "b", days=one + more)
