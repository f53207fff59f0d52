"""How long after `diurna serve` is called does the first page arrive?

    bin/bench start [--rounds N] [--quick] [--json FILE]

A founded newsroom with some stories, whose byte code a start before has compiled, as the installer
does. The front page is asked for again and again until it is there.
"""

import argparse
import sys
import time
from collections.abc import Mapping
from typing import Final

from bench import processes
from bench.figures import median
from bench.header import Header
from bench.homes import newsroom
from bench.result import Result, Table, Target, json_option, tell
from bench.site import Plan, make

QUESTION: Final = "How long after `diurna serve` is called is the first page there?"
ROUNDS: Final = 7
QUICK_ROUNDS: Final = 3
POLL_SECONDS: Final = 0.02
TARGET_SECONDS: Final = 3.0


def main() -> None:
    """Measure, and tell."""
    asked = _arguments()
    header = Header.now()
    result = Result("start", QUESTION)
    with newsroom() as environ:
        make(Plan(), environ)
        one_start(environ)
        seen = [one_start(environ) for _number in range(asked.rounds)]
    seconds, processor = [each[0] for each in seen], [each[1] for each in seen]
    result.tables.append(
        Table(
            "From the call to the front page",
            ["", "median", "slowest"],
            [
                ["seconds", median(seconds), max(seconds)],
                ["processor seconds, all processes", median(processor), max(processor)],
            ],
        )
    )
    met = median(seconds) <= TARGET_SECONDS
    measured = f"{median(seconds):.1f} s ({median(processor):.1f} s of CPU)"
    result.targets.append(Target("start", measured, met, by_clock=True))
    if asked.rounds < ROUNDS:
        result.shortened.append(f"{asked.rounds} starts instead of {ROUNDS}.")
    tell(result, header, asked.json)


def one_start(environ: Mapping[str, str]) -> tuple[float, float]:
    """Seconds until the front page is there, and processor seconds of all processes until then."""
    with processes.listening() as probe:
        port = processes.port_of(probe)
    begun = time.monotonic()
    with processes.started(serve_command(port), environ) as pid:
        while processes.status_of(port, "/") != 200:
            if time.monotonic() - begun > processes.START_SECONDS:
                sys.exit("`diurna serve` did not answer; its log says why.")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - begun, processes.processor_seconds([pid])


def serve_command(port: int) -> list[str]:
    """`diurna serve` on this port."""
    words = [sys.executable, "-m", "diurna.cli", "serve"]
    return [*words, "--host", processes.LOOPBACK, "--port", str(port)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench start", description=QUESTION)
    parser.add_argument("--rounds", type=int, help=f"({ROUNDS})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    json_option(parser)
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    main()
