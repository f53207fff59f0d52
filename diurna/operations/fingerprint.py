"""Has anything changed since this home was last made ready? Standard library only.

To find out by asking Django costs more than a second, so the supervisor compares a fingerprint of
what matters (migrations, static files, installed packages, the database's address and file) with
the one that the last preparation left in the home.
"""

import hashlib
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parents[1]
STAMP_FILE = "prepared"
SQLITE_FILE = "diurna.sqlite3"


def is_prepared(home: Path, environ: Mapping[str, str]) -> bool:
    """Whether the home was made ready by exactly this version, for this database."""
    return has_current_database(home, environ) and has_current_static(home)


def has_current_database(home: Path, environ: Mapping[str, str]) -> bool:
    """Whether the last preparation saw the same migrations and the same database."""
    return _stamps(home)[:1] == [_digest(_database_facts(home, environ))]


def has_current_static(home: Path) -> bool:
    """Whether the last preparation collected the same static files."""
    collected = (home / "static" / "staticfiles.json").exists()
    return collected and _stamps(home)[1:2] == [_digest(_static_facts())]


def write_stamp(home: Path, environ: Mapping[str, str]) -> None:
    """Remember that the home is ready."""
    lines = [_digest(_database_facts(home, environ)), _digest(_static_facts())]
    (home / STAMP_FILE).write_text("\n".join(lines) + "\n", encoding="ascii")


def _stamps(home: Path) -> list[str]:
    try:
        return (home / STAMP_FILE).read_text(encoding="ascii").split()
    except (OSError, UnicodeError):
        return []


def _database_facts(home: Path, environ: Mapping[str, str]) -> Iterator[str]:
    yield environ.get("DATABASE_URL", "")
    # A database that was put in place of another is another file.
    database = home / SQLITE_FILE
    yield str(database.stat().st_ino) if database.exists() else "none"
    yield from _packages()
    yield from _files("*/migrations/*.py")


def _static_facts() -> Iterator[str]:
    yield from _packages()
    yield from _files("*/static/**/*")


def _packages() -> list[str]:
    packages = Path(sysconfig.get_path("purelib"))
    return sorted(path.name for path in packages.glob("*.dist-info"))


def _files(pattern: str) -> Iterator[str]:
    for path in sorted(PACKAGE_DIR.glob(pattern)):
        status = path.stat()
        yield f"{path} {status.st_mtime_ns} {status.st_size}"


def _digest(facts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
