"""The file itself: a tar stream in gzip, whose members are hashed as they go by.

Pure. The first member says what the file is, the last ones are the manifest and its signature, so
both writing and reading are one pass. A reader refuses what the writer never writes: links, other
names, anything after the end.
"""

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO, Final, Protocol

from diurna.operations.backup.errors import Damaged
from diurna.operations.backup.manifest import (
    ABOUT_FILE,
    MANIFEST_FILE,
    MAX_MANIFEST,
    MAX_SMALL,
    NOTE_FILE,
    About,
    Manifest,
)

# Pictures do not get smaller, and a database does at any level: the fast ones lose little.
COMPRESSION: Final = 3
# What gzip writes at this level without a name and a time; a stray bit in it would go unnoticed.
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_CHUNK: Final = 1024 * 1024
_SAFE: Final = re.compile(
    r"database/diurna\.sqlite3|database/[a-z0-9_]{1,63}/[0-9]{6}|keys/[a-z0-9._-]{1,64}"
    r"|secret_key|erasures\.jsonl|media/[^\x00-\x1f\x7f\\]+"
    r"|copies/[0-9a-f]{2}/[0-9a-f-]{36}\.warc\.gz"
)
_CUT_OFF: Final = "The backup is damaged or cut off; restore another copy."


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""


# Told the name and the size of a member and a stream of its bytes.
Take = Callable[[str, int, Source], None]


class ArchiveWriter:
    """Writes members and keeps their sizes and hashes in `files`."""

    def __init__(self, target: BinaryIO) -> None:
        self.files: dict[str, tuple[int, str]] = {}
        self._gzip = gzip.GzipFile(
            filename="", mode="wb", compresslevel=COMPRESSION, fileobj=target, mtime=0
        )
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  (closed in `close`)

    def add(self, name: str, source: Source, size: int) -> None:
        """Add a member of this size; OSError when the source ends before."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        reader = HashingReader(source, size)
        self._tar.addfile(entry, reader)
        self.files[name] = (size, reader.digest.hexdigest())

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a member."""
        self.add(name, io.BytesIO(data), len(data))

    def close(self) -> None:
        """Write the end of the archive; the target stays open."""
        self._tar.close()
        self._gzip.close()

    def abandon(self) -> None:
        """Write nothing more: both layers would, into a target that is gone."""
        self._tar.closed = True  # type: ignore[attr-defined]  # missing in the stubs
        if self._tar.fileobj is not None:
            self._tar.fileobj.closed = True  # type: ignore[attr-defined]  # tarfile's
        self._gzip.fileobj = None  # type: ignore[assignment]  # what it checks for when it closes


class HashingReader(io.RawIOBase):
    """The next `size` bytes of a source, hashed as they are read."""

    def __init__(self, source: Source, size: int) -> None:
        self.digest = sha256()
        self.left = size
        self._source = source

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none after the last one."""
        wanted = self.left if size < 0 else min(size, self.left)
        data = self._source.read(wanted) if wanted else b""
        self.digest.update(data)
        self.left -= len(data)
        return data

    def drain(self) -> None:
        """Read what is left."""
        while self.left and self.read(_CHUNK):
            pass


def read_archive(source: BinaryIO, take: Take) -> tuple[Manifest, bytes, bytes | None]:
    """Read a backup in one pass and check all of it; manifest, its bytes, its note if there is one.

    `take` gets each member on the way; what it made of them counts only when this returns. Raises
    Damaged, in a sentence, for everything that is not a whole backup.
    """
    with _one_sentence(), _unzipped(source) as plain:
        tar = tarfile.open(fileobj=plain, mode="r|", errorlevel=2, encoding="utf-8")  # noqa: SIM115  (a stream)
        found, manifest, note = _read_members(tar, take)
        _demand_end(plain)
    told = Manifest.parse(manifest)
    _compare(found, told.files)
    return told, manifest, note


def _read_members(
    tar: tarfile.TarFile, take: Take
) -> tuple[dict[str, tuple[int, str]], bytes, bytes | None]:
    found: dict[str, tuple[int, str]] = {}
    last: dict[str, bytes] = {}
    for entry in tar:
        name = entry.name
        source = tar.extractfile(entry) if entry.isreg() else None
        _demand_expected(name, regular=source is not None, seen={*last} or found)
        assert source is not None
        if name in (MANIFEST_FILE, NOTE_FILE):
            last[name] = _small(source, entry.size, MAX_MANIFEST)
            continue
        reader = HashingReader(source, entry.size)
        if name == ABOUT_FILE:
            About.parse(_small(reader, entry.size, MAX_SMALL))
        else:
            take(name, entry.size, reader)
        reader.drain()
        if reader.left:
            raise Damaged(_CUT_OFF)
        found[name] = (entry.size, reader.digest.hexdigest())
    if MANIFEST_FILE not in last:
        raise Damaged(_CUT_OFF)
    return found, last[MANIFEST_FILE], last.get(NOTE_FILE)


def _demand_expected(name: str, *, regular: bool, seen: object) -> None:
    """Damaged unless a member of this name may come now."""
    known = seen if isinstance(seen, (set, dict)) else {}
    if not known and name != ABOUT_FILE:
        raise Damaged(
            "This file is no backup of a Diurna site; name one that `diurna backup` made."
        )
    closing = MANIFEST_FILE in known
    fits = name == NOTE_FILE if closing else (name in (ABOUT_FILE, MANIFEST_FILE) or is_safe(name))
    if not regular or not fits or name in known:
        raise Damaged(
            f"The backup holds {name[:200]!r}, which does not belong there; restore another copy."
        )


def is_safe(name: str) -> bool:
    """Whether a member may have this name: a known one, inside `media`, a kept copy."""
    parts = name.split("/")
    return (
        _SAFE.fullmatch(name) is not None
        and not {"", ".", ".."} & set(parts)
        and name.isprintable()
        and len(name.encode(errors="replace")) <= 1000
    )


def _small(source: Source, size: int, most: int) -> bytes:
    if size > most:
        raise Damaged("A part of the backup is larger than it can be; restore another copy.")
    data = source.read(size)
    if len(data) != size:
        raise Damaged(_CUT_OFF)
    return data


def _compare(found: dict[str, tuple[int, str]], told: dict[str, tuple[int, str]]) -> None:
    for name in sorted(found.keys() | told.keys()):
        if name not in told:
            problem = "is not in the manifest"
        elif name not in found:
            problem = "is missing"
        elif found[name] != told[name]:
            problem = "is not what was backed up"
        else:
            continue
        raise Damaged(f"The backup was changed: {name!r} {problem}; restore another copy.")


@contextmanager
def _unzipped(source: BinaryIO) -> Iterator[gzip.GzipFile]:
    header = source.read(len(_GZIP_HEADER))
    if header != _GZIP_HEADER:
        raise Damaged(
            "This file is no backup of a Diurna site, or its beginning is damaged; name one that"
            " `diurna backup` made."
        )
    with gzip.GzipFile(fileobj=_Rejoined(header, source), mode="rb") as plain:
        yield plain


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes had to be looked at."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._first:
            return self._rest.read(size)
        data, self._first = self._first[:size], self._first[size:]
        return data


def _demand_end(plain: gzip.GzipFile) -> None:
    """Nothing but the padding of tar may follow; reading it also checks gzip's own sums."""
    while data := plain.read(_CHUNK):
        if data.strip(b"\0"):
            raise Damaged("The backup goes on after its end; restore another copy.")


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except (EOFError, tarfile.TarError, zlib.error, gzip.BadGzipFile, UnicodeError) as error:
        raise Damaged(_CUT_OFF) from error
