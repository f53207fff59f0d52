"""What the loads send, and how their figures are read."""

import re
from pathlib import Path

import pytest

from bench import memory, wrk
from bench.live_clients import Plan, read_request, vote_request
from bench.processes import pss_kb

PLAN = Plan(
    port=8000,
    host="bench.example",
    path="/harbour/measured/",
    seconds=1,
    readers=1,
    article="11111111-1111-4111-8111-111111111111",
)


def test_the_figures_of_wrk_are_found_among_what_it_prints() -> None:
    told = wrk.read(
        "Running 1s test\n"
        'bench-figures {"requests": 500, "microseconds": 2000000, "bytes": 9, "p50": 1500,'
        ' "p99": 2500, "slowest": 9000, "refused": 1, "broken": 2}\n'
    )
    assert (told.rate, told.p50_ms, told.p99_ms, told.slowest_ms) == (250.0, 1.5, 2.5, 9.0)
    assert (told.refused, told.broken) == (1, 2)


def test_wrk_without_figures_is_an_error() -> None:
    with pytest.raises(ValueError, match="no figures"):
        wrk.read("Segmentation fault")


def test_a_script_lists_the_paths(tmp_path: Path) -> None:
    text = wrk.script(tmp_path, paths=["/", "/latest/"]).read_text()
    assert 'local paths = {"/", "/latest/"}' in text
    assert "done = function" in text


def test_a_script_of_distinct_addresses_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    text = memory.distinct(tmp_path, 500).read_text()
    assert "local at = 500" in text
    assert all(kind.count("%d") == 1 for kind in memory.KEPT + memory.DRAWN)


def test_no_address_of_the_mixed_load_is_asked_for_twice() -> None:
    found = memory.addresses_of(30)
    assert len(found) == len(set(found))


def test_each_guest_votes_from_a_network_of_its_own() -> None:
    networks = {
        re.findall(rb"X-Forwarded-For: (\d+\.\d+\.\d+)\.7\r", vote_request(PLAN, number))[0]
        for number in range(300)
    }
    assert len(networks) == 300


def test_a_vote_says_how_long_it_is() -> None:
    head, _, body = vote_request(PLAN, 7).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_a_reader_asks_without_a_cookie() -> None:
    assert read_request(PLAN) == (b"GET /harbour/measured/ HTTP/1.1\r\nHost: bench.example\r\n\r\n")


def test_memory_that_is_shared_is_shared_out() -> None:
    assert pss_kb("Rss:  300 kB\nPss:  120 kB\nPss_Dirty: 20 kB\n") == 120
    assert pss_kb("") == 0
