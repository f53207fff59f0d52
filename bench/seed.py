"""How fast is the site of a bench made: articles, comments and votes?

    bin/bench seed [small|medium|large] [--json FILE]

Rows are written straight into SQLite's tables, past every action, as `bench lists` needs them. This
is no measure of publishing or voting; it says how long the other benches take to prepare.
"""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.header import Header
from bench.homes import newsroom
from bench.result import Result, Table, json_option, tell
from bench.site import make
from bench.sizes import SIZES, told

QUESTION: Final = "How fast is the site that other benches read made, by rows written directly?"
MB: Final = 1_000_000


def main() -> None:
    """Make one, and tell."""
    parser = argparse.ArgumentParser(prog="bin/bench seed", description=QUESTION)
    parser.add_argument("size", nargs="?", choices=SIZES, default="small")
    parser.add_argument("--quick", action="store_true", help="the small one, as without it")
    json_option(parser)
    asked = parser.parse_args()
    header = Header.now()
    plan = SIZES[asked.size]
    with newsroom() as environ:
        made = make(plan, environ)
        size = (Path(environ["DIURNA_HOME"]) / "diurna.sqlite3").stat().st_size / MB
    counts = {**asdict(plan), "standings": plan.articles}
    rows: list[list[str | float]] = [
        [name, counts[name], seconds, counts[name] / max(seconds, 0.001)]
        for name, seconds in made.seconds.items()
    ]
    result = Result("seed", QUESTION)
    result.tables.append(Table(told(plan), ["", "rows", "seconds", "rows/s"], rows))
    result.notes.append(f"The database has {size:,.0f} MB afterwards.")
    tell(result, header, asked.json)


if __name__ == "__main__":
    main()
