"""How closely two stories go together, against examples computed by hand."""

import pytest

from diurna.newsroom.relatedness import (
    BY_OUTLET,
    BY_SECTION,
    BY_SOURCE,
    BY_TEXT,
    BY_TOPIC,
    Reason,
    Shared,
    likeness,
    topic_weight,
)


@pytest.mark.parametrize(
    ("carried_by", "stories", "weight"),
    [
        (10, 1_000, 2.0),  # log10(100)
        (50, 1_000, 1.301),  # log10(20)
        (1_000, 1_000, 0.5),  # log10(1) = 0: said of every story
        (1, 100_000, 3.0),  # log10(100000) = 5
        (0, 0, 0.5),
    ],
)
def test_a_topic_says_more_the_rarer_it_is(carried_by: int, stories: int, weight: float) -> None:
    assert topic_weight(carried_by, stories) == pytest.approx(weight, abs=0.001)


def test_points_are_the_sum_of_what_is_shared() -> None:
    shared = Shared(topics={7: 2.0, 8: 0.5}, sources={3}, outlets={5}, text=0.5, section=True)
    # 2.5 for the topics, 2 for the source, 0.5 for the outlet, 1 for the text, 0.25 for the section
    assert shared.points() == pytest.approx(6.25)
    assert shared.reason() == Reason(BY_TOPIC, 7)


def test_more_than_two_sources_in_common_say_no_more() -> None:
    assert Shared(sources={1, 2, 3, 4}).points() == Shared(sources={1, 2}).points() == 4


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        (Shared(sources={9, 4}, outlets={1}), Reason(BY_SOURCE, 4)),
        (Shared(outlets={2}, section=True), Reason(BY_OUTLET, 2)),
        (Shared(text=0.2, section=True), Reason(BY_TEXT)),
        (Shared(section=True), Reason(BY_SECTION)),
        (Shared(topics={1: 2.0}, sources={3}), Reason(BY_TOPIC, 1)),
        (Shared(topics={1: 0.5}, text=1.0), Reason(BY_TEXT)),
    ],
)
def test_the_reason_is_what_gives_most(shared: Shared, reason: Reason) -> None:
    assert shared.reason() == reason


def test_the_most_alike_text_has_all_the_points_and_the_last_hardly_any() -> None:
    assert [likeness(place, 4) for place in range(4)] == [1, 0.75, 0.5, 0.25]
