"""A small site and one with many times as much, asked for the same in turns.

Shared by `bench lists` and `bench search`. `--sites FOLDER` keeps what was made there, so that both
measure the same sites and nothing is made twice.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Self

from bench.figures import interleaved, median, ratio
from bench.homes import HOST, ROOT, environment, found, newsroom
from bench.result import Bar, Chart, Result, Table, Target
from bench.site import Plan, make
from bench.sizes import SIZES, told

TARGET: Final = 1.5
# Pages of one round; a single one is lost in the noise of the machine.
AT_ONCE: Final = 3
QUICK_ROUNDS: Final = 7
# What stands in a kept site's home once it is whole: its plan.
_MADE: Final = "bench-made.json"
# Seconds of processor time, and how many queries, stories or whatever is told beside them.
Cost = tuple[float, int]
Costs = Mapping[str, list[Cost]]


class Site:
    """A process of a bench that answers lines about one site."""

    def __init__(self, module: str, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, "--child"],
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

    def ask(self, line: str) -> Cost:
        """What the line costs on this site."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit("The process that is measured has ended; what went wrong stands above.")
        seconds, number = json.loads(answer)
        return seconds, number


def answer_lines(cost_of: Callable[[str], Cost]) -> None:
    """Be the process that a `Site` asks."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(cost_of(line.strip())) + "\n")
        sys.stdout.flush()


class Pages:
    """Asks Django for pages, past the page store; in the process that is measured."""

    def __init__(self) -> None:
        from django.test import Client

        self._client = Client(SERVER_NAME=HOST)
        self._asked: list[str] = []

    def cost_of(self, path: str) -> Cost:
        """Seconds of processor time of this thread for one page, and its queries."""
        from django.db import connection

        self._asked.clear()
        with connection.execute_wrapper(self._note):
            response = self._client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}.")
        # Of this thread: the ranker works beside it.
        begun = time.thread_time()
        for _number in range(AT_ONCE):
            self._client.get(path)
        return (time.thread_time() - begun) / AT_ONCE, len(self._asked)

    def sign_in(self) -> None:
        """Ask as somebody who may do everything at the desk from now on."""
        from allauth.mfa.models import Authenticator

        from diurna.accounts.models import User

        user, _made = User.objects.get_or_create(
            email="desk@bench.example",
            defaults={"display_name": "Desk", "is_superuser": True},
        )
        # Without a second factor nobody gets to the desk; nobody is asked for this one.
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
        )
        self._client.force_login(user)

    def _note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self._asked.append(sql)
        return execute(sql, *rest)


def compare(
    sites: Mapping[str, Site], line: str | Mapping[str, str], rounds: int
) -> dict[str, list[Cost]]:
    """What the line costs on each site, in turns; the first answer of each counts for nothing.

    A line for each site, by its name, where they are not asked for the same.
    """
    lines = dict.fromkeys(sites, line) if isinstance(line, str) else line

    def load(name: str) -> Callable[[], Cost]:
        return lambda: sites[name].ask(lines[name])

    for name, site in sites.items():
        site.ask(lines[name])
    return interleaved({name: load(name) for name in sites}, rounds)


def tell_growth(result: Result, names: tuple[str, str], seen: Mapping[str, Costs]) -> None:
    """The table, the chart and the target of this bench, which is called as all three are."""
    small, large = names
    rows: list[list[str | float]] = []
    ratios: dict[str, float] = {}
    for kind, both in seen.items():
        costs = {name: [each[0] for each in both[name]] for name in names}
        ratios[kind] = ratio(costs[large], costs[small])
        queries = [both[name][-1][1] for name in names]
        times = [1000 * median(costs[name]) for name in names]
        rows.append([kind, *times, ratios[kind], *queries])
    columns = ["", f"{small}, CPU ms", f"{large}, CPU ms", "ratio", "queries", "queries"]
    title = f"{told(SIZES[small])}, against {told(SIZES[large])}"
    result.tables.append(Table(title, columns, rows))
    bars = [Bar(kind, value) for kind, value in ratios.items()]
    name = result.name
    result.charts.append(
        Chart(name, f"Processor time, {large} site against {small}", "times", bars, TARGET)
    )
    worst = max(ratios, key=lambda kind: ratios[kind])
    # What was measured on a smaller site says nothing for certain about the large one.
    met = ratios[worst] <= TARGET if large == "large" or ratios[worst] > TARGET else None
    measured = f"at most {ratios[worst]:.2f} ({worst}), {large} site"
    result.targets.append(Target(name, measured, met))
    if large != "large":
        result.shortened.append(
            f"The larger site has {told(SIZES[large])} instead of {told(SIZES['large'])};"
            " `--against large` makes that one, in some minutes."
        )


@contextmanager
def site_of(plan: Plan, kept: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a site of this plan: a throw-away one, or the one that is kept there."""
    if kept is None:
        with newsroom() as environ:
            make(plan, environ)
            yield environ
        return
    environ = environment(kept.resolve())
    made = kept / _MADE
    if not made.exists() or json.loads(made.read_text(encoding="utf-8")) != asdict(plan):
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        found(environ)
        make(plan, environ)
        made.write_text(json.dumps(asdict(plan)), encoding="utf-8")
    yield environ


def arguments(name: str, question: str, rounds: int) -> argparse.ArgumentParser:
    """The options that both benches have."""
    parser = argparse.ArgumentParser(prog=f"bin/bench {name}", description=question)
    parser.add_argument("--against", choices=["medium", "large"], default="medium")
    parser.add_argument("--rounds", type=int, help=f"({rounds})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    parser.add_argument(
        "--sites",
        type=Path,
        metavar="FOLDER",
        help="keep the sites there, and use again what was made (4 GB; remake after some hours,"
        " since lists of a day grow empty)",
    )
    return parser
