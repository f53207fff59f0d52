"""How long does a writer wait at SQLite's gate, with two processes of eight threads writing?

    bin/bench gate [SECONDS]

Each writer commits in three ways in turn: a transaction, a single statement, and an INSERT that
returns its row. Reported: writes of each writer, longest wait, errors.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROCESSES = 2
THREADS = 8
DEFAULT_SECONDS = 10.0
TARGET_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Contention:
    """What all writers saw: longest wait in seconds, writes of each, messages of errors."""

    longest_wait: float
    writes: list[int]
    errors: list[str]
    rows: int


def contend(directory: Path, seconds: float) -> Contention:
    """Let PROCESSES x THREADS writers loose on one new database file for some seconds."""
    database = directory / "contention.sqlite3"
    with closing(sqlite3.connect(database)) as own:
        own.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, writer TEXT, n INTEGER)")
    start = time.time() + 1.0
    command = [sys.executable, "-m", "bench.gate", "--writer", str(database)]
    children = [
        subprocess.Popen(
            [*command, str(start), str(seconds), str(number)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
        )
        for number in range(PROCESSES)
    ]
    reports = [json.loads(child.communicate()[0]) for child in children]
    with closing(sqlite3.connect(database)) as own:
        rows = own.execute("SELECT count(*) FROM note").fetchone()[0]
    return Contention(
        longest_wait=max(report["longest_wait"] for report in reports),
        writes=[count for report in reports for count in report["writes"]],
        errors=[error for report in reports for error in report["errors"]],
        rows=rows,
    )


def cursor() -> Any:
    """A cursor of this thread's own connection, set up as in production."""
    from django.db import connection

    return connection.cursor()


def configure(database: Path) -> None:
    """Set up Django with this database and no apps, in a process that has no settings yet."""
    import django
    from django.conf import settings

    from diurna.config.settings.backends import sqlite

    settings.configure(DATABASES={"default": sqlite(database)}, INSTALLED_APPS=[])
    django.setup()


class _Writers:
    """The writers of one process."""

    def __init__(self, start: float, seconds: float, name: str) -> None:
        self.start = start
        self.end = start + seconds
        self.name = name
        self.writes = [0] * THREADS
        self.longest = [0.0] * THREADS
        self.errors: list[str] = []

    def run(self) -> dict[str, Any]:
        threads = [threading.Thread(target=self._write, args=(i,)) for i in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "writes": self.writes,
            "longest_wait": max(self.longest),
            "errors": self.errors,
        }

    def _write(self, index: int) -> None:
        from django.db import Error, connection

        own = cursor()
        time.sleep(max(0.0, self.start - time.time()))
        while time.time() < self.end:
            began = time.monotonic()
            try:
                self._write_once(own, index, self.writes[index] % 3)
            except Error as error:
                self.errors.append(f"{type(error).__name__}: {error}")
            else:
                self.writes[index] += 1
            self.longest[index] = max(self.longest[index], time.monotonic() - began)
        connection.close()

    def _write_once(self, cursor: Any, index: int, kind: int) -> None:
        from django.db import transaction

        values = [f"{self.name}-{index}", self.writes[index]]
        insert = "INSERT INTO note (writer, n) VALUES (%s, %s)"
        if kind == 0:
            with transaction.atomic():
                cursor.execute("SELECT max(id) FROM note").fetchone()
                cursor.execute(insert, values)
        elif kind == 1:
            cursor.execute(insert, values)
        else:
            cursor.execute(f"{insert} RETURNING id", values)
            cursor.fetchone()


def main() -> None:
    """Run the bench, or be one of its processes."""
    if sys.argv[1:2] == ["--writer"]:
        database, start, seconds, name = sys.argv[2:]
        configure(Path(database))
        writers = _Writers(float(start), float(seconds), name)
        sys.stdout.write(json.dumps(writers.run()))
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as directory:
        result = contend(Path(directory), seconds)
    sys.stdout.write(
        f"SQLite writer gate, {PROCESSES} processes x {THREADS} threads, {seconds:g} s\n"
        f"  commits per second          {result.rows / seconds:8.0f}\n"
        f"  fewest / most per writer    {min(result.writes):>8} / {max(result.writes)}\n"
        f"  longest wait                {result.longest_wait * 1000:8.0f} ms"
        f"  (target: at most {TARGET_SECONDS * 1000:.0f} ms)\n"
        f"  errors                      {len(result.errors):8}\n"
    )


if __name__ == "__main__":
    main()
