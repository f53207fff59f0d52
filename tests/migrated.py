"""A database that has been through every migration, made once and copied for each process.

The migrations take twenty seconds of processor time, a copy takes none. On SQLite the copy lies in
pytest's cache, under a name that changes with every migration and library; on PostgreSQL it is a
database of the server that the tests were given.

    python -m tests.migrated NAME      makes one, for the settings of the tests
"""

import fcntl
import gc
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

from diurna.operations.fingerprint import STAMP_FILE

ROOT: Final = Path(__file__).parents[1]
ON_POSTGRESQL: Final = "diurna_migrated"
# Below pytest's own directory, which is the root's (`rootdir`).
CACHE: Final = "migrated"
# What migrations depend on, with the names of the models that may be others.
SETTINGS: Final = ("INSTALLED_APPS", "DEFAULT_AUTO_FIELD", "LANGUAGE_CODE", "MIGRATION_MODULES")
# Where the tests find a PostgreSQL server.
SERVER: Final = "DIURNA_TEST_DATABASE_URL"
# New objects until the youngest are looked through, and so on; 400 MB instead of 200.
GARBAGE_THRESHOLDS: Final = (100_000, 50, 100)
STATIC: Final = "static"
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
    """Put copies into an empty home: `diurna init` finds little left to migrate or to collect.

    Only on SQLite. Whoever comes first makes the database; the others wait for it. Of the static
    files there are those that somebody has left (`leave`), if there are any.
    """
    if home.exists():
        return
    cache = _cache()
    with _alone(cache):
        made = _file(cache)
        home.mkdir(parents=True, mode=0o700)
        shutil.copyfile(made, home / DATABASE_FILE)
        if (cache / STATIC).exists():
            shutil.copytree(cache / STATIC, home / STATIC)
            # Where they are old by now, `diurna init` sees so by the stamp, and collects them anew.
            shutil.copyfile(cache / STAMP_FILE, home / STAMP_FILE)


def leave(home: Path) -> None:
    """Let those who begin later have the static files of a home that is ready to be served."""
    collected = (home / STAMP_FILE).read_text().split()[1]
    stamp = f"none\n{collected}\n"
    cache = _cache()
    with _alone(cache):
        if (cache / STATIC).exists() and (cache / STAMP_FILE).read_text() == stamp:
            return
        shutil.rmtree(cache / STATIC, ignore_errors=True)
        (cache / STAMP_FILE).write_text(stamp)
        shutil.copytree(home / STATIC, cache / STATIC)


def _cache() -> Path:
    cache = ROOT / ".pytest_cache" / "d" / CACHE
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _file(cache: Path) -> Path:
    wanted = cache / f"{_fingerprint()}.sqlite3"
    if not wanted.exists():
        for old in cache.glob("*.sqlite3*"):
            old.unlink()
        unfinished = wanted.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        # On SQLite, whatever these tests run on.
        _make(str(unfinished), without=SERVER)
        unfinished.rename(wanted)
    return wanted


def _fingerprint() -> str:
    """A name that changes whenever the migrations could lead elsewhere."""
    from django.conf import settings

    digest = hashlib.sha256(sys.version.encode())
    for line in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(line.encode())
    for path in sorted((ROOT / "diurna").rglob("migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for name in sorted(name for name in dir(settings) if name.endswith("_MODEL")):
        digest.update(f"{name}={getattr(settings, name)}".encode())
    for name in SETTINGS:
        digest.update(f"{name}={getattr(settings, name)}".encode())
    return digest.hexdigest()[:32]


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let one process make it while the others wait."""
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(name: str, *, without: str = "") -> None:
    environ = {key: text for key, text in os.environ.items() if key != without}
    command = [sys.executable, "-m", "tests.migrated", name]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


def _is_on_server() -> bool:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ON_POSTGRESQL])
        return cursor.fetchone() is not None


def main(name: str) -> None:
    """Make the database of this name (a path on SQLite)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "diurna.config.settings.test"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    # As `diurna init` begins, which must not need any table.
    call_command("check", stdout=io.StringIO())
    # A fifth of the time goes into looking for garbage among the models of every migration.
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
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
