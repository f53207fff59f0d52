"""Has anything changed since this home was last made ready? Standard library only.

To find out by asking Django costs more than a second, so the supervisor compares a fingerprint of
what matters (migrations, static files, installed packages, the database's address and file) with
the one that the last preparation left in the home.
"""

import hashlib
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parents[1]
STAMP_FILE = "prepared"
SQLITE_FILE = "diurna.sqlite3"


def is_prepared(home: Path, environ: Mapping[str, str]) -> bool:
    """Whether the home was made ready by exactly this version, for this database."""
    try:
        stamp = (home / STAMP_FILE).read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return False
    return stamp == fingerprint(home, environ)


def fingerprint(home: Path, environ: Mapping[str, str]) -> str:
    """SHA-256 in hexadecimal over everything that asks for a new preparation when it changes."""
    digest = hashlib.sha256()
    for line in _facts(home, environ):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def write_stamp(home: Path, environ: Mapping[str, str]) -> None:
    """Remember that the home is ready."""
    (home / STAMP_FILE).write_text(fingerprint(home, environ), encoding="ascii")


def _facts(home: Path, environ: Mapping[str, str]) -> Iterator[str]:
    yield environ.get("DATABASE_URL", "")
    # A database that was put in place of another is another file.
    database = home / SQLITE_FILE
    yield str(database.stat().st_ino) if database.exists() else "none"
    yield str((home / "static" / "staticfiles.json").exists())
    packages = Path(sysconfig.get_path("purelib"))
    yield from sorted(path.name for path in packages.glob("*.dist-info"))
    for pattern in ("*/migrations/*.py", "web/static/**/*"):
        for path in sorted(PACKAGE_DIR.glob(pattern)):
            status = path.stat()
            yield f"{path} {status.st_mtime_ns} {status.st_size}"
