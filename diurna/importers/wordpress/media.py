"""Where the files of an old site are had: from a folder, or fetched through the guarded client.

Nothing here knows the database; what comes out is bytes with a name, or a sentence.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import quote, unquote, urlsplit

from diurna.common.errors import Invalid
from diurna.common.http_client import FetchFailed, GuardedClient

_UPLOADS: Final = "/wp-content/uploads/"
MAX_FILE_BYTES: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the old site: its bytes and the name it had."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a file could not be had, as a sentence."""

    reason: str


class MediaSource(Protocol):
    """Where files come from."""

    def get(self, url: str) -> MediaFile | Unavailable:
        """The file at this old address, or why there is none."""
        ...

    def has(self, url: str) -> bool | None:
        """Whether `get` would find it; None when only asking would tell."""
        ...


class MediaFolder:
    """Files in a folder: an uploads folder as WordPress lays it out, or all in one place."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Invalid(f"{folder} is not a folder; give the folder that holds the old uploads.")
        self._root = folder.resolve()
        self._by_name: dict[str, list[Path]] = {}
        for path in sorted(self._files()):
            self._by_name.setdefault(path.name.lower(), []).append(path)

    def get(self, url: str) -> MediaFile | Unavailable:
        """The file for this address: by its path below the uploads, else by its name alone."""
        path = self._find(url)
        if path is None:
            return Unavailable(f"{file_name(url)} is not in {self._root}.")
        if path.stat().st_size > MAX_FILE_BYTES:
            return Unavailable(f"{path.name} is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
        try:
            return MediaFile(path.name, path.read_bytes())
        except OSError as error:
            return Unavailable(f"{path.name} can't be read ({error.strerror}).")

    def has(self, url: str) -> bool | None:
        """Whether there is a file for this address."""
        return self._find(url) is not None

    def _files(self) -> Iterator[Path]:
        # A link that leads out of the folder could make any file of this machine public.
        for directory, _folders, names in os.walk(self._root, followlinks=False):
            for name in names:
                path = Path(directory) / name
                if path.is_file() and path.resolve().is_relative_to(self._root):
                    yield path

    def _find(self, url: str) -> Path | None:
        candidates = self._by_name.get(file_name(url).lower(), [])
        below = PurePosixPath(upload_path(url).lower()).parts
        # Of several files with this name, the one whose folders agree best with the address.
        return max(
            candidates,
            key=lambda path: _common_end(below, path.relative_to(self._root)),
            default=None,
        )


class FetchedMedia:
    """Files asked of the old site itself. A host that does not answer is asked once."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    def get(self, url: str) -> MediaFile | Unavailable:
        """The file, fetched now."""
        try:
            return MediaFile(file_name(url), self._client.fetch(_quoted(url)).body)
        except FetchFailed as error:
            return Unavailable(str(error))

    def has(self, url: str) -> bool | None:
        """Unknown: a rehearsal asks nobody."""
        return None


class NoMedia:
    """No files at all."""

    def get(self, url: str) -> MediaFile | Unavailable:
        """Always a sentence."""
        return Unavailable("Files were not asked for in this import.")

    def has(self, url: str) -> bool | None:
        """Never."""
        return False


class FirstOf:
    """Several sources, asked in turn; the last sentence is the one that is told."""

    def __init__(self, *sources: MediaSource) -> None:
        self._sources = sources

    def get(self, url: str) -> MediaFile | Unavailable:
        """The file from the first source that has it."""
        outcome: MediaFile | Unavailable = Unavailable("There is nowhere to look for files.")
        for source in self._sources:
            outcome = source.get(url)
            if isinstance(outcome, MediaFile):
                return outcome
        return outcome

    def has(self, url: str) -> bool | None:
        """True if one has it; None if one might."""
        answers = [source.has(url) for source in self._sources]
        return True if True in answers else None if None in answers else False


def file_name(url: str) -> str:
    """The last part of an address's path, decoded; never with a slash in it."""
    path = unquote(_path(url))
    return PurePosixPath(path).name.replace("\\", "_").replace("\x00", "")


def upload_path(url: str) -> str:
    """The path below the uploads folder: `2008/06/bell.jpg`."""
    path = unquote(_path(url))
    _, found, below = path.partition(_UPLOADS)
    return below if found else path.lstrip("/")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _quoted(url: str) -> str:
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def _common_end(below: tuple[str, ...], path: Path) -> int:
    count = 0
    for one, other in zip(reversed(below), reversed(path.parts), strict=False):
        if one != other.lower():
            break
        count += 1
    return count
