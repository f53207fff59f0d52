"""What a backup holds besides the database: uploads, kept copies, keys, the list of erasures."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from diurna.common.erasures import ERASURES_FILE
from diurna.common.home import SECRET_KEY_FILE
from diurna.ledger import keys
from diurna.newsroom.archive import files as copies
from diurna.operations.backup.archive import ArchiveWriter, is_safe


def media_files(media: bool) -> Iterator[tuple[str, int]]:
    """Uploads by their path below MEDIA_ROOT, with their size."""
    root = Path(settings.MEDIA_ROOT)
    if not media or settings.ENVIRONMENT.media_s3_url is not None:
        return
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            # Nothing here ever makes a link; one that somebody made may lead anywhere.
            if path.is_symlink() or not path.is_file():
                continue
            with suppress(FileNotFoundError):
                yield path.relative_to(root).as_posix(), path.stat().st_size


def kept_copies() -> Iterator[tuple[str, int]]:
    """Kept copies of sources by their path below `copies`, with their size; in every backup."""
    for name in copies.every():
        with suppress(FileNotFoundError):
            yield name, (copies.folder() / name).stat().st_size


def own_files(home: Path, with_keys: bool) -> Iterator[tuple[str, Path]]:
    """What the home keeps outside the database: the member's name, and the file."""
    yield ERASURES_FILE, home / ERASURES_FILE
    if not with_keys:
        return
    if settings.ENVIRONMENT.secret_key is None:
        yield SECRET_KEY_FILE, home / SECRET_KEY_FILE
    folder = home / keys.KEY_DIRECTORY
    for path in sorted(folder.glob("[!.]*")) if folder.is_dir() else ():
        yield f"{keys.KEY_DIRECTORY}/{path.name}", path


def add_file(archive: ArchiveWriter, name: str, path: Path) -> bool:
    """Add a file; False for one that has gone, or whose name no restore would take."""
    if not is_safe(name):
        return False
    try:
        with path.open("rb") as file:
            archive.add(name, file, os.fstat(file.fileno()).st_size)
    except (FileNotFoundError, PermissionError):
        return False
    return True
