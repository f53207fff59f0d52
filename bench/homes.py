"""Throw-away newsrooms: founded once, then copied, since founding one takes half a minute."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from diurna.common.home import make_home
from diurna.operations import fingerprint

ROOT: Final = Path(__file__).parents[1]
SITE: Final = "http://bench.example"
HOST: Final = "bench.example"
# Where `bin/bench all` keeps the founded newsroom that every bench copies.
TEMPLATE: Final = "DIURNA_BENCH_TEMPLATE"
# And the database with nothing but its tables, for benches that make their site themselves.
MIGRATED: Final = "DIURNA_BENCH_MIGRATED"
# What of the caller's environment would make it another site, or each start a compilation.
_OTHER: Final = (
    "DATABASE_URL",
    "DELIVERY_MEMORY",
    "PYTHONDONTWRITEBYTECODE",
    "SITE_URL",
    "TRUSTED_PROXIES",
    "VALKEY_URL",
)


@contextmanager
def newsroom(**settings: str) -> Iterator[dict[str, str]]:
    """A founded, empty newsroom in a folder of its own; the environment of its processes.

    `settings` are added to the environment. The folder is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as folder:
        environ = environment(Path(folder) / "home", settings)
        template = os.environ.get(TEMPLATE)
        if template is None:
            found(environ)
        else:
            copy(Path(template), environ)
        yield environ


def environment(home: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process of the newsroom in this home."""
    own = {name: text for name, text in os.environ.items() if name not in _OTHER}
    return {
        **own,
        "DIURNA_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "diurna.config.settings.base",
        # As `diurna serve` sets it for its processes.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
        **(settings or {}),
    }


def found(environ: Mapping[str, str]) -> None:
    """Found a newsroom on SQLite in the home of this environment, which must be new."""
    begin(Path(environ["DIURNA_HOME"]))
    run(["-m", "diurna.cli", "init", "--site-url", SITE, "--name", "The Bench"], environ)


def begin(home: Path) -> None:
    """Make a home, in `bin/bench all` with an empty SQLite database that needs no migrations."""
    make_home(home)
    if MIGRATED in os.environ:
        shutil.copyfile(os.environ[MIGRATED], home / fingerprint.SQLITE_FILE)


def migrated(home: Path) -> Path:
    """Make a home with a migrated database and nothing else; the file of the database."""
    environ = environment(home)
    make_home(home)
    run(["-m", "django", "migrate", "--verbosity", "0"], environ)
    return home / fingerprint.SQLITE_FILE


def copy(template: Path, environ: Mapping[str, str]) -> None:
    """Make the home a copy of one that was founded with the same version."""
    home = Path(environ["DIURNA_HOME"])
    shutil.copytree(template, home)
    # The copied database is another file, and as ready as the first.
    fingerprint.write_stamp(home, environ)


def run(arguments: list[str], environ: Mapping[str, str], text: str | None = None) -> str:
    """What a Python process with these arguments prints; ends the bench if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=dict(environ),
        cwd=ROOT,
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:4])} ended with status {done.returncode}.")
    return done.stdout
