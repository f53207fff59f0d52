"""A database that has been through every migration, made once and copied for each process.

The migrations take twenty seconds of processor time, a copy takes none. On SQLite the copy lies in
pytest's cache, under a name that changes with every migration and library; on PostgreSQL it is a
database of the server that the tests were given.

    python -m tests.migrated NAME      makes one, for the settings of the tests
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
ON_POSTGRESQL: Final = "diurna_migrated"
# Below pytest's own directory, which is the root's (`rootdir`).
CACHE: Final = "migrated"
DATABASE_FILE: Final = "diurna.sqlite3"


def use(cache: Path, settings: dict[str, Any]) -> bool:
    """Have the test database of these settings begin as a copy; whether it is there already.

    Changes `settings["TEST"]` on PostgreSQL, which copies when the database is made.
    """
    if settings["ENGINE"] == "diurna.common.sqlite":
        with _alone(cache):
            made = _file(cache)
        shutil.copyfile(made, settings["TEST"]["NAME"])
        return True
    with _alone(cache):
        if not _is_on_server():
            _make(ON_POSTGRESQL)
    settings["TEST"]["TEMPLATE"] = ON_POSTGRESQL
    return False


def begin(home: Path) -> None:
    """Put a copy into an empty home, so that `diurna init` finds nothing left to migrate.

    Only on SQLite, and where a test has made the copy already; `diurna init` makes do without.
    """
    made = ROOT / ".pytest_cache" / "d" / CACHE / f"{_fingerprint()}.sqlite3"
    if made.exists() and not home.exists():
        home.mkdir(parents=True, mode=0o700)
        shutil.copyfile(made, home / DATABASE_FILE)


def _file(cache: Path) -> Path:
    wanted = cache / f"{_fingerprint()}.sqlite3"
    if not wanted.exists():
        for old in cache.glob("*.sqlite3*"):
            old.unlink()
        unfinished = wanted.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _make(str(unfinished))
        unfinished.rename(wanted)
    return wanted


def _fingerprint() -> str:
    """A name that changes whenever the migrations could lead elsewhere."""
    digest = hashlib.sha256(sys.version.encode())
    for line in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(line.encode())
    for path in sorted((ROOT / "diurna").rglob("migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    digest.update((ROOT / "diurna/config/settings/base.py").read_bytes())
    return digest.hexdigest()[:32]


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let one process make it while the others wait."""
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(name: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.migrated", name], cwd=ROOT, check=True)


def _is_on_server() -> bool:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ON_POSTGRESQL])
        return cursor.fetchone() is not None


def main(name: str) -> None:
    """Make the database of this name (a path on SQLite)."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "diurna.config.settings.test"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    if connection.vendor == "sqlite":
        # One file, without a write-ahead log beside it.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode = DELETE")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
