"""How much memory does the whole embedded stack take, and is it bounded?

    bin/bench memory [--minutes N] [--addresses N] [--quick] [--json FILE]

`diurna serve` with a site of 300 articles: all its processes, at rest after the first pages and
when no task waits, and after some minutes in which every page is read in turn and 20 guests a
second vote. What processes share is shared out among them (PSS). Then the application with a page
store of 16 MB is asked for a great many addresses, each only once: pages with a campaign's marks
behind them, which are other names of what is kept, and at every twentieth question one that has to
be drawn, which takes milliseconds: addresses that are not there, and pages behind a query that
nobody knows, which the store leaves to the application.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench import pages, processes, wrk
from bench.header import Header
from bench.homes import HOST, ROOT, newsroom
from bench.live_clients import Plan as Clients
from bench.result import Result, Table, Target, json_option, tell
from bench.site import MEASURED, SECTIONS, Plan, make
from bench.start import serve_command
from diurna.operations.worker import IDLE_SECONDS

QUESTION: Final = (
    "How much memory does the whole embedded stack take at rest and under load, and does it stay"
    " within bounds however many addresses are asked for?"
)
MINUTES: Final = 10.0
QUICK_MINUTES: Final = 0.5
ADDRESSES: Final = 100_000
QUICK_ADDRESSES: Final = 5_000
MILLION: Final = 1_000_000
ARTICLES: Final = 300
# Caches fill and the first tasks run.
SOON_SECONDS: Final = 15.0
# The task worker ends when it had nothing to do for a minute.
REST_SECONDS: Final = IDLE_SECONDS + 30.0
STORE_MB: Final = 16
# Beside what the store may hold: connections, threads, what is being drawn.
ALLOWANCE_MB: Final = 50
PART_SECONDS: Final = 5.0
WARM_SECONDS: Final = 10.0
CONNECTIONS: Final = 16
# For the many addresses, where drawing is the limit; each working thread has a database connection
# with a cache of its own, which would hide what addresses take.
FEW_CONNECTIONS: Final = 4
VOTES: Final = 20.0
TARGET_REST_MB: Final = 220
TARGET_LOAD_MB: Final = 400
# What is asked for in turn; `%d` is the number of the question. Other names for what is kept:
KEPT: Final = (
    f"{MEASURED}?utm_source=campaign-%d",
    f"{MEASURED}comments/?order=oldest&utm_medium=%d",
    "/?utm_source=campaign-%d",
)
# and, at every twentieth question, what has to be drawn.
DRAWN: Final = (
    "/harbour/nobody-wrote-%d/",
    "/latest/?page=%d",
    "/nobody-%d/",
    f"{MEASURED}?unknown=%d",
)
DRAWN_EVERY: Final = 20


def main() -> None:
    """Measure, and tell."""
    asked = _arguments()
    header = Header.now()
    result = Result("memory", QUESTION)
    if wrk.available():
        _stack(result, asked.minutes)
        _addresses(result, asked.addresses)
    else:
        result.missing.append("wrk, so nothing was measured (Debian: apt install wrk).")
    if asked.minutes < MINUTES:
        result.shortened.append(f"{asked.minutes:g} minutes of load instead of {MINUTES:g}.")
    if asked.addresses < MILLION:
        result.shortened.append(
            f"{asked.addresses:,} addresses instead of {MILLION:,} (`--addresses {MILLION}` asks"
            f" for all of them), with a page store of {STORE_MB} MB, so that they fill it."
        )
    tell(result, header, asked.json)


def _stack(result: Result, minutes: float) -> None:
    with newsroom(TRUSTED_PROXIES=processes.LOOPBACK) as environ:
        made = make(Plan(articles=ARTICLES, comments=10 * ARTICLES, votes=10 * ARTICLES), environ)
        port = _free_port()
        with processes.started(serve_command(port), environ) as pid:
            processes.wait_until(
                lambda: processes.status_of(port, "/") == 200, "`diurna serve`", environ
            )
            for path in made.paths.values():
                pages.ask(port, path)
            time.sleep(SOON_SECONDS)
            soon = by_role(pid)
            time.sleep(REST_SECONDS)
            rest = by_role(pid)
            wrong = _mixed_load(environ, port, made.measured, 60 * minutes)
            loaded = by_role(pid)
            time.sleep(REST_SECONDS)
            after = by_role(pid)
    looks = (soon, rest, loaded, after)
    roles = sorted({role for each in looks for role in each})
    rows: list[list[str | float]] = [
        [role, *(each.get(role, 0.0) for each in looks)] for role in roles
    ]
    rows.append(["together", *(sum(each.values()) for each in looks)])
    columns = ["MB (PSS)", f"{SOON_SECONDS:g} s after the first pages", "at rest"]
    columns += ["at the end of the load", "at rest again"]
    result.tables.append(Table(f"`diurna serve`, {ARTICLES} articles", columns, rows))
    first, second = sum(rest.values()), sum(loaded.values())
    met = first <= TARGET_REST_MB and second <= TARGET_LOAD_MB
    measured = f"{first:.0f} MB, {second:.0f} MB after {minutes:g} minutes"
    # A shorter load than the target's can only show that it is missed.
    decided = met if minutes >= MINUTES or not met else None
    result.targets.append(Target("memory", measured, decided))
    result.notes += wrong


def _mixed_load(environ: Mapping[str, str], port: int, article: str, seconds: float) -> list[str]:
    """Read everything in turn while guests vote; a sentence for what was not as expected."""
    folder = Path(environ["DIURNA_HOME"])
    plan = Clients(
        port=port,
        host=HOST,
        path=MEASURED,
        seconds=seconds,
        readers=4,
        pace=0.1,
        votes=VOTES,
        article=article,
    )
    file = folder / "clients.json"
    file.write_text(json.dumps(asdict(plan)), encoding="utf-8")
    command = [sys.executable, "-m", "bench.live_clients", "watch", str(file)]
    script = wrk.script(folder, paths=addresses_of(ARTICLES))
    words = wrk.command(port, "/", seconds=seconds, script=script, connections=CONNECTIONS)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as clients:
        load = wrk.run(words)
        told = json.loads(clients.communicate()[0])
    found = {
        "answers to readers were not 2xx or 3xx": load.refused,
        "connections of readers were lost or waited too long": load.broken,
        f"votes or looks failed ({'; '.join(told['wrong'][:3])})": len(told["wrong"]),
    }
    return [f"{count:,} {what}." for what, count in found.items() if count]


def addresses_of(articles: int) -> list[str]:
    """The addresses of a site of so many articles: stories, threads, points, lists and feeds."""
    sections = [title.lower() for title in SECTIONS]
    stories = [
        f"/{sections[(articles - 1 - number) % len(sections)]}/story-{number}/"
        for number in range(articles - 1)
    ]
    lists = ["/", "/latest/", "/feed/", "/sitemap.xml", "/corrections/", "/comments/feed/"]
    lists += [f"/{section}/" for section in sections]
    lists += [f"/topics/topic-{number}/" for number in range(20)]
    lists += [f"/people/person-{number}/" for number in range(20)]
    below = [f"{story}{word}/" for story in stories for word in ("comments", "points")]
    return [*lists, MEASURED, *stories, *below]


def _addresses(result: Result, count: int) -> None:
    with newsroom(DELIVERY_MEMORY=str(STORE_MB)) as environ, ExitStack() as stack:
        make(Plan(articles=ARTICLES, thread=1_000), environ)
        listener = stack.enter_context(processes.listening())
        pids = stack.enter_context(processes.applications(environ, listener))
        port = processes.port_of(listener)
        folder = Path(environ["DIURNA_HOME"])
        # All that is loaded only when it is needed, and the caches of as many database connections
        # as there will be: a page of each kind, several times, on as many connections.
        warm = wrk.script(folder, paths=addresses_of(20))
        words = wrk.command(
            port, "/", seconds=WARM_SECONDS, script=warm, connections=FEW_CONNECTIONS
        )
        wrk.run(words)
        rows: list[list[str | float]] = [["0", _memory(pids)]]
        done = 0
        begun = time.monotonic()
        while done < count:
            script = distinct(folder, done)
            words = wrk.command(
                port, "/", seconds=PART_SECONDS, script=script, connections=FEW_CONNECTIONS
            )
            done += wrk.run(words).requests
            rows.append([f"{done:,}", _memory(pids)])
        took = time.monotonic() - begun
    before, highest = float(rows[0][1]), max(float(row[1]) for row in rows)
    result.tables.append(
        Table("One application process and many addresses", ["asked for", "MB"], _some(rows))
    )
    result.notes.append(
        f"The {done:,} addresses were asked for in {took:.0f} s; {done // DRAWN_EVERY:,} of them"
        " had to be drawn, the others are names of what is kept."
    )
    met = highest - before <= STORE_MB + ALLOWANCE_MB
    result.targets.append(
        Target(
            "bounded",
            f"{highest - before:.0f} MB more after {done:,} addresses, store {STORE_MB} MB",
            met if count >= MILLION or not met else None,
        )
    )


def _some(rows: list[list[str | float]]) -> list[list[str | float]]:
    """At most a dozen of the rows, evenly, the last one among them."""
    step = max(len(rows) // 11, 1)
    return [*rows[:-1:step], rows[-1]]


def distinct(folder: Path, first: int) -> Path:
    """A script for wrk that asks for each address once, from this number on."""
    script = wrk.script(folder)
    kept, drawn = (", ".join(map(json.dumps, kinds)) for kinds in (KEPT, DRAWN))
    text = script.read_text(encoding="utf-8") + (
        f"local kept, drawn, every = {{{kept}}}, {{{drawn}}}, {DRAWN_EVERY}\nlocal at = {first}\n"
        "request = function()\n  at = at + 1\n  local kind = kept[at % #kept + 1]\n"
        "  if at % every == 0 then kind = drawn[(at / every) % #drawn + 1] end\n"
        "  return wrk.format('GET', string.format(kind, at))\nend\n"
    )
    script.write_text(text, encoding="utf-8")
    return script


def by_role(pid: int) -> dict[str, float]:
    """MB of the processes of `diurna serve`, by what each of them is for."""
    told: dict[str, float] = {}
    for below, size in processes.memory_mb(pid).items():
        command = Path(f"/proc/{below}/cmdline")
        words = command.read_text("utf-8").split("\0") if command.exists() else []
        role = next(
            (word.rpartition(".")[2] for word in words if word.startswith("diurna.operations.")),
            "supervisor",
        )
        told[role] = told.get(role, 0.0) + size
    return told


def _memory(pids: list[int]) -> float:
    return sum(processes.memory_mb(pids[0]).values())


def _free_port() -> int:
    with processes.listening() as probe:
        return processes.port_of(probe)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench memory", description=QUESTION)
    parser.add_argument("--minutes", type=float, help=f"of mixed load ({MINUTES:g})")
    parser.add_argument("--addresses", type=int, help=f"({ADDRESSES:,})")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_MINUTES:g} minutes, {QUICK_ADDRESSES:,}"
    )
    json_option(parser)
    asked = parser.parse_args()
    asked.minutes = asked.minutes or (QUICK_MINUTES if asked.quick else MINUTES)
    asked.addresses = asked.addresses or (QUICK_ADDRESSES if asked.quick else ADDRESSES)
    return asked


if __name__ == "__main__":
    main()
