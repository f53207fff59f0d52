"""How old points are that a reader has, and what a retraction leaves to be seen."""

import pytest

from bench.staleness import Watched, staleness, watched


def test_points_are_out_of_date_from_the_answer_to_the_next_vote() -> None:
    votes = [10.0, 11.0, 12.0]
    found = staleness([(0, 11.4, 11.5, "6")], votes, before=5)
    # One vote is in; the second was answered at 11.
    assert found.ages == [pytest.approx(0.5)]
    assert found.oldest == pytest.approx(0.5)


def test_current_points_and_votes_before_their_answer_have_no_age() -> None:
    found = staleness([(0, 12.0, 12.5, "8"), (0, 12.6, 12.7, "9")], [10.0, 11.0, 12.0], before=5)
    assert found.ages == [0.0, 0.0]


def test_answers_to_votes_need_not_come_in_order() -> None:
    assert staleness([(0, 0.0, 12.0, "1")], [11.0, 10.0], before=0).ages == [pytest.approx(1.0)]


def test_fewer_points_than_before_count_on_the_same_connection_only() -> None:
    reads = [(0, 1.0, 1.1, "3"), (1, 1.1, 1.2, "2"), (0, 1.2, 1.3, "2"), (1, 1.3, 1.4, "2")]
    assert staleness(reads, [], before=3).backwards == 1


def test_a_page_without_points_is_counted_and_has_no_age() -> None:
    found = staleness([(0, 1.0, 1.1, "")], [0.5], before=0)
    assert (found.unreadable, found.ages) == (1, [])


def test_only_what_was_asked_after_the_moment_has_to_carry_the_mark() -> None:
    reads = [(0, 1.0, 2.5, ""), (0, 2.1, 2.2, ""), (1, 2.3, 2.4, "mark")]
    assert watched(reads, 2.0) == Watched(1, 2, 1, pytest.approx(0.1))
