"""Writes docs/explanation/performance.md and its charts from the results of a run.

    bin/bench page [--results DIR]

Nothing on the page is written by hand: what it says comes from `bench.targets`, from here, and from
the JSON of each bench.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.charts import svg
from bench.header import ROOT, Header
from bench.result import Result, body, read, table_lines, verdict
from bench.targets import GOALS, Goal

RESULTS: Final = ROOT / "bench" / "results"
PAGE: Final = ROOT / "docs" / "explanation" / "performance.md"
IMAGES: Final = ROOT / "docs" / "images"
# In the order in which the page tells them.
ORDER: Final = (
    "read",
    "live",
    "render",
    "votes",
    "comments",
    "lists",
    "search",
    "memory",
    "start",
    "import",
    "ledger",
    "seed",
    "gate",
    "verify",
)
TITLES: Final = {
    "read": "A finished article",
    "live": "Reads while votes arrive",
    "render": "A page that is not kept",
    "votes": "Votes",
    "comments": "Threads of comments",
    "lists": "Fronts and lists of a large site",
    "search": "The search of a large site",
    "memory": "Memory",
    "start": "The start",
    "import": "Bringing in another site",
    "ledger": "The public log",
    "seed": "Making the measured sites",
    "gate": "Waiting for SQLite",
    "verify": "Checking a log",
}
_INTRODUCTION: Final = """\
# How fast it is, measured

Written by `bin/bench page` from the results in `bench/results`; please change those, not this page.
[How to measure](../how-to/measure.md) says how to repeat it.

A figure of a benchmark is true for one machine, one commit and one load. Other machines give other
figures; ratios between things that were measured in the same rounds change less, so the targets are
ratios where they can be. Nothing here is a promise about a site with readers.

Every finished page is drawn once and kept in the memory of the process, compressed, in front of
Django. Whatever changes what a page shows drops it, or has it drawn again within a second. The
benches below measure how much that brings, what it costs, and whether anybody sees a page that is
out of date."""
_METHOD: Final = """\
## How it was measured

- Contenders take turns within each round, every second round backwards, and medians are told. A
  ratio is the median of the ratios of the rounds, so what slows the machine for a while counts on
  both sides.
- Where two cores are there, the server has one and the load generator (wrk) the other. "Of its
  core" says how busy the server was: below 100 % the load generator was the limit, and the rate
  says less about the server than its processor time for each answer.
- Processor time is that of the whole process, from `/proc`, all its threads and background work
  included.
- "Not decided" stands where something was measured smaller than the target asks and the target was
  not already missed (what was shortened stands below each table), and beside rates and times that
  were taken while other work ran on the machine."""


def main() -> None:
    """Write the page from what is there."""
    parser = argparse.ArgumentParser(prog="bin/bench page", description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args()
    results = [read(path) for path in sorted(asked.results.glob("*.json"))]
    if not results:
        sys.exit(f"There are no results in {asked.results}; `bin/bench all` makes them.")
    IMAGES.mkdir(exist_ok=True)
    for old in IMAGES.glob("bench-*.svg"):
        old.unlink()
    for result, _header in results:
        for chart in result.charts:
            file = IMAGES / f"bench-{chart.name}.svg"
            file.write_text(svg(chart), encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    sys.stdout.write(f"Written: {PAGE.relative_to(ROOT)}\n")


def page(results: Sequence[tuple[Result, Header]]) -> str:
    """The whole page in Markdown."""
    by_name = {result.name: (result, header) for result, header in results}
    lines = [_INTRODUCTION, "", *_machines([header for _result, header in results])]
    lines += ["", "## Targets", "", *_targets(by_name), "", _METHOD]
    for name in sorted(by_name, key=_place):
        result, header = by_name[name]
        lines += ["", f"## {TITLES.get(name, name)}", "", result.question, ""]
        lines += [f"`bin/bench {name}`, {header.date}, commit {header.commit}", ""]
        for chart in result.charts:
            lines += [f"![{_spoken(chart.title)}](../images/bench-{chart.name}.svg)", ""]
        lines += body(result, header)
        while lines[-1] == "":
            lines.pop()
    return "\n".join(lines) + "\n"


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _spoken(title: str) -> str:
    return f"{title}; the figures stand in the table below"


def _machines(headers: Sequence[Header]) -> list[str]:
    """Each machine that took part, once, with the versions; mostly there is one."""
    seen: dict[tuple[str, ...], Header] = {}
    for header in sorted(headers, key=lambda each: each.date):
        seen[(header.machine, header.commit, *header.versions.values())] = header
    lines = []
    for header in seen.values():
        first, *rest = header.lines()
        lines += [first, *(f"  {line}" for line in rest)]
    return lines


def _targets(by_name: Mapping[str, tuple[Result, Header]]) -> list[str]:
    rows = [_row(goal, by_name.get(goal.bench)) for goal in GOALS]
    return table_lines(["what", "target", "measured", "", "when"], rows, words=True)


def _row(goal: Goal, found: tuple[Result, Header] | None) -> list[str | float]:
    if not goal.bench:
        return [goal.what, goal.target, "does not exist yet", "later", ""]
    result, header = found or (None, None)
    target = (
        next((each for each in result.targets if each.key == goal.key), None) if result else None
    )
    if target is None or header is None:
        return [goal.what, goal.target, "not measured", "", ""]
    when = f"{header.date}, {header.commit}"
    return [goal.what, goal.target, target.measured, verdict(target, header), when]


if __name__ == "__main__":
    main()
