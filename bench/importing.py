"""How fast does a generated export come in, and with how much memory, on one core?

    bin/bench import [POSTS] [COMMENTS] [--media] [--postgresql] [--plugins NAMES] [--seed N]

A site of so many posts and comments is generated and imported twice into a throw-away home: new,
then unchanged. Each run is a process of its own, on one core where the system can hold it there.
Reported for the whole run and for each tenth of its items: items a second (counted from the first
item; reading the export for the first time comes before, links and the report after), by the clock
and by the processor's time, which others who load the machine change less; and the largest resident
set seen. Without `--media` the generated site has no pictures; nothing is ever
fetched from elsewhere.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from bench.homes import begin

ROOT: Final = Path(__file__).parents[1]
TENTHS: Final = 10
DEFAULT_POSTS: Final = 2_000
COMMENTS_A_POST: Final = 3
DEFAULT_PLUGINS: Final = "bimber,snax,yoast,coauthors"
# Reading /proc takes some microseconds; an item takes milliseconds.
SAMPLE_EVERY: Final = 10
TARGET_RATE: Final = 50.0
TARGET_MEMORY_MB: Final = 250
_MIB: Final = 1024 * 1024


@dataclass(slots=True)
class Tenth:
    """A tenth of the items: how many, how long they took, and the most memory seen meanwhile.

    `processor` is the time of the processor in all threads, in seconds.
    """

    items: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    memory_mb: float = 0.0


@dataclass(slots=True)
class Measured:
    """One run: what came of its items, and how long its parts took, in seconds."""

    backend: str = ""
    one_core: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    before: float = 0.0
    items: float = 0.0
    after: float = 0.0
    report: float = 0.0
    processor: float = 0.0
    peak_mb: float = 0.0
    tenths: list[Tenth] = field(default_factory=list)

    @property
    def together(self) -> float:
        """Seconds from the call to the end of the import, without the report."""
        return self.before + self.items + self.after


class Watch:
    """The `progress` of an import: notes time and memory at each tenth of the items."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = time.process_time,
        memory: Callable[[], float] | None = None,
    ) -> None:
        self.tenths: list[Tenth] = []
        self.begun = clock()
        self.first = self.last = 0.0
        self._clock = clock
        self._processor = processor
        self._spent = processor()
        self._memory = memory or resident_mb
        self._done = 0

    def __call__(self, done: int, total: int, _what: str) -> None:
        """One more item is done; what comes after the last one is told with the same figures."""
        now, spent = self._clock(), self._processor()
        if not self.first:
            # Of the first item only its end is told; what came before it is not its time.
            self.first = self.last = now
            self._spent = spent
        if done <= self._done:
            return
        place = min((done - 1) * TENTHS // max(total, 1), TENTHS - 1)
        while len(self.tenths) <= place:
            self.tenths.append(Tenth())
        tenth = self.tenths[place]
        tenth.items += done - self._done
        tenth.seconds += now - self.last
        tenth.processor += spent - self._spent
        if done % SAMPLE_EVERY == 0 or done == total:
            tenth.memory_mb = max(tenth.memory_mb, self._memory())
        self.last, self._done, self._spent = now, done, spent


def main() -> None:
    """Run the bench, or be one of its processes."""
    if sys.argv[1:2] == ["--child"]:
        _child(*sys.argv[2:])
        return
    asked = _arguments(sys.argv[1:])
    if asked.postgresql and "DIURNA_TEST_DATABASE_URL" not in os.environ:
        _again_with_postgresql()
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as folder:
        bench(Path(folder), asked)


def bench(folder: Path, asked: argparse.Namespace) -> None:
    """Generate, import, import again; say what was seen."""
    environ = _environ(folder, postgresql=asked.postgresql)
    began = time.monotonic()
    account = _generate(folder, asked)
    size = sum(Path(name).stat().st_size for name in account["files"]) / _MIB
    _say(
        f"Import of {asked.posts} posts and {account['comments']} comments: {account['items']} "
        f"items, {size:.0f} MB of XML, generated in {time.monotonic() - began:.0f} s\n"
    )
    _run(
        [sys.executable, "-m", "diurna.cli", "init", "--site-url", "https://bench.example"], environ
    )
    child = [sys.executable, "-m", "bench.importing", "--child", account["files"][0]]
    if asked.media:
        child.append(str(folder / "uploads"))
    for title in ("new", "unchanged"):
        measured = json.loads(_run(child, environ).splitlines()[-1])
        tenths = [Tenth(**tenth) for tenth in measured.pop("tenths")]
        show(title, Measured(**measured, tenths=tenths))


def show(title: str, run: Measured) -> None:
    """Print one run."""
    done = sum(run.counts.values())
    where = f"{run.backend}, {'one core' if run.one_core else 'all cores'}"
    counts = ", ".join(f"{count} {name}" for name, count in run.counts.items() if count)
    written = run.counts.get("created", 0) + run.counts.get("updated", 0)
    _say(f"\n{title} ({where}): {counts}\n")
    _say(
        f"  items a second      {done / max(run.items, 0.001):8.1f}  "
        f"(aim when new: at least {TARGET_RATE:.0f})\n"
        f"  of these, written   {written / max(run.items, 0.001):8.1f}\n"
        f"  by processor time   {done / max(sum(t.processor for t in run.tenths), 0.001):8.1f}  "
        f"({done / max(run.processor, 0.001):.1f} with all around: {run.processor:.0f} s)\n"
        f"  with all around     {done / max(run.together, 0.001):8.1f}  "
        f"({run.before:.1f} s before the first item, {run.after:.1f} s after the last, "
        f"report {run.report:.1f} s)\n"
        f"  most memory         {run.peak_mb:8.0f} MB  (aim: at most {TARGET_MEMORY_MB})\n"
        "  tenth     items   items/s  of processor   MB\n"
    )
    for place, tenth in enumerate(run.tenths, 1):
        rate = tenth.items / max(tenth.seconds, 0.001)
        spent = tenth.items / max(tenth.processor, 0.001)
        _say(f"  {place:5} {tenth.items:9} {rate:9.1f} {spent:13.1f} {tenth.memory_mb:4.0f}\n")


def resident_mb() -> float:
    """The resident set of this process, in MiB; where there is no /proc, the largest so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak_mb()
    return pages * resource.getpagesize() / _MIB


def peak_mb() -> float:
    """The largest resident set of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    return peak / _MIB if sys.platform == "darwin" else peak / 1024


def _child(path: str, media_dir: str = "") -> None:
    """Import once, as `diurna import wordpress` does; a line of JSON at the end."""
    one_core = _hold_to_one_core()
    from diurna.cli.django_setup import set_up

    home = Path(os.environ["DIURNA_HOME"])
    set_up(home)
    from django.db import connection
    from django.utils import timezone

    from diurna.common.http_client import GuardedClient
    from diurna.importers.wordpress.report import write_report
    from diurna.importers.wordpress.run import Options, import_export

    watch, begun = Watch(), time.process_time()
    result = import_export(
        Options(Path(path), Path(media_dir) if media_dir else None),
        now=timezone.now(),
        progress=watch,
        client=GuardedClient(resolver=_nobody),
    )
    ended, spent = time.monotonic(), time.process_time() - begun
    write_report(result, home / "imports")
    measured = Measured(
        backend=connection.display_name,
        one_core=one_core,
        counts=result.ledger.counts(),
        before=watch.first - watch.begun,
        items=watch.last - watch.first,
        after=ended - watch.last,
        report=time.monotonic() - ended,
        processor=spent,
        peak_mb=peak_mb(),
        tenths=watch.tenths,
    )
    _say(json.dumps(asdict(measured)) + "\n")


def _hold_to_one_core() -> bool:
    """Keep this process and its threads on one core; whether the system could."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return True


def _nobody(_host: str, _port: int) -> list[str]:
    """No host has an address: a benchmark asks nobody for anything."""
    raise OSError


def _generate(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.factories.export", str(folder / "export.xml")]
    command += ["--posts", str(asked.posts), "--comments", str(asked.comments)]
    command += ["--seed", str(asked.seed), "--plugins", asked.plugins]
    command += ["--media-dir", str(folder / "uploads")] if asked.media else ["--no-pictures"]
    account: dict[str, Any] = json.loads(_run(command, dict(os.environ)))
    return account


def _environ(folder: Path, *, postgresql: bool) -> dict[str, str]:
    home = folder / "home"
    begin(home)
    environ = {**os.environ, "DIURNA_HOME": str(home)}
    environ.pop("DATABASE_URL", None)
    if postgresql:
        environ["DATABASE_URL"] = os.environ["DIURNA_TEST_DATABASE_URL"]
    return environ


def _again_with_postgresql() -> NoReturn:
    wrapper = [sys.executable, str(ROOT / "bin" / "lib" / "with_postgresql.py")]
    command = [*wrapper, sys.executable, "-m", "bench.importing", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


def _run(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command[1:4])} ended with status {done.returncode}.")
    return done.stdout


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench import", description=__doc__.split("\n")[0])
    parser.add_argument("posts", type=int, nargs="?", default=DEFAULT_POSTS)
    parser.add_argument("comments", type=int, nargs="?", help="three a post, if not given")
    parser.add_argument("--media", action="store_true", help="with pictures, from a folder")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--plugins", default=DEFAULT_PLUGINS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    if asked.comments is None:
        asked.comments = asked.posts * COMMENTS_A_POST
    return asked


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
