"""How fast does a finished article leave the process, beside a bare callable and beside nginx?

    bin/bench read [--seconds N] [--rounds N] [--quick] [--json FILE]

One application process on one core, wrk with 32 connections on another; the page, about 43 KB with
10 comments below it, is drawn once and then asked for again and again. In the same rounds stand a
bare WSGI callable on the same server (Granian), which sends the same status, headers and bodies
from a dict on one thread, and nginx with one worker on that core, which sends the same bodies from
files (plain, stored gzip, open-file cache).
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import nginx, pages, processes, wrk
from bench.figures import interleaved, median, ratio
from bench.header import Header
from bench.homes import newsroom
from bench.result import Bar, Chart, Result, Table, Target, json_option, tell
from bench.site import MEASURED, Plan, make

QUESTION: Final = (
    "How many finished articles a second does one process on one core send, beside a bare WSGI"
    " callable on the same server and beside nginx?"
)
SECONDS: Final = 5.0
QUICK_SECONDS: Final = 2.0
ROUNDS: Final = 5
QUICK_ROUNDS: Final = 3
WARM_SECONDS: Final = 1.0
TARGET_BARE: Final = 0.9
TARGET_NGINX: Final = 0.43
KINDS: Final = ("plain", "gzip", "304")
OWN, BARE, NGINX = "Diurna", "bare callable", "nginx"
# The page is drawn when it is first asked for, and when ten minutes are over.
MOST_DRAWN: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """One round of one contender: answers a second, and processor time of the server."""

    load: wrk.Load
    processor: float

    @property
    def cost_us(self) -> float:
        """Microseconds of the server's processor for one answer."""
        return 1e6 * self.processor / max(self.load.requests, 1)

    @property
    def busy(self) -> float:
        """How much of a core the server used, 0 to 1: below 1 the load generator was the limit."""
        return self.processor * self.load.rate / max(self.load.requests, 1)


@dataclass(frozen=True, slots=True)
class Server:
    """A contender that runs: where it answers, its process, and the path of the page there."""

    name: str
    port: int
    pid: int
    path: str


def main() -> None:
    """Measure, and tell."""
    asked = _arguments()
    header = Header.now()
    result = Result("read", QUESTION)
    if wrk.available():
        seen = _measure(result, asked.seconds, asked.rounds)
        _targets(result, seen)
    else:
        result.missing.append("wrk, so nothing was measured (Debian: apt install wrk).")
    if (asked.seconds, asked.rounds) != (SECONDS, ROUNDS):
        result.shortened.append(
            f"{asked.rounds} rounds of {asked.seconds:g} s instead of {ROUNDS} of {SECONDS:g} s."
        )
    tell(result, header, asked.json)


def _measure(result: Result, seconds: float, rounds: int) -> dict[str, list[Seen]]:
    core, other = processes.two_cores()
    if core is None or not processes.pinned(core):
        result.missing.append("taskset or a second core, so server and load share the cores.")
    with newsroom() as environ, contextlib.ExitStack() as stack:
        make(Plan(), environ)
        drawn = Path(environ["DIURNA_HOME"]) / "drawn"
        environ["DIURNA_BENCH_DRAWN"] = str(drawn)
        own = stack.enter_context(_own(environ, core))
        page = pages.page(own.port, MEASURED)
        bodies = {name: one.body for name, one in page.items()}
        servers = [own, stack.enter_context(_bare(page, environ, core))]
        if nginx.available():
            port = _free_port()
            pid = stack.enter_context(nginx.serving(bodies, environ, port=port, core=core))
            servers.append(Server(NGINX, port, pid, f"/{nginx.NAME}"))
        else:
            result.missing.append("nginx, so nothing was compared with it (apt install nginx).")
        _demand_same(servers, bodies)
        loads = _loads(servers, Path(environ["DIURNA_HOME"]), seconds, other)
        for name, load in loads.items():
            if name.endswith("plain"):
                load()
        seen = interleaved(loads, rounds)
        _note_drawn(result, drawn, seen)
    _tables(result, seen, page)
    return seen


@contextlib.contextmanager
def _own(environ: Mapping[str, str], core: int | None) -> Iterator[Server]:
    with (
        processes.listening() as listener,
        processes.applications(environ, listener, core=core, target=processes.COUNTED) as pids,
    ):
        yield Server(OWN, processes.port_of(listener), pids[0], MEASURED)


@contextlib.contextmanager
def _bare(
    page: Mapping[str, pages.Answer], environ: Mapping[str, str], core: int | None
) -> Iterator[Server]:
    file = Path(environ["DIURNA_HOME"]) / "pages.json"
    pages.keep(page, file)
    with processes.listening() as listener:
        port, number = processes.port_of(listener), listener.fileno()
        words = [*processes.pinned(core), sys.executable, "-m", "bench.bare", str(file)]
        command = [*words, "--socket", str(number)]
        with processes.started(command, environ, handles=[number]) as pid:
            processes.wait_until(
                lambda: processes.status_of(port, MEASURED) == 200, "The bare callable", environ
            )
            yield Server(BARE, port, pid, MEASURED)


def _demand_same(servers: list[Server], bodies: Mapping[str, bytes]) -> None:
    for server in servers:
        for encoding in ("", "gzip"):
            headers = {"Accept-Encoding": encoding} if encoding else {}
            answer = pages.ask(server.port, server.path, headers)
            if answer.status != 200 or answer.body != bodies[encoding]:
                sys.exit(f"{server.name} does not send the same {encoding or 'plain'} bytes.")


def _loads(
    servers: list[Server], folder: Path, seconds: float, core: int | None
) -> dict[str, Callable[[], Seen]]:
    """What is measured in each round, by the name of the contender and of the kind."""
    script = wrk.script(folder)
    loads: dict[str, Callable[[], Seen]] = {}
    for server in servers:
        for kind in KINDS:
            # The bare callable knows no conditions.
            if kind != "304" or server.name != BARE:
                headers = _headers(server, kind)
                words = wrk.command(
                    server.port,
                    server.path,
                    seconds=seconds,
                    script=script,
                    headers=headers,
                    core=core,
                )
                loads[f"{server.name} {kind}"] = partial(_one, words, server.pid)
    return loads


def _headers(server: Server, kind: str) -> dict[str, str]:
    if kind == "plain":
        return {}
    headers = {"Accept-Encoding": "gzip"}
    if kind == "304":
        headers["If-None-Match"] = pages.ask(server.port, server.path, headers).header("ETag")
        status = pages.ask(server.port, server.path, headers).status
        if status != 304:
            sys.exit(f"{server.name} answers {status} to who has the page already.")
    return headers


def _one(words: list[str], pid: int) -> Seen:
    before = processes.processor_seconds([pid])
    load = wrk.run(words)
    if load.refused or load.broken:
        sys.exit(f"{load.refused} answers were refused, {load.broken} connections broke.")
    return Seen(load, processes.processor_seconds([pid]) - before)


def _note_drawn(result: Result, drawn: Path, seen: Mapping[str, list[Seen]]) -> None:
    lines = drawn.read_text(encoding="utf-8").splitlines()
    count = sum(line.partition(" ")[2] == MEASURED for line in lines)
    answers = sum(one.load.requests for name in seen if OWN in name for one in seen[name])
    result.notes.append(f"Of Diurna's {answers:,} answers {count:,} were drawn.")
    if count > MOST_DRAWN:
        result.notes.append("So the page store did not keep this page; the figures are not its.")


def _tables(
    result: Result, seen: Mapping[str, list[Seen]], page: Mapping[str, pages.Answer]
) -> None:
    plain, packed = (round(len(page[name].body) / 1000) for name in ("", "gzip"))
    rows: list[list[str | float]] = [
        [
            name,
            median([one.load.rate for one in each]),
            median([one.cost_us for one in each]),
            f"{median([one.busy for one in each]):.0%}",
            median([one.load.p50_ms for one in each]),
            median([one.load.p99_ms for one in each]),
        ]
        for name, each in seen.items()
    ]
    columns = ["", "answers/s", "CPU µs each", "of its core", "p50 ms", "p99 ms"]
    result.tables.append(Table(f"One article, {plain} KB, {packed} KB gzip", columns, rows))
    compared: list[list[str | float]] = []
    for kind in KINDS:
        for other in (BARE, NGINX):
            if f"{other} {kind}" in seen:
                rates, costs = _ratios(seen, kind, other)
                compared.append([f"{kind}, against {other}", rates, costs])
    result.tables.append(
        Table("Diurna against the others", ["", "answers/s", "CPU of each answer"], compared)
    )
    for kind in ("plain", "gzip"):
        bars = [
            Bar(who, median([one.load.rate for one in seen[f"{who} {kind}"]]), own=who == OWN)
            for who in (OWN, BARE, NGINX)
            if f"{who} {kind}" in seen
        ]
        result.charts.append(Chart(f"read-{kind}", f"One article, {kind}", "answers/s", bars))


def _ratios(seen: Mapping[str, list[Seen]], kind: str, other: str) -> tuple[float, float]:
    own, theirs = seen[f"{OWN} {kind}"], seen[f"{other} {kind}"]
    return (
        ratio([one.load.rate for one in own], [one.load.rate for one in theirs]),
        ratio([one.cost_us for one in own], [one.cost_us for one in theirs]),
    )


def _targets(result: Result, seen: Mapping[str, list[Seen]]) -> None:
    for key, other, least in (
        ("read-bare", BARE, TARGET_BARE),
        ("read-nginx", NGINX, TARGET_NGINX),
    ):
        if f"{other} plain" not in seen:
            continue
        found = [_ratios(seen, kind, other) for kind in ("plain", "gzip")]
        plain, packed = (rate for rate, _cost in found)
        costs = ", ".join(f"{cost:.2f}" for _rate, cost in found)
        measured = f"plain {plain:.2f}, gzip {packed:.2f} (CPU of each answer {costs} times)"
        met = min(plain, packed) >= least
        result.targets.append(Target(key, measured, met, by_clock=True))


def _free_port() -> int:
    with processes.listening() as probe:
        return processes.port_of(probe)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench read", description=QUESTION)
    parser.add_argument("--seconds", type=float, help=f"of each round ({SECONDS:g})")
    parser.add_argument("--rounds", type=int, help=f"({ROUNDS})")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds of {QUICK_SECONDS:g} s"
    )
    json_option(parser)
    asked = parser.parse_args()
    asked.seconds = asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS)
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    main()
