"""Runs every bench in order and writes the page of results.

    bin/bench all [--quick] [--only NAME,NAME] [--results DIR]

With `--quick` it takes a quarter of an hour on two cores; each result says what was shortened.
A bench that fails is named at the end, and the others run all the same.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench.homes import MIGRATED, ROOT, TEMPLATE, environment, found, migrated
from bench.performance_page import RESULTS
from bench.printed import MODULES


@dataclass(frozen=True, slots=True)
class Part:
    """A bench with its arguments for a whole run and for a short one."""

    name: str
    whole: Sequence[str] = ()
    quick: Sequence[str] = ("--quick",)
    # It prints and knows no `--json`; `bench.printed` writes down what it prints.
    prints: bool = False


PARTS: Final = (
    Part("read"),
    Part("live"),
    Part("render"),
    Part("votes"),
    Part("comments", (), ("2000", "5000"), prints=True),
    Part("lists", ("--against", "large")),
    Part("search", ("--against", "large")),
    Part("memory"),
    Part("start"),
    Part("import", (), ("200", "600"), prints=True),
    Part("ledger", (), ("100000",), prints=True),
    Part("seed"),
)


def main() -> None:
    """Run them, and say which have failed."""
    asked = _arguments()
    parts = [part for part in PARTS if not asked.only or part.name in asked.only]
    asked.results.mkdir(parents=True, exist_ok=True)
    failed = []
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as folder:
        _prepare(Path(folder))
        for part in parts:
            begun = time.monotonic()
            if not _run(part, asked.results, quick=asked.quick):
                failed.append(part.name)
            sys.stdout.write(f"\n(bench {part.name} took {time.monotonic() - begun:.0f} s)\n\n")
            sys.stdout.flush()
    page = [sys.executable, "-m", "bench.performance_page", "--results", str(asked.results)]
    subprocess.run(page, cwd=ROOT, check=True)
    if failed:
        sys.exit(f"Failed, and so not on the page: {', '.join(failed)}.")


def _prepare(folder: Path) -> None:
    """Have all benches begin with copies: migrating takes half a minute each time.

    Who names both in the environment has made them already.
    """
    if MIGRATED in os.environ and TEMPLATE in os.environ:
        return
    begun = time.monotonic()
    os.environ[MIGRATED] = str(migrated(folder / "migrated"))
    template = folder / "template"
    found(environment(template))
    os.environ[TEMPLATE] = str(template)
    sys.stdout.write(f"(preparing took {time.monotonic() - begun:.0f} s)\n\n")
    sys.stdout.flush()


def command(part: Part, file: Path, *, quick: bool) -> list[str]:
    """The command line of one bench."""
    words = ["bench.printed", part.name] if part.prints else [f"bench.{module_of(part.name)}"]
    return [
        sys.executable,
        "-m",
        *words,
        *(part.quick if quick else part.whole),
        "--json",
        str(file),
    ]


def module_of(name: str) -> str:
    """The module of a bench; Python has no module that is called `import`."""
    return MODULES[name][0] if name in MODULES else name


def _run(part: Part, results: Path, *, quick: bool) -> bool:
    file = results / f"{part.name}.json"
    # What another run has found is not this one's.
    file.unlink(missing_ok=True)
    if find_spec(f"bench.{module_of(part.name)}") is None:
        sys.stdout.write(f"There is no bench {part.name}.\n")
        return False
    done = subprocess.run(command(part, file, quick=quick), cwd=ROOT, check=False)
    return done.returncode == 0 and file.exists()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench all", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="about a quarter of an hour")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the JSON goes")
    parser.add_argument(
        "--only", type=lambda text: text.split(","), help="names with commas between them"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
