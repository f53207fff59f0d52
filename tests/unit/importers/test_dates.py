"""Dates that are missing, impossible, too old, or that contradict those of the other items."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.dates import Offsets, feed_date, item_dates, offset_of, when
from tests.factories.wxr import item
from tests.unit.importers.reading import LISBON, NOW, first_item, mapped

NONE = ("0000-00-00 00:00:00", "0000-00-00 00:00:00")
OTHERS = [item(number) for number in range(2, 14)]


def offsets(*minutes: int) -> Offsets:
    """Offsets of so many items."""
    known = Offsets()
    for one in minutes:
        local = datetime(2019, 3, 4, 12) + timedelta(minutes=one)
        known.note("2019-03-04 12:00:00", f"{local:%Y-%m-%d %H:%M:%S}")
    return known


def test_gmt_counts_and_the_offset_lies_between() -> None:
    assert offset_of("2019-03-04 09:00:00", "2019-03-04 10:00:00") == 60
    assert offset_of(*NONE) is None


def test_an_item_whose_dates_contradict_those_of_the_others_is_told() -> None:
    article = mapped(*OTHERS, date="2019-03-04 10:00:00", date_gmt="2019-03-04 15:00:00")
    assert article.published_at == datetime(2019, 3, 4, 15, tzinfo=UTC)
    (note,) = article.notes
    assert "-5 hours apart, those of the other items +1" in note


def test_summer_time_is_no_contradiction() -> None:
    article = mapped(*OTHERS, date="2019-07-04 10:00:00", date_gmt="2019-07-04 08:00:00")
    assert article.notes == ()


def test_an_offset_that_no_zone_has_is_told_without_others() -> None:
    assert offsets(60).is_odd(7)
    assert offsets(60).is_odd(15 * 60 * 2)
    assert not offsets(60).is_odd(-300)


def test_a_site_that_moved_has_two_offsets() -> None:
    known = offsets(*[60] * 50, *[-300] * 20)
    assert not known.is_odd(-300)
    assert known.is_odd(600)


def test_local_dates_are_read_in_the_old_sites_own_zone() -> None:
    others = [
        item(n, date="2019-03-04 10:00:00", date_gmt="2019-03-04 15:00:00") for n in range(2, 14)
    ]
    article = mapped(*others, date="2019-03-04 10:00:00", date_gmt=NONE[0])
    assert article.published_at == datetime(2019, 3, 4, 15, tzinfo=UTC)


def test_an_old_date_is_kept_and_told() -> None:
    article = mapped(date="1987-01-02 03:00:00", date_gmt="1987-01-02 03:00:00")
    assert article.published_at == datetime(1987, 1, 2, 3, tzinfo=UTC)
    assert "before there were web sites" in article.notes[0]


def test_a_published_item_without_a_date_has_that_of_its_last_change() -> None:
    changed = ("2019-05-01 08:00:00", "2019-05-01 09:00:00")
    dates = item_dates(NONE, changed, Offsets(), LISBON, is_draft=False)
    assert dates.published == datetime(2019, 5, 1, 8, tzinfo=UTC)
    assert "last change" in dates.notes[0]
    epoch = ("1970-01-01 00:00:00", "1970-01-01 01:00:00")
    assert item_dates(epoch, NONE, Offsets(), LISBON, is_draft=False).published is None


def test_a_draft_needs_no_date() -> None:
    assert item_dates(NONE, NONE, Offsets(), LISBON, is_draft=True).notes == ()


@pytest.mark.parametrize("text", ["2019-02-30 10:00:00", "20190304", "9999-12-31 23:59:59", "٠"])
def test_impossible_dates_are_no_dates(text: str) -> None:
    moment = when(text, text, LISBON)
    assert moment is None or moment.year == 9999


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_makes_dates_fail(gmt: str, local: str) -> None:
    known = offsets(*[60] * 12)
    known.note(gmt, local)
    item_dates((gmt, local), (local, gmt), known, known.zone(LISBON, NOW), is_draft=False)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2014-03-01T09:00:00Z", 9),
        ("2014-03-01T09:00:00.5+02:00", 7),
        ("2014-03-01 09:00", 8),
        ("2014-03-01", 23),
    ],
)
def test_dates_as_other_programs_write_them(text: str, hour: int) -> None:
    found = when("", text, timezone(timedelta(hours=1)))
    assert found is not None
    assert found.hour == hour


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Sat, 01 Mar 2014 09:00:00 +0100", "2014-03-01 08:00:00"),
        ("Wed, 30 Nov -0001 00:00:00 +0000", ""),
        ("Thu, 01 Jan 1970 00:00:00 +0000", ""),
        ("Sat, 99 Mar 2014 99:00:00 +9999999", ""),
        ("", ""),
    ],
)
def test_the_date_of_a_feed(text: str, date: str) -> None:
    assert feed_date(text) == date


def test_an_item_with_no_date_but_that_of_the_feed() -> None:
    dated = "<pubDate>Sat, 01 Mar 2014 09:00:00 +0000</pubDate><dc:creator>"
    text = item(1, date="", date_gmt="").replace("<dc:creator>", dated)
    assert first_item(text).date_gmt == "2014-03-01 09:00:00"
