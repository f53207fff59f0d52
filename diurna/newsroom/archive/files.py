"""Where the files of kept copies lie: `DIURNA_HOME/copies/<2 digits>/<uuid>.warc.gz`.

For the owner of the home only. A file is there before its row, so that no row is ever without one;
a file without a row was left by a process that died and is taken away after a day.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from diurna.common.errors import Missing

FOLDER: Final = "copies"
SUFFIX: Final = ".warc.gz"
_UNFINISHED: Final = ".part"
ORPHAN_AGE: Final = timedelta(days=1)


def folder() -> Path:
    """The folder of all copies."""
    return Path(settings.DIURNA_HOME) / FOLDER


def path_for(name: UUID) -> str:
    """Where the file of a copy lies, below `folder`."""
    return f"{name.hex[:2]}/{name}{SUFFIX}"


def store(name: UUID, data: bytes) -> str:
    """Write the file in one step and have it on the disk; its path below `folder`."""
    path = path_for(name)
    target = folder() / path
    folder().mkdir(mode=0o700, exist_ok=True)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    part = target.with_name(target.name + _UNFINISHED)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sync(target.parent)
    return path


def read(path: str) -> bytes:
    """The bytes of a copy; Missing when its file is not there."""
    try:
        return _inside(path).read_bytes()
    except OSError as error:
        raise Missing(
            f"The file of this copy, {FOLDER}/{path}, is not there; restore it from a backup."
        ) from error


def delete(path: str) -> None:
    """Take a file away, if it is there."""
    with suppress(FileNotFoundError):
        _inside(path).unlink()


def every() -> Iterator[str]:
    """The paths of all finished files, below `folder`, in order."""
    for found in sorted(folder().glob(f"??/*{SUFFIX}")):
        if found.is_file() and not found.is_symlink():
            yield found.relative_to(folder()).as_posix()


def old_ones(now: datetime) -> Iterator[str]:
    """The files, unfinished ones too, that are old enough to have a row by now."""
    for found in sorted(folder().glob(f"??/*{SUFFIX}*")):
        with suppress(FileNotFoundError):
            if found.stat().st_mtime < (now - ORPHAN_AGE).timestamp():
                yield found.relative_to(folder()).as_posix()


def _inside(path: str) -> Path:
    found = (folder() / path).resolve()
    if not found.is_relative_to(folder().resolve()):
        raise Missing("This is not the path of a copy.")
    return found


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
