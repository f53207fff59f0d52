"""The load of `bin/bench votes`: what is asked, how answers are read, what is reported."""

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bench.result import Result
from bench.vote_load import Plan, article_of, guest_in, request_of, value_of, whole_answer
from bench.votes import processor_seconds, turns
from bench.votes_told import Measured, judge, report, show

ARTICLES = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"]
WELL = {
    "missing": 0,
    "unknown": 0,
    "presses": 0,
    "points": 0,
    "log": 0,
    "not_counted": {},
    "settled_after": 1.5,
}


def plan(round: int = 0, cookies: list[str] | None = None) -> Plan:
    return Plan(
        host="127.0.0.1",
        port=8000,
        clients=2,
        first=0,
        last=10,
        articles=ARTICLES,
        cookies=cookies or [],
        round=round,
        site="https://bench.example",
    )


def test_a_request_is_whole_and_comes_from_a_network_of_its_own() -> None:
    head, _, body = request_of(plan(cookies=["abc:def"] * 10), 9).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == f"PUT /api/v1/articles/{ARTICLES[1]}/vote HTTP/1.1"
    assert f"Content-Length: {len(body)}" in lines
    assert "Cookie: __Host-guest=abc:def" in lines
    assert json.loads(body)["value"] == -1
    networks = {
        request_of(plan(), n).split(b"X-Forwarded-For: ")[1].split(b"\r")[0] for n in (1, 2)
    }
    assert networks == {b"1.0.1.7", b"1.0.2.7"}


def test_who_votes_again_chooses_the_other_arrow_with_another_number() -> None:
    first, again = plan(round=4), plan(round=5)
    for number in range(10):
        assert value_of(first, number) == -value_of(again, number)
        assert article_of(first, number) == article_of(again, number)
    assert (
        json.loads(request_of(first, 3).partition(b"\r\n\r\n")[2])["nonce"]
        != (json.loads(request_of(again, 3).partition(b"\r\n\r\n")[2])["nonce"])
    )


@pytest.mark.parametrize("cut", [0, 10, 40, -1])
def test_an_answer_is_read_when_it_is_whole(cut: int) -> None:
    whole = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nSet-Cookie: a=b\r\n\r\n{"value":1}'
    assert whole_answer(whole[:cut]) is None
    assert whole_answer(whole) == (200, whole[:52], b'{"value":1}')


def test_a_new_guest_is_known_by_its_cookie() -> None:
    uuid = "0123456789abcdef0123456789abcdef"
    assert guest_in(f"Set-Cookie: __Host-guest={uuid}:signed; Path=/".encode()) == uuid
    assert guest_in(b"Content-Length: 3") == ""


def test_every_vote_is_in_one_turn() -> None:
    for votes in (1, 7, 500, 100_000):
        parts = turns(votes)
        assert parts[0][0] == 0
        assert parts[-1][1] == votes
        assert all(one[1] == two[0] for one, two in pairwise(parts))


def test_times_are_told_beside_the_targets(capsys: pytest.CaptureFixture[str]) -> None:
    one = Measured("known")
    one.add(
        {
            "seconds": [n / 1000 for n in range(1, 1001)],
            "took": 0.5,
            "processor": 0.1,
            "broken": 0,
            "samples": ["429 too many"],
            "refused": {"429": 3},
        },
        0.9,
    )
    assert one.rate == 2000
    assert [one.at(share) for share in (0.5, 0.99, 0.999, 1.0)] == [501, 991, 1000, 1000]
    show([one] * 4)
    told = capsys.readouterr().out
    assert "900 µs" in told
    assert "{'429': 3}" in told
    assert "one article against 1,000: 1.00" in told


@pytest.mark.parametrize(
    ("slowest", "hot_took", "met"),
    [(0.09, 0.5, True), (1.0, 0.5, False), (0.09, 0.6, False), (0.09, 1.1, False)],
)
def test_the_target_is_met_by_rate_tail_and_even_load(
    slowest: float, hot_took: float, met: bool
) -> None:
    spread = Measured("known", seconds=[0.01] * 999 + [slowest], took=0.5)
    hot = Measured("one", seconds=[0.01] * 1000, took=hot_took)
    result = Result("votes", "?")
    report(result, "sqlite", [spread, spread, hot, hot])
    (target,) = result.targets
    assert (target.key, target.met) == ("votes-sqlite", met)
    assert f"slowest of 2,000: {1000 * slowest:,.0f} ms" in target.measured


@pytest.mark.parametrize("name", ["missing", "unknown", "presses", "points", "log"])
def test_a_vote_that_is_lost_makes_the_bench_fail(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(WELL, 10, 12)
    assert not judge({**WELL, name: 1}, 10, 12)
    assert "WRONG" in capsys.readouterr().out


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_the_processor_time_of_children_counts() -> None:
    burn = "import sys, time\nwhile time.process_time() < 0.3: pass\n"
    burn += "print(flush=True)\nsys.stdin.read()"
    outer = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])"
    process = subprocess.Popen(
        [sys.executable, "-c", outer, burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05)
        assert processor_seconds(process.pid) >= 0.25
    finally:
        process.communicate()
