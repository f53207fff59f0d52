"""Runs the whole test suite: two stages at a time, so that no core waits for one that does.

    python bin/lib/lanes.py [--without-browser]

A third of the time of a stage is waiting: for a server to start, a page to be drawn, the database.
The first lane writes as it goes; what the second one says is shown when each of its stages ends.

Hundreds of tests start real servers, and both cores are busy. Where up to `FEW` tests of a stage
fail, they are run once more, alone: what is broken fails again. Those that pass are named on the
last lines of all, since each is a defect of the test or a race in the product.
"""

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# Where pytest writes which tests failed (tests/conftest.py).
TOLD = "DIURNA_TEST_FAILED"
ROOT = Path(__file__).resolve().parents[2]
# A file's tests stay together, since they share what is made for them; tests/conftest.py puts the
# files that take longest first.
PYTEST = (sys.executable, "-m", "pytest", "-q")
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
WITHOUT_BROWSER = "--without-browser"
FEW = 3
# The exit status of pytest where tests failed, and nothing else went wrong.
TESTS_FAILED = 1
INTERRUPTED = 130


@dataclass(frozen=True)
class Stage:
    """One run of pytest: what it is called, what it runs under, and what it is asked to run."""

    name: str
    asked: tuple[str, ...]
    under: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        """All of its tests."""
        return (*self.under, *PYTEST, *TWO_AT_A_TIME, *self.asked)

    def again(self, tests: list[str]) -> tuple[str, ...]:
        """Some of its tests, one after the other."""
        return (*self.under, *PYTEST, *tests)


SQLITE = Stage("All but the browser tests, on SQLite", ("--ignore=tests/browser",))
BROWSER = Stage("The browser tests", ("-m", "browser", "tests/browser"))
POSTGRESQL = Stage(
    "The integration tests again, on PostgreSQL",
    ("-m", "not once", "tests/integration"),
    (sys.executable, "bin/lib/with_postgresql.py"),
)
passed_alone: list[str] = []


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
    for name in passed_alone:
        sys.stdout.write(f"FAILED BESIDE THE OTHERS, PASSED ALONE; this wants mending: {name}\n")
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
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "failed.txt"
        status = _status(stage.name, stage.command, told, output)
        failed = told.read_text().splitlines() if told.exists() else []
    if status != TESTS_FAILED or not 0 < len(failed) <= FEW:
        return status == 0
    if _status(stage.name, stage.again(failed), None, output) != 0:
        return False
    passed_alone.extend(f"{name} ({stage.name})" for name in failed)
    return True


def _status(
    name: str, command: tuple[str, ...], told: Path | None, output: IO[bytes] | None
) -> int | None:
    """How a command ended; none if it could not be started. It writes to `told` what failed."""
    errors = None if output is None else subprocess.STDOUT
    environ = _environ() | ({} if told is None else {TOLD: str(told)})
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=errors)
    except OSError as error:
        sys.stderr.write(f"{name} could not be started: {error}\n")
        return None
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def _environ() -> dict[str, str]:
    """The caller's, but what pytest makes of each file is kept for the next process and stage.

    The tests of this script run in a stage themselves, whose file is not theirs.
    """
    left_out = {"PYTHONDONTWRITEBYTECODE", TOLD}
    return {key: text for key, text in os.environ.items() if key not in left_out}


if __name__ == "__main__":
    sys.exit(main())
