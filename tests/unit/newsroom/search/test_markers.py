"""A span of days is said in as few words as possible, and exactly."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom.search import markers

DAYS = st.dates(date(2001, 1, 1), date(2031, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_day_has_a_word_of_a_span_if_it_is_in_it(first: date, last: date, day: date) -> None:
    span = markers.span(first, last)
    assert bool(set(span) & set(markers.of_day(day))) == (first <= day <= last)
    assert len(span) == len(set(span)) <= 31 + 11 + 31 + 11 + 31


def test_a_span_prefers_years_and_months() -> None:
    assert markers.span(date(2024, 12, 31), date(2026, 2, 1)) == [
        "xqd20241231",
        "xqy2025",
        "xqm202601",
        "xqd20260201",
    ]


@given(DAYS)
def test_the_next_day_has_another_word(day: date) -> None:
    assert markers.of_day(day)[0] != markers.of_day(day + timedelta(days=1))[0]
