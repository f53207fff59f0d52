"""Runs the whole test suite: two stages at a time, so that no core waits for one that does.

    python bin/lib/lanes.py [--without-browser]

A third of the time of a stage is waiting: for a server to start, a page to be drawn, the database.
The first lane writes as it goes; what the second one says is shown when each of its stages ends.
"""

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
# A file's tests stay together, since they share what is made for them; tests/conftest.py puts the
# files that take longest first.
PYTEST = (
    sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder",
)  # fmt: skip
WITHOUT_BROWSER = "--without-browser"
INTERRUPTED = 130


@dataclass(frozen=True)
class Stage:
    """One run of pytest, and what it is called."""

    name: str
    command: tuple[str, ...]


SQLITE = Stage("All but the browser tests, on SQLite", (*PYTEST, "--ignore=tests/browser"))
BROWSER = Stage("The browser tests", (*PYTEST, "-m", "browser", "tests/browser"))
POSTGRESQL = Stage(
    "The integration tests again, on PostgreSQL",
    (
        sys.executable, "bin/lib/with_postgresql.py",
        *PYTEST, "-m", "not once", "tests/integration",
    ),
)  # fmt: skip


def main() -> int:
    """Run all stages; 0 if each of them passed."""
    second = [POSTGRESQL] if WITHOUT_BROWSER in sys.argv[1:] else [POSTGRESQL, BROWSER]
    passed: list[bool] = []
    lane = threading.Thread(target=lambda: passed.extend(map(_passes_unseen, second)))
    lane.start()
    try:
        passed.append(_passes(SQLITE, None))
        lane.join()
    except KeyboardInterrupt:
        # Whoever pressed the keys has interrupted the stages, too: they tidy up.
        lane.join()
        return INTERRUPTED
    return 0 if all(passed) and len(passed) == len(second) + 1 else 1


def _passes_unseen(stage: Stage) -> bool:
    """Whether a stage passes, whose output is shown in one piece when it has ended."""
    with tempfile.TemporaryFile() as output:
        passed = _passes(stage, output)
        output.seek(0)
        text = output.read().decode(errors="replace")
    sys.stdout.write(f"\n{stage.name}:\n{text}\n")
    sys.stdout.flush()
    return passed


def _passes(stage: Stage, output: IO[bytes] | None) -> bool:
    errors = None if output is None else subprocess.STDOUT
    try:
        process = subprocess.Popen(
            stage.command, cwd=ROOT, env=_environ(), stdout=output, stderr=errors
        )
    except OSError as error:
        sys.stderr.write(f"{stage.name} could not be started: {error}\n")
        return False
    try:
        return process.wait() == 0
    except KeyboardInterrupt:
        process.wait()
        raise


def _environ() -> dict[str, str]:
    """The caller's, but what pytest makes of each file is kept for the next process and stage."""
    return {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main())
