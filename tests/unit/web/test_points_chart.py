"""The chart of votes: which bins, how high, for any span and time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diurna.web.points_chart import HEIGHT, MAX_BINS, MIN_BINS, Chart, HourOfVotes, Unit, draw

CLASSES = ("member", "guest")
LISBON = ZoneInfo("Europe/Lisbon")
KOLKATA = ZoneInfo("Asia/Kolkata")
AFTERNOON = datetime(2026, 11, 22, 16, tzinfo=UTC)
DAY = 24


def votes(hours: int = 0, name: str = "guest", value: int = 1, number: int = 1) -> HourOfVotes:
    return HourOfVotes(AFTERNOON + timedelta(hours=hours), name, value, number)


def chart_of(*rows: HourOfVotes, zone: ZoneInfo = LISBON) -> Chart:
    chart = draw(rows, zone, CLASSES)
    assert chart is not None
    return chart


def test_without_votes_there_is_no_chart() -> None:
    assert draw([], LISBON, CLASSES) is None


@pytest.mark.parametrize(
    ("hours", "unit"),
    [
        (0, Unit.HOUR),
        (1, Unit.HOUR),
        (3 * DAY, Unit.HOUR),
        (10 * DAY, Unit.DAY),
        (90 * DAY, Unit.DAY),
        (200 * DAY, Unit.WEEK),
        (2 * 365 * DAY, Unit.WEEK),
        (8 * 365 * DAY, Unit.MONTH),
        (30 * 365 * DAY, Unit.YEAR),
    ],
)
def test_bins_widen_with_the_span(hours: int, unit: Unit) -> None:
    chart = chart_of(votes(), votes(hours, number=2))
    assert chart.unit == unit
    assert MIN_BINS <= len(chart.bins) <= MAX_BINS
    assert sum(one.ups for one in chart.bins) == 3
    starts = [one.start for one in chart.bins]
    assert starts == sorted(starts)


def test_bins_follow_each_other_without_gaps() -> None:
    starts = [one.start for one in chart_of(votes(), votes(40 * DAY)).bins]
    days = [start.date() for start in starts]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


def test_a_lone_hour_stands_at_the_end_of_the_hours_before_it() -> None:
    chart = chart_of(votes())
    assert len(chart.bins) == MIN_BINS
    assert chart.bins[-1].start == AFTERNOON
    assert [one.ups for one in chart.bins] == [0] * (MIN_BINS - 1) + [1]


def test_days_are_those_of_the_newsroom() -> None:
    # 19:00 UTC is half past midnight of the next day in Kolkata.
    chart = chart_of(votes(), votes(3), votes(20 * DAY), zone=KOLKATA)
    assert chart.unit == Unit.DAY
    assert [(one.start.date().day, one.ups) for one in chart.bins if one.ups] == [
        (22, 1),
        (23, 1),
        (12, 1),
    ]


def test_hours_are_those_of_the_log_told_in_the_newsrooms_time() -> None:
    assert chart_of(votes(), zone=KOLKATA).bins[-1].start.strftime("%H:%M") == "21:30"


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
def test_a_day_on_which_clocks_change_keeps_every_vote(day: datetime) -> None:
    rows = [HourOfVotes(day + timedelta(hours=n), "guest", 1, 1) for n in range(-24, 48)]
    chart = chart_of(*rows)
    assert [one.ups for one in chart.bins] == [1] * 72


def test_weeks_begin_on_monday() -> None:
    chart = chart_of(votes(), votes(300 * DAY))
    assert {one.start.weekday() for one in chart.bins} == {0}


def test_bars_stand_on_the_line_and_fill_the_drawing() -> None:
    chart = chart_of(
        votes(number=6, name="member"),
        votes(number=2),
        votes(value=-1, number=2),
    )
    assert (chart.most_up, chart.most_down, chart.zero) == (8, 2, "80")
    drawn = {(bar.voter_class, bar.y): bar.height for bar in chart.bars[-1]}
    assert drawn == {("member", "20"): "60", ("guest", "0"): "20", ("guest", "80"): "20"}


def test_only_up_has_its_line_at_the_foot_and_only_down_at_the_top() -> None:
    assert chart_of(votes()).zero == str(HEIGHT)
    assert chart_of(votes(value=-1)).zero == "0"


def test_one_vote_beside_thousands_is_still_seen() -> None:
    chart = chart_of(votes(), votes(5, number=5000))
    heights = [float(bar.height) for bars in chart.bars for bar in bars]
    assert min(heights) >= 1


def test_numbers_are_written_for_svg_whatever_the_language() -> None:
    chart = chart_of(votes(number=3), votes(1, value=-1, number=4, name="member"))
    for bars in chart.bars:
        for bar in bars:
            for number in (bar.x, bar.y, bar.height):
                assert float(number) >= 0
                assert "," not in number
