"""The score: Robinson's probability of a word, Fisher's way of combining them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.moderation.bayes import (
    LEAST_LESSONS,
    MOST_HEARD,
    UNKNOWN,
    Seen,
    chance,
    is_ready,
    judge,
    probability,
)

LESSONS = Seen(spam=100, ham=100)
counts = st.integers(min_value=0, max_value=100)


# Critical values of chi-squared (Abramowitz and Stegun, table 26.8).
@pytest.mark.parametrize(
    ("chi", "degrees", "expected"),
    [
        (1.386294, 2, 0.5),
        (5.991465, 2, 0.05),
        (9.487729, 4, 0.05),
        (18.307038, 10, 0.05),
        (37.566235, 20, 0.01),
        (124.342113, 100, 0.05),
        (0.0, 10, 1.0),
    ],
)
def test_the_chance_is_that_of_the_tables(chi: float, degrees: int, expected: float) -> None:
    assert chance(chi, degrees) == pytest.approx(expected, abs=1e-6)


def test_the_chance_of_a_huge_sum_is_nought_and_of_many_small_ones_is_one() -> None:
    assert chance(6_000.0, 300) == 0.0
    assert chance(3_000.0, 6_000) == pytest.approx(1.0)


def test_a_word_is_believed_the_more_the_more_often_it_was_seen() -> None:
    once, often = probability(Seen(spam=1), LESSONS), probability(Seen(spam=20), LESSONS)
    assert UNKNOWN < once < often < 1
    # s = 0.45, x = a half, n = 1, and the word stood in spam only.
    assert once == pytest.approx(1.225 / 1.45)


def test_it_is_the_share_of_each_kind_that_counts_not_the_number() -> None:
    assert probability(Seen(spam=10, ham=100), Seen(spam=50, ham=500)) == pytest.approx(UNKNOWN)


def test_what_is_counted_more_often_than_there_are_lessons_breaks_nothing() -> None:
    assert 0 < probability(Seen(spam=9, ham=1), Seen(spam=3, ham=3)) < 1
    assert probability(Seen(spam=9), Seen()) == UNKNOWN


def test_unknown_words_score_a_half() -> None:
    assert judge(("new", "words"), {}, LESSONS).score == UNKNOWN
    assert judge((), {}, LESSONS).clues == ()


def test_words_of_spam_score_high_words_against_it_low_and_both_alike_a_half() -> None:
    known = {f"bad{n}": Seen(spam=30) for n in range(8)}
    known |= {f"good{n}": Seen(ham=30) for n in range(8)}
    bad, good = [f"bad{n}" for n in range(8)], [f"good{n}" for n in range(8)]
    assert judge(bad, known, LESSONS).score > 0.999
    assert judge(good, known, LESSONS).score < 0.001
    assert judge(bad + good, known, LESSONS).score == pytest.approx(UNKNOWN)


@pytest.mark.parametrize(("words", "least", "most"), [(1, 0.8, 0.9), (3, 0.9, 0.99), (4, 0.99, 1)])
def test_one_word_alone_refuses_nobody(words: int, least: float, most: float) -> None:
    known = {f"casino{n}": Seen(spam=100) for n in range(words)}
    assert least < judge(known, known, LESSONS).score < most


def test_the_clues_are_those_that_decided_the_strongest_first() -> None:
    known = {"casino": Seen(spam=40), "the": Seen(spam=50, ham=50), "harbour": Seen(spam=2, ham=9)}
    clues = judge(("the", "casino", "harbour", "unseen"), known, LESSONS).clues
    assert [clue.token for clue in clues] == ["casino", "harbour"]


def test_a_long_text_does_not_drown_what_it_advertises() -> None:
    known = {f"bad{n}": Seen(spam=60) for n in range(MOST_HEARD)}
    known |= {f"plain{n}": Seen(spam=40, ham=62) for n in range(1_000)}
    assert judge(known, known, LESSONS).score > 0.999
    assert len(judge(known, known, LESSONS).clues) == MOST_HEARD


@given(st.dictionaries(st.text(max_size=5), st.tuples(counts, counts), max_size=300))
def test_a_score_is_a_number_from_nought_to_one_whatever_was_learned(
    seen: dict[str, tuple[int, int]],
) -> None:
    known = {token: Seen(spam, ham) for token, (spam, ham) in seen.items()}
    score = judge(known, known, LESSONS).score
    assert 0 <= score <= 1
    assert math.isfinite(score)


@given(st.dictionaries(st.text(max_size=5), st.tuples(counts, counts), max_size=100))
def test_spam_and_its_opposite_are_treated_alike(seen: dict[str, tuple[int, int]]) -> None:
    known = {token: Seen(spam, ham) for token, (spam, ham) in seen.items()}
    turned = {token: Seen(ham, spam) for token, (spam, ham) in seen.items()}
    there, back = judge(known, known, LESSONS).score, judge(turned, turned, LESSONS).score
    assert there == pytest.approx(1 - back, abs=1e-9)


@pytest.mark.parametrize(
    ("spam", "ham", "ready"),
    [
        (LEAST_LESSONS, LEAST_LESSONS, True),
        (LEAST_LESSONS - 1, 500, False),
        (500, LEAST_LESSONS - 1, False),
    ],
)
def test_it_says_something_once_it_has_had_twenty_lessons_of_each_kind(
    spam: int, ham: int, ready: bool
) -> None:
    assert is_ready(Seen(spam, ham)) is ready
