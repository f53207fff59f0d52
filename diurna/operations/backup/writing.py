"""Making a backup: one file, written while the site goes on, whole or not there at all."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from diurna.common.errors import DiurnaError, Invalid, Misconfigured, Refused
from diurna.common.home import SiteFile, read_site
from diurna.ledger import keys
from diurna.ledger.actions import stamp
from diurna.ledger.note import SigningKey
from diurna.newsroom.archive import files as copies
from diurna.operations.backup.archive import ArchiveWriter, read_archive
from diurna.operations.backup.contents import add_file, kept_copies, media_files, own_files
from diurna.operations.backup.manifest import (
    ABOUT_FILE,
    MANIFEST_FILE,
    NOTE_FILE,
    About,
    LogState,
    Manifest,
)
from diurna.operations.backup.sealing import Seal, sealed
from diurna.operations.backup.snapshot import Snapshot, take_snapshot

UNFINISHED: Final = ".part"
# What tar and the manifest need for each file, generously.
_OVERHEAD: Final = 2048

# Called with (done, total, what), in bytes.
Report = Callable[[int, int, str], None]


@dataclass(kw_only=True)
class Backup:
    """What was made: its path, bytes, manifest, and sentences about what is not in it."""

    path: Path
    size: int
    manifest: Manifest
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What shall be in it besides the database."""

    media: bool
    keys: bool


@dataclass
class _Progress:
    """Adds up what has been written, and tells it."""

    report: Report
    total: int
    done: int = 0

    def add(self, size: int, what: str) -> None:
        """So many more bytes are written."""
        self.done = min(self.done + size, self.total)
        self.report(self.done, self.total, what)


def _silent(_done: int, _total: int, _what: str) -> None:
    return None


def write_backup(
    path: Path,
    *,
    media: bool = True,
    with_keys: bool = True,
    seal: Seal | None = None,
    report: Report = _silent,
    at: datetime | None = None,
) -> Backup:
    """Back the site up into a new file at `path`, readable by its owner only.

    Raises Refused when there is a file of this name, or too little room; nothing is left behind.
    """
    home, wanted = Path(settings.DIURNA_HOME), _Wanted(media=media, keys=with_keys)
    site = read_site(home)
    if site is None:
        raise Refused("There is no site here to back up.")
    _demand_new(path)
    files = [*media_files(media), *kept_copies()]
    total = _database_size() + sum(size for _, size in files) + 1
    _demand_room(path.parent, home, total + _OVERHEAD * len(files))
    seal = seal or Seal()
    progress = _Progress(report, total)
    with _in_a_sentence(path), _unfinished(path) as target, sealed(target, seal) as stream:
        manifest, remarks = _fill_or_abandon(
            ArchiveWriter(stream), site, wanted, progress, at or timezone.now()
        )
    if not seal:
        report(0, 1, "reading it again")
        _check(path)
    report(total, total, "done")
    remarks += _remarks(wanted, sealed_for_somebody=bool(seal))
    return Backup(path=path, size=path.stat().st_size, manifest=manifest, remarks=remarks)


def _fill_or_abandon(
    archive: ArchiveWriter, site: SiteFile, wanted: _Wanted, progress: _Progress, at: datetime
) -> tuple[Manifest, list[str]]:
    try:
        return _fill(archive, site, wanted, progress, at)
    except BaseException:
        archive.abandon()
        raise


def _fill(
    archive: ArchiveWriter, site: SiteFile, wanted: _Wanted, progress: _Progress, at: datetime
) -> tuple[Manifest, list[str]]:
    home = Path(settings.DIURNA_HOME)
    with take_snapshot(home) as snapshot:
        manifest = _manifest(snapshot, site, wanted, at=at)
        about = About(diurna=manifest.diurna, engine=manifest.engine)
        archive.add_bytes(ABOUT_FILE, about.encode())
        snapshot.write(archive, lambda size: progress.add(size, "database"))
    # After the database: files are only ever added, so whatever it names is there by now.
    for name, size in media_files(wanted.media):
        if not add_file(archive, f"media/{name}", Path(settings.MEDIA_ROOT) / name):
            manifest.missing.append(f"media/{name}")
        progress.add(size, "media")
    for name, size in kept_copies():
        if not add_file(archive, f"{copies.FOLDER}/{name}", copies.folder() / name):
            manifest.missing.append(f"{copies.FOLDER}/{name}")
        progress.add(size, "copies")
    for name, path in own_files(home, wanted.keys):
        add_file(archive, name, path)
    manifest.files = archive.files
    data = manifest.encode()
    archive.add_bytes(MANIFEST_FILE, data)
    remarks = [f"{name} could not be read and is not in it." for name in manifest.missing[:10]]
    key, reason = _signing_key(manifest.log)
    if key is not None:
        archive.add_bytes(NOTE_FILE, manifest.sign(data, key))
    elif reason:
        remarks.append(f"The backup is not signed: {reason}")
    archive.close()
    return manifest, remarks


def _manifest(snapshot: Snapshot, site: SiteFile, wanted: _Wanted, *, at: datetime) -> Manifest:
    logs = snapshot.query("SELECT origin, size, root, verifier_key FROM ledger_log WHERE active")
    applied = snapshot.query("SELECT app, name FROM django_migrations ORDER BY app, name")
    return Manifest(
        diurna=version("diurna"),
        engine=snapshot.engine,
        created=stamp(at),
        demo=site.demo,
        site_url=settings.DIURNA_SITE_URL,
        site_created=site.created,
        media=wanted.media and settings.ENVIRONMENT.media_s3_url is None,
        keys=wanted.keys,
        mirrored=settings.DIURNA_LEDGER_MIRROR is not None,
        migrations=[f"{app}.{name}" for app, name in applied],
        tables=snapshot.tables(),
        log=next(
            (
                LogState(origin=origin, size=size, root=bytes(root).hex(), key=key)
                for origin, size, root, key in logs
            ),
            None,
        ),
    )


def _signing_key(log: LogState | None) -> tuple[SigningKey | None, str]:
    if log is None:
        return None, ""
    try:
        return keys.load(log.key), ""
    except Misconfigured as error:
        return None, str(error)


def _remarks(wanted: _Wanted, *, sealed_for_somebody: bool) -> Iterator[str]:
    if wanted.media and settings.ENVIRONMENT.media_s3_url is not None:
        yield "The media are in the bucket of MEDIA_S3_URL and not in it: back up the bucket."
    if wanted.keys and not sealed_for_somebody:
        yield (
            "It holds the keys of the site and is not encrypted: keep it as safe as the site, or"
            " use --recipient."
        )
    if not wanted.keys:
        yield "It holds no keys: keep copies of `keys/ledger` and `secret_key` elsewhere."


def _demand_new(path: Path) -> None:
    if path.exists():
        raise Refused(f"{path} is there already; name a file that is not, or delete it first.")
    if not path.parent.is_dir():
        raise Invalid(f"{path.parent} is no folder; make it first, or name another.")


def _demand_room(target: Path, home: Path, size: int) -> None:
    """Refused unless both folders have room: the file is as large as all of it at the worst."""
    needs = {target: size}
    if connection.vendor == "sqlite":
        same = target.stat().st_dev == home.stat().st_dev
        needs = {target: size + _database_size()} if same else {**needs, home: _database_size()}
    for folder, needed in needs.items():
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise Refused(
                f"{folder} has {_megabytes(free)} free and the backup may need"
                f" {_megabytes(needed)}; make room, or write it elsewhere."
            )


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"


def _database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _unfinished(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when it is whole and on the disk, and goes away otherwise."""
    part = path.with_name(path.name + UNFINISHED)
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _in_a_sentence(path: Path) -> Iterator[None]:
    """Refused for a disk that is full or broken after all."""
    try:
        yield
    except DiurnaError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(
            f"{path} could not be written ({reason}); make room, or write it elsewhere."
        ) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(path: Path) -> None:
    """Read a backup that is not encrypted as `restore` would; deleted if it is not whole."""
    try:
        with path.open("rb") as file:
            read_archive(file, lambda _name, _size, _source: None)
    except BaseException:
        path.unlink()
        raise
