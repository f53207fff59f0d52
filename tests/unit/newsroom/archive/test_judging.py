"""What an answer says of an address, and when it is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from diurna.common.fetch_errors import AddressRefused, FetchFailed, HostUnreachable, UnusableAnswer
from diurna.common.http_answer import Exchange, Recorded
from diurna.newsroom.archive.judging import judge, judge_failure
from diurna.newsroom.archive.schedule import FAILURES_UNTIL_DEAD, next_look

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = "http://a.org/story"


def exchange(url: str, status: int, **headers: str) -> Exchange:
    return Exchange(url, "192.0.2.1", AT, status, headers, b"", b"", 0)


def recorded(*hops: tuple[str, int], body: bytes = b"x", **headers: str) -> Recorded:
    return Recorded(tuple(exchange(url, status, **headers) for url, status in hops), body)


@pytest.mark.parametrize(
    ("hops", "moved_to"),
    [
        ([(HERE, 200)], ""),
        ([(HERE, 301), ("http://b.org/new", 200)], "http://b.org/new"),
        ([(HERE, 308), ("http://b.org/new", 200)], "http://b.org/new"),
        ([(HERE, 302), ("http://b.org/new", 200)], ""),
        ([(HERE, 301), ("http://b.org/1", 302), ("http://b.org/2", 200)], "http://b.org/1"),
        ([(HERE, 301), ("https://www.a.org/story/", 200)], ""),
        ([(HERE, 301), ("https://a.org/story?id=2", 200)], "https://a.org/story?id=2"),
    ],
)
def test_where_a_page_has_moved(hops: list[tuple[str, int]], moved_to: str) -> None:
    found = judge(HERE, recorded(*hops))
    assert (found.well, found.moved_to) == (True, moved_to)


@pytest.mark.parametrize(
    ("status", "gone", "may_be_dead"),
    [(404, True, False), (410, True, False), (403, False, False), (429, False, False),
     (401, False, False), (451, False, False), (500, False, True), (503, False, True),
     (204, False, False), (304, False, False)],
)  # fmt: skip
def test_what_a_status_means(status: int, gone: bool, may_be_dead: bool) -> None:
    found = judge(HERE, recorded((HERE, status)))
    assert (found.well, found.gone, found.may_be_dead) == (False, gone, may_be_dead)
    assert str(status) in found.trouble


def test_a_redirect_that_ends_nowhere_is_gone() -> None:
    assert judge(HERE, recorded((HERE, 301), ("http://b.org/", 404))).gone


def test_an_empty_page_is_none() -> None:
    assert not judge(HERE, recorded((HERE, 200), body=b"")).well


def test_a_host_that_is_silent_may_be_dead_one_that_we_refuse_is_not() -> None:
    assert judge_failure(HostUnreachable("a.org does not answer.")).may_be_dead
    assert judge_failure(FetchFailed("It took too long.")).may_be_dead
    assert not judge_failure(AddressRefused("Not on the public internet.")).may_be_dead
    assert not judge_failure(UnusableAnswer("It is too large.")).may_be_dead


def test_looks_become_rarer() -> None:
    gaps = [(next_look(AT, since=AT - age * DAY) - AT).days for age in (0, 55, 57, 364, 366, 4000)]
    assert gaps == [7, 7, 30, 30, 90, 90]


def test_failures_are_looked_at_sooner_and_then_with_patience() -> None:
    gaps = [next_look(AT, since=AT, failures=count) - AT for count in range(1, 9)]
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(hours=6)
    assert gaps[-1] == 7 * DAY
    # So many failures in a row are a week of them.
    assert sum(gaps[: FAILURES_UNTIL_DEAD - 1], timedelta()) >= 7 * DAY
    assert next_look(AT, since=AT, failures=9, dead=True) == AT + 30 * DAY


def test_a_server_is_left_alone_as_long_as_it_asks_within_reason() -> None:
    assert next_look(AT, since=AT, failures=1, wait=90_000) == AT + timedelta(seconds=90_000)
    assert next_look(AT, since=AT, failures=1, wait=10.0) == AT + timedelta(hours=6)
    assert next_look(AT, since=AT, failures=1, wait=1e12) == AT + 30 * DAY
