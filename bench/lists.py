"""Do fronts and lists stay as cheap when the site grows?

    bin/bench lists [--against medium|large] [--rounds N] [--quick] [--json FILE]

Two sites are made, the larger with ten or a hundred times the articles, comments and votes, and the
same pages of both are asked for through Django in turns, past the page store. Compared is the
processor time of the thread that draws; queries are counted. Ranked lists are made beside it, by
the product's own ranker, and what that takes is told in a table of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

from bench.figures import interleaved, median, ratio
from bench.header import Header
from bench.homes import HOST, ROOT, newsroom
from bench.result import Bar, Chart, Result, Table, Target, json_option, tell
from bench.site import make
from bench.sizes import SIZES, told

QUESTION: Final = (
    "How much more processor time do the front, the lists and a page of comments take on a site"
    " with many times the articles, comments and votes?"
)
ROUNDS: Final = 15
QUICK_ROUNDS: Final = 7
# Pages of one round; a single one is lost in the noise of the machine.
AT_ONCE: Final = 3
TARGET: Final = 1.5
EDITIONS: Final = ("hot", "trending", "top/day", "top/all", "discussed", "controversial")
# What a line begins with that asks for an edition and not for a page.
_RANK: Final = "rank "


class Site:
    """A process that draws pages of one site on demand."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.lists", "--child"],
            env=dict(environ),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def draw(self, path: str) -> tuple[float, int]:
        """Processor seconds of one page, and its queries."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(path + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit("The process that draws has ended; what went wrong stands above.")
        seconds, queries = json.loads(line)
        return seconds, queries


def main() -> None:
    """Measure, and tell; or be the process that draws."""
    if sys.argv[1:] == ["--child"]:
        _draw_on_demand()
        return
    asked = _arguments()
    header = Header.now()
    result = Result("lists", QUESTION)
    names = ("small", asked.against)
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        paths: dict[str, str] = {}
        for name in names:
            environ = stack.enter_context(newsroom())
            paths = make(SIZES[name], environ).paths
            sites[name] = stack.enter_context(Site(environ))
        seen = {kind: _compare(sites, path, asked.rounds) for kind, path in paths.items()}
        made = {which: _compare(sites, f"{_RANK}{which}", asked.rounds) for which in EDITIONS}
    _tell(result, names, seen)
    _tell_editions(result, names, made)
    if asked.against != "large":
        result.shortened.append(
            f"The larger site has {told(SIZES[asked.against])} instead of {told(SIZES['large'])};"
            " `--against large` makes that one, in some minutes."
        )
    if asked.rounds < ROUNDS:
        result.shortened.append(f"{asked.rounds} rounds instead of {ROUNDS}.")
    tell(result, header, asked.json)


def _compare(
    sites: Mapping[str, Site], path: str, rounds: int
) -> dict[str, list[tuple[float, int]]]:
    def load(site: Site) -> Callable[[], tuple[float, int]]:
        return lambda: site.draw(path)

    for site in sites.values():
        site.draw(path)
    return interleaved({name: load(site) for name, site in sites.items()}, rounds)


def _tell(
    result: Result,
    names: tuple[str, str],
    seen: Mapping[str, Mapping[str, list[tuple[float, int]]]],
) -> None:
    small, large = names
    rows: list[list[str | float]] = []
    ratios: dict[str, float] = {}
    for kind, both in seen.items():
        costs = {name: [each[0] for each in both[name]] for name in names}
        ratios[kind] = ratio(costs[large], costs[small])
        queries = {name: both[name][-1][1] for name in names}
        rows.append(
            [
                kind,
                1000 * median(costs[small]),
                1000 * median(costs[large]),
                ratios[kind],
                queries[small],
                queries[large],
            ]
        )
    columns = ["", f"{small}, CPU ms", f"{large}, CPU ms", "ratio", "queries", "queries"]
    title = f"{told(SIZES[small])}, against {told(SIZES[large])}"
    result.tables.append(Table(title, columns, rows))
    bars = [Bar(kind, value) for kind, value in ratios.items()]
    result.charts.append(
        Chart("lists", f"Processor time, {large} site against {small}", "times", bars, TARGET)
    )
    worst = max(ratios, key=lambda kind: ratios[kind])
    # What was measured on a smaller site says nothing for certain about the large one.
    met = ratios[worst] <= TARGET if large == "large" or ratios[worst] > TARGET else None
    measured = f"at most {ratios[worst]:.2f} ({worst}), {large} site"
    result.targets.append(Target("lists", measured, met))


def _tell_editions(
    result: Result,
    names: tuple[str, str],
    made: Mapping[str, Mapping[str, list[tuple[float, int]]]],
) -> None:
    rows: list[list[str | float]] = [
        [
            which,
            *(1000 * median([each[0] for each in both[name]]) for name in names),
            *(both[name][-1][1] for name in names),
        ]
        for which, both in made.items()
    ]
    columns = ["", *(f"{name}, CPU ms" for name in names), *(f"{name}, stories" for name in names)]
    title = "Making an edition of a list of the site, beside the requests, once a minute at most"
    result.tables.append(Table(title, columns, rows))


def _draw_on_demand() -> None:
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    from django.db import connection
    from django.test import Client

    from diurna.operations import ranking

    ranking.start()
    client = Client(SERVER_NAME=HOST)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    for line in sys.stdin:
        path = line.strip()
        if path.startswith(_RANK):
            sys.stdout.write(json.dumps(_rank(path.removeprefix(_RANK))) + "\n")
            sys.stdout.flush()
            continue
        asked.clear()
        with connection.execute_wrapper(note):
            response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}.")
        # Of this thread: the ranker works beside it.
        begun = time.thread_time()
        for _number in range(AT_ONCE):
            client.get(path)
        seconds = (time.thread_time() - begun) / AT_ONCE
        sys.stdout.write(json.dumps([seconds, len(asked)]) + "\n")
        sys.stdout.flush()


def _rank(words: str) -> tuple[float, int]:
    """Make an edition; the seconds of processor time, and how many stories stand in it."""
    from django.utils import timezone

    from diurna.points import ranked_editions
    from diurna.points.ranked import Order, Window
    from diurna.points.ranked_editions import List

    order, _slash, window = words.partition("/")
    begun = time.thread_time()
    edition = ranked_editions.renew(
        List(Order(order), Window(window) if window else None), timezone.now()
    )
    return time.thread_time() - begun, len(edition.entries.splitlines())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench lists", description=QUESTION)
    parser.add_argument("--against", choices=["medium", "large"], default="medium")
    parser.add_argument("--rounds", type=int, help=f"({ROUNDS})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    json_option(parser)
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    main()
