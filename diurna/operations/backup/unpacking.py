"""From the file to a folder: every member checked, nothing kept of a backup that is not whole.

No Django: the database of the site to be is in the folder first.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from diurna.common.errors import Invalid, Refused
from diurna.operations.backup.archive import Source, read_archive
from diurna.operations.backup.errors import Damaged
from diurna.operations.backup.manifest import Manifest
from diurna.operations.backup.sealing import read_passphrase, unsealed

# Inside the home that is to be, so that everything gets into its place by a new name only.
STAGING: Final = ".restoring"
TABLES: Final = ".database"
SQLITE_FILE: Final = "diurna.sqlite3"
_CHUNK: Final = 1024 * 1024
# Besides the member itself: the database still has to grow by its migrations.
_SPARE: Final = 16 * 1024 * 1024

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """What was in the file: its manifest, that one's bytes, and the note that signs them."""

    manifest: Manifest
    manifest_bytes: bytes
    note: bytes | None


def unpack(
    path: Path,
    staging: Path,
    *,
    identities: Path | None = None,
    passphrase_file: Path | None = None,
    report: Report = lambda _done, _total, _what: None,
) -> Unpacked:
    """Unpack a backup into a new folder. Raises Damaged, Locked, or Refused without room."""
    passphrase = read_passphrase(passphrase_file) if passphrase_file else ""
    staging.mkdir(mode=0o700)
    try:
        file = path.open("rb")
    except OSError as error:
        raise Invalid(f"{path} can't be read ({error.strerror}); name a backup.") from error
    with file:
        total = os.fstat(file.fileno()).st_size

        def take(name: str, size: int, source: Source) -> None:
            report(min(file.tell(), total - 1), total, name.partition("/")[0])
            _write(staging, name, size, source)

        with unsealed(file, identities=identities, passphrase=passphrase) as plain:
            manifest, data, note = read_archive(plain, take)
        report(total, total, "unpacked")
    return Unpacked(manifest=manifest, manifest_bytes=data, note=note)


def place_of(staging: Path, name: str) -> Path:
    """Where a member of this name is put."""
    if name == f"database/{SQLITE_FILE}":
        return staging / SQLITE_FILE
    if name.startswith("database/"):
        return staging / TABLES / name.removeprefix("database/")
    return staging / name


def _write(staging: Path, name: str, size: int, source: Source) -> None:
    if shutil.disk_usage(staging).free < size + _SPARE:
        raise Refused(f"{staging.parent} has too little room for this backup; make some first.")
    target = place_of(staging, name)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise Damaged(f"The backup holds {name[:200]!r} twice; restore another copy.") from error
    with os.fdopen(handle, "wb") as file:
        while data := source.read(_CHUNK):
            file.write(data)
