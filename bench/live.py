"""Reads at full rate while votes arrive on the same article: how much slower, and how stale?

    bin/bench live [--seconds N] [--rounds N] [--votes N] [--quick] [--json FILE]

With one application process, then with two on one socket. In turns nobody votes, and 50 guests a
second do, each from a network of its own; meanwhile wrk reads as fast as it is answered, and eight
readers, 20 times a second each, note the points they see and when. Then stories are retracted by
another process while readers ask for them as fast as they are answered, and 400 connections ask at
once for a page that was just dropped.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final, Self

from bench import pages, processes, wrk
from bench.header import Header
from bench.homes import HOST, ROOT, newsroom
from bench.live_clients import Plan
from bench.live_told import HERD, NOTES, RETRACTIONS, Seen, tell_tables, tell_targets
from bench.result import Result, json_option, tell
from bench.site import MEASURED, Made, make
from bench.site import Plan as Site
from bench.staleness import staleness, watched

QUESTION: Final = (
    "How fast are reads while votes arrive on the same article, how old are the points that anybody"
    " sees, is a retracted story ever seen afterwards, and how often is a page drawn that 400 ask"
    " for at once?"
)
SECONDS: Final = 20.0
QUICK_SECONDS: Final = 8.0
ROUNDS: Final = 3
QUICK_ROUNDS: Final = 2
VOTES: Final = 50.0
READERS: Final = 8
PACE_SECONDS: Final = 0.05
# Votes are shown within a second and pages drawn within another.
SETTLE_SECONDS: Final = 4.0
HERDS: Final = 3
RETRACT_SECONDS: Final = 4.0
RETRACT_AFTER: Final = 1.5
RETRACTED: Final = '(class="article[^"]*article--retracted)'


class Desk:
    """The other process of the site."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.live_desk"],
            env=dict(environ),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        _of(self._process.stdin).close()
        self._process.wait()
        _of(self._process.stdout).close()

    def do(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Have it done; what the desk tells of it."""
        line = json.dumps({"do": what, **arguments})
        pipe = _of(self._process.stdin)
        pipe.write(line + "\n")
        pipe.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = _of(self._process.stdout).readline()
        if not line:
            sys.exit("The desk of the bench has ended; what went wrong stands above.")
        told: dict[str, Any] = json.loads(line)
        return told


class Live:
    """One newsroom with so many application processes, and everything that is done to it."""

    def __init__(
        self, made: Made, environ: Mapping[str, str], port: int, pids: list[int], desk: Desk
    ) -> None:
        self.made = made
        self.folder = Path(environ["DIURNA_HOME"])
        self.drawn = Path(environ["DIURNA_BENCH_DRAWN"])
        self.port = port
        self.pids = pids
        self.desk = desk
        self.seen = Seen()
        self._guests = 0
        self._core = processes.two_cores()[1] if len(pids) == 1 else None

    def round(self, seconds: float, votes: float) -> None:
        """Read for so long, with so many votes a second."""
        plan = Plan(
            port=self.port,
            host=HOST,
            path=MEASURED,
            pattern=f'data-target="article:{self.made.measured}" data-points="(-?\\d+)"',
            seconds=seconds,
            readers=READERS,
            pace=PACE_SECONDS,
            votes=votes,
            first=self._guests,
            article=self.made.measured,
        )
        script = wrk.script(self.folder)
        words = wrk.command(
            self.port,
            MEASURED,
            seconds=seconds,
            script=script,
            headers={"Accept-Encoding": "gzip"},
            core=self._core,
        )
        before, drawn = self._points(), self._count(MEASURED)
        used = processes.processor_seconds(self.pids)
        with self._clients("watch", plan) as clients:
            load = wrk.run(words)
            used = processes.processor_seconds(self.pids) - used
            told = json.loads(_of(clients.stdout).read())
        self._note(load, used, told, before, is_voted=votes > 0)
        self.seen.drawn += self._count(MEASURED) - drawn if votes else 0
        time.sleep(SETTLE_SECONDS)
        self.seen.lost += before + len(told["votes"]) - self._points()
        # An answer that did not come may still be a vote.
        self._guests += int(votes * seconds) + wrk.CONNECTIONS

    def _note(
        self, load: wrk.Load, used: float, told: dict[str, Any], before: int, *, is_voted: bool
    ) -> None:
        seen = self.seen
        cost = 1e6 * used / max(load.requests, 1)
        (seen.voted if is_voted else seen.quiet).append(load.rate)
        (seen.voted_us if is_voted else seen.quiet_us).append(cost)
        found = staleness(map(_read, told["reads"]), told["votes"], before)
        seen.ages += found.ages if is_voted else []
        seen.backwards += found.backwards
        seen.unreadable += found.unreadable
        seen.votes += len(told["votes"])
        seen.reads += len(told["reads"]) if is_voted else 0
        seen.wrong += told["wrong"]
        if load.refused or load.broken:
            seen.wrong.append(f"wrk: {load.refused} refused, {load.broken} broken")

    def retract(self, name: str) -> None:
        """Retract a story under the eyes of readers; note what they saw afterwards."""
        story = self.desk.do("publish", name=name)
        plan = Plan(
            port=self.port,
            host=HOST,
            path=story["path"],
            pattern=RETRACTED,
            seconds=RETRACT_SECONDS,
            readers=READERS,
        )
        with self._clients("watch", plan) as clients:
            time.sleep(RETRACT_AFTER)
            moment = self.desk.do("retract", key=story["key"])["returned"]
            told = json.loads(_of(clients.stdout).read())
        self.seen.wrong += told["wrong"]
        self.seen.retractions.append(watched(map(_read, told["reads"]), moment))

    def herd(self) -> None:
        """Drop the page, then have it asked for by all connections at once."""
        plan = Plan(port=self.port, host=HOST, path=MEASURED, seconds=0, readers=HERD)
        pages.ask(self.port, MEASURED)
        with self._clients("herd", plan) as clients:
            _of(clients.stdout).readline()
            self.desk.do("drop", article=self.made.measured)
            drawn = self._count(MEASURED)
            _of(clients.stdin).write("\n")
            _of(clients.stdin).flush()
            told = json.loads(_of(clients.stdout).readline())
        # A page that came too late to be kept may still be drawn again in the background.
        time.sleep(1.0)
        self.seen.herds.append({**told, "drawn": self._count(MEASURED) - drawn})

    @contextlib.contextmanager
    def _clients(self, kind: str, plan: Plan) -> Iterator["subprocess.Popen[str]"]:
        file = self.folder / "clients.json"
        file.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        words = [*processes.pinned(self._core), sys.executable, "-m", "bench.live_clients"]
        with subprocess.Popen(
            [*words, kind, str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as clients:
            yield clients
        if clients.returncode:
            sys.exit(f"The clients of the bench ended with status {clients.returncode}.")

    def _count(self, path: str) -> int:
        lines = self.drawn.read_text(encoding="utf-8").splitlines()
        return sum(line.partition(" ")[2] == path for line in lines)

    def _points(self) -> int:
        answer = pages.ask(self.port, f"/api/v1/articles/{self.made.measured}/points")
        return int(json.loads(answer.body)["points"])


def _read(told: list[Any]) -> tuple[int, float, float, str]:
    connection, asked, had, text = told
    return connection, asked, had, text


def _of(pipe: "IO[str] | None") -> IO[str]:
    assert pipe is not None
    return pipe


def main() -> None:
    """Measure with one process and with two, and tell."""
    asked = _arguments()
    header = Header.now()
    result = Result("live", QUESTION)
    if not wrk.available():
        result.missing.append("wrk, so nothing was measured (Debian: apt install wrk).")
    else:
        both = {count: _measure(count, asked) for count in (1, 2)}
        tell_tables(result, both, asked.votes)
        tell_targets(result, both)
        result.notes += NOTES
    whole = f"{ROUNDS} rounds of {SECONDS:g} s"
    if (asked.seconds, asked.rounds) != (SECONDS, ROUNDS):
        result.shortened.append(f"{asked.rounds} rounds of {asked.seconds:g} s instead of {whole}.")
    tell(result, header, asked.json)


def _measure(count: int, asked: argparse.Namespace) -> Seen:
    core = processes.two_cores()[0] if count == 1 else None
    # Each guest has a network of its own, which a proxy tells.
    with newsroom(TRUSTED_PROXIES=processes.LOOPBACK) as environ, contextlib.ExitStack() as stack:
        made = make(Site(), environ)
        environ["DIURNA_BENCH_DRAWN"] = str(Path(environ["DIURNA_HOME"]) / "drawn")
        listener = stack.enter_context(processes.listening())
        pids = stack.enter_context(
            processes.applications(
                environ, listener, count=count, core=core, target=processes.COUNTED
            )
        )
        desk = stack.enter_context(Desk(environ))
        live = Live(made, environ, processes.port_of(listener), pids, desk)
        # The first vote makes the row of the points, and loads what voting needs.
        live.round(1.0, asked.votes)
        live.seen = Seen()
        for _number in range(asked.rounds):
            live.round(asked.seconds / 4, 0.0)
            live.round(asked.seconds, asked.votes)
        for number in range(RETRACTIONS):
            live.retract(f"withdrawn-{number}")
        for _number in range(HERDS):
            live.herd()
    return live.seen


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench live", description=QUESTION)
    parser.add_argument("--seconds", type=float, help=f"of votes in each round ({SECONDS:g})")
    parser.add_argument("--rounds", type=int, help=f"({ROUNDS})")
    parser.add_argument("--votes", type=float, default=VOTES, help=f"a second ({VOTES:g})")
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
