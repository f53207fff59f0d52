"""The formulas of lists, against examples worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.points.ranking import (
    HOT_SECONDS,
    IN_A_ROW,
    MOST_OF_ONE,
    discussed,
    hot,
    spread_out,
    top,
    trending,
)

A_DAY_AFTER = 86_400.0


@pytest.mark.parametrize(
    ("points", "published", "mark"),
    [
        (0, 0.0, 0.0),
        # log10 of 1 is 0: the first point lifts nothing.
        (1, 0.0, 0.0),
        (10, 0.0, 1.0),
        (100, 0.0, 2.0),
        (1000, 79_200.0, 4.0),
        (-10, 0.0, -1.0),
        (-10, 79_200.0, 0.0),
        # 86,400 / 79,200 = 12/11.
        (0, A_DAY_AFTER, 1.0909090909),
        # log10 of 61 is 1.7853298.
        (61, A_DAY_AFTER, 2.8762389),
    ],
)
def test_hot_by_hand(points: int, published: float, mark: float) -> None:
    assert hot(points, published) == pytest.approx(mark, abs=1e-6)


def test_ten_times_the_points_are_worth_22_hours() -> None:
    now = 1_795_000_000.0
    assert hot(100, now) == pytest.approx(hot(10, now + 22 * 3600))
    assert hot(100, now) > hot(10, now + 22 * 3600 - 60)
    assert HOT_SECONDS == 22 * 3600


@pytest.mark.parametrize(
    ("points", "commenters", "hours", "mark"),
    [
        # log10(10) = 1, and 2^1.8 = 3.4822022.
        (8, 0, 0.0, 0.2871746),
        # Sixteen commenters are eight points.
        (0, 16, 0.0, 0.2871746),
        (4, 8, 0.0, 0.2871746),
        # 10^1.8 = 63.0957344.
        (8, 0, 8.0, 0.0158489),
        (98, 0, 8.0, 0.0316979),
        # log10(2) = 0.3010300 is the least, however far below zero: 0.30103 / 3.4822022.
        (0, 0, 0.0, 0.0864482),
        (-50, 3, 0.0, 0.0864482),
        # A story dated in the future is new.
        (8, 0, -5.0, 0.2871746),
        # 26^1.8 = 352.3268.
        (8, 0, 24.0, 0.0028383),
    ],
)
def test_trending_by_hand(points: int, commenters: int, hours: float, mark: float) -> None:
    assert trending(points, commenters, hours) == pytest.approx(mark, abs=1e-6)


def test_top_is_the_net_and_discussed_counts_people() -> None:
    assert top(52, 9) == 43
    assert top(1, 4) == -3
    assert discussed(["ana", "ben", "ana", "ana"]) == 2
    assert discussed([]) == 0


def test_at_most_two_of_a_section_stand_among_ten() -> None:
    # Sport would fill the first five places; its third waits until one of the first two is ten
    # places behind.
    ordered = ["S1", "S2", "S3", "S4", "H1", "C1", "H2", "C2", "L1", "L2", "K1", "K2", "H3"]
    assert spread_out(ordered, lambda story: story[0]) == [
        "S1", "S2", "H1", "C1", "H2", "C2", "L1", "L2", "K1", "K2", "S3", "S4", "H3",
    ]  # fmt: skip


def test_too_few_sections_leave_no_gap() -> None:
    ordered = ["S1", "S2", "S3", "S4", "H1"]
    assert spread_out(ordered, lambda story: story[0]) == ["S1", "S2", "H1", "S3", "S4"]


@given(st.lists(st.integers(0, 6), max_size=60))
def test_whatever_comes_nothing_is_lost_and_a_section_keeps_its_order(sections: list[int]) -> None:
    ordered = list(enumerate(sections))
    spread = spread_out(ordered, lambda story: story[1])

    assert sorted(spread) == ordered
    for section in set(sections):
        mine = [story for story in spread if story[1] == section]
        assert mine == sorted(mine)
    for place, (_number, section) in enumerate(spread):
        before = [other for _n, other in spread[max(0, place - IN_A_ROW + 1) : place]]
        rest = {other for _n, other in spread[place:]}
        free = {other for other in rest if before.count(other) < MOST_OF_ONE}
        # A third of ten stands only where every other section has its two already, or no story.
        assert section in free or not free
