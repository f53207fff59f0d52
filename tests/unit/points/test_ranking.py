"""Rank marks of comments: the order that they give, and figures worked out by hand."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.points.ranking import LEAST_DISPUTED, best, controversy

votes = st.integers(0, 100_000)


@pytest.mark.parametrize(
    ("up", "down", "bound"),
    # 1 up: 1 / (1 + z²). 10 up: 10 / (10 + z²). 1 of each: worked out from Wilson's (3).
    [(0, 0, 0.0), (0, 7, 0.0), (1, 0, 0.378447), (10, 0, 0.858931), (1, 1, 0.164252)],
)
def test_best_is_wilsons_lower_bound(up: int, down: int, bound: float) -> None:
    assert isclose(best(up, down), bound, abs_tol=1e-6)


def test_best_trusts_many_votes_more_than_few() -> None:
    assert best(100, 10) > best(10, 1) > best(1, 0) > best(1, 1) > best(0, 1)


@given(up=votes, down=votes)
def test_best_is_below_the_share_of_votes_up_and_grows_with_them(up: int, down: int) -> None:
    bound = best(up, down)
    assert 0 <= bound <= (up / (up + down) if up + down else 0)
    assert best(up + 1, down) > bound
    assert best(up, down + 1) <= bound


@pytest.mark.parametrize(
    ("up", "down", "mark"),
    [(3, 3, 6.0), (3, 2, 0.0), (6, 0, 0.0), (0, 9, 0.0), (4, 2, 6**0.5), (2, 4, 6**0.5)],
)
def test_controversy_wants_six_votes_and_both_sides(up: int, down: int, mark: float) -> None:
    assert isclose(controversy(up, down), mark)


@given(up=votes, down=votes)
def test_controversy_is_the_same_from_both_sides_and_at_most_the_votes(up: int, down: int) -> None:
    mark = controversy(up, down)
    assert mark == controversy(down, up)
    assert 0 <= mark <= up + down
    assert (mark > 0) == (up > 0 and down > 0 and up + down >= LEAST_DISPUTED)
