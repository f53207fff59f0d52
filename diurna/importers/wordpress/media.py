"""Where the files of an old site are had: from a folder, or as `media_fetch` fetches them.

Nothing here knows the database; what comes out is a file on this machine, or a sentence.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from diurna.common.errors import Invalid
from diurna.importers.wordpress.on_disk import OnDisk
from diurna.importers.wordpress.upload_addresses import upload_below

MAX_FILE_BYTES: Final = 200_000_000
_MONTH: Final = re.compile(r"(?:^|/)((?:19|20)\d\d/\d\d)/[^/]+$")

Wanted = Iterable[Sequence[str]]
"""Files that will be asked for: the addresses of each, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the old site: the name it had, and where it lies on this machine."""

    name: str
    path: Path

    def open(self) -> BufferedReader:
        """The file, to be read and closed."""
        return self.path.open("rb")

    @property
    def content(self) -> bytes:
        """All of it; only for what is known to be small."""
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a file could not be had, as a sentence."""

    reason: str


class MediaSource(Protocol):
    """Where files come from."""

    def get(self, url: str, *, fetch: bool = True) -> MediaFile | Unavailable:
        """The file at this old address, or why there is none; without `fetch`, nobody is asked."""
        ...

    def has(self, url: str) -> bool | None:
        """Whether `get` would find it; None when only asking would tell."""
        ...

    def release(self, url: str) -> None:
        """The file is in the library, or of no use; what was kept for it can go."""
        ...

    def ahead(self, wanted: Wanted) -> AbstractContextManager[None]:
        """Have these files ready before they are asked for, as far as that is of use."""
        ...


class MediaFolder:
    """Files in a folder: an uploads folder as WordPress lays it out, or all in one place."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Invalid(f"{folder} is not a folder; give the folder that holds the old uploads.")
        self._root = folder.resolve()
        # On disk, since a large site has half a million files. In the order of their paths.
        self._by_path = OnDisk()
        for path in self._files(str(self._root)):
            self._by_path[f"{_folded(Path(path).name)}\0{path}"] = ""

    def get(self, url: str, *, fetch: bool = True) -> MediaFile | Unavailable:
        """The file for this address: by its path below the uploads, else by its name alone."""
        path = self._find(url)
        if path is None:
            return Unavailable(f"{file_name(url)} is not in {self._root}.")
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                return Unavailable(f"{path.name} is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
            with path.open("rb"):
                return MediaFile(path.name, path)
        except OSError as error:
            return Unavailable(f"{path.name} can't be read ({error.strerror}).")

    def has(self, url: str) -> bool | None:
        """Whether there is a file for this address."""
        return self._find(url) is not None

    def release(self, url: str) -> None:
        """Nothing: the folder belongs to somebody else."""

    def ahead(self, wanted: Wanted) -> AbstractContextManager[None]:
        """Nothing: the files are here."""
        return nullcontext()

    def _files(self, folder: str) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                # A link that leads out of the folder could make any file of this machine public.
                if entry.is_symlink() and not self._is_inside(entry.path):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from self._files(entry.path)
                elif entry.is_file():
                    yield entry.path

    def _is_inside(self, path: str) -> bool:
        return Path(path).resolve().is_relative_to(self._root)

    def _find(self, url: str) -> Path | None:
        start = f"{_folded(file_name(url))}\0"
        below = _folded(upload_path(url))
        known = (key.removeprefix(start) for key in self._by_path.beginning_with(start))
        candidates = [path for path in known if _agrees(below, path)]
        parts = PurePosixPath(below).parts
        # Of several files with this name, the one whose folders agree best with the address.
        best = max(
            candidates,
            key=lambda path: _common_end(parts, Path(path).relative_to(self._root)),
            default=None,
        )
        return Path(best) if best else None


class NoMedia:
    """No files at all."""

    def get(self, url: str, *, fetch: bool = True) -> MediaFile | Unavailable:
        """Always a sentence."""
        return Unavailable("Files were not asked for in this import.")

    def has(self, url: str) -> bool | None:
        """Never."""
        return False

    def release(self, url: str) -> None:
        """Nothing."""

    def ahead(self, wanted: Wanted) -> AbstractContextManager[None]:
        """Nothing."""
        return nullcontext()


class FirstOf:
    """Several sources, asked in turn; the last sentence is the one that is told."""

    def __init__(self, *sources: MediaSource) -> None:
        self._sources = sources

    def get(self, url: str, *, fetch: bool = True) -> MediaFile | Unavailable:
        """The file from the first source that has it."""
        outcome: MediaFile | Unavailable = Unavailable("There is nowhere to look for files.")
        for source in self._sources:
            outcome = source.get(url, fetch=fetch)
            if isinstance(outcome, MediaFile):
                return outcome
        return outcome

    def has(self, url: str) -> bool | None:
        """True if one has it; None if one might."""
        answers = [source.has(url) for source in self._sources]
        return True if True in answers else None if None in answers else False

    def release(self, url: str) -> None:
        """All of them."""
        for source in self._sources:
            source.release(url)

    @contextmanager
    def ahead(self, wanted: Wanted) -> Iterator[None]:
        """The last source makes ready what those before it do not have."""
        *nearer, last = self._sources
        missing = (
            addresses
            for addresses in wanted
            if not any(source.has(url) for source in nearer for url in addresses[:1])
        )
        with ExitStack() as stack:
            stack.enter_context(last.ahead(missing))
            yield


def file_name(url: str) -> str:
    """The last part of an address's path, decoded; never with a slash in it."""
    path = unquote(_path(url))
    return PurePosixPath(path).name.replace("\\", "_").replace("\x00", "")


def upload_path(url: str) -> str:
    """The path below the uploads folder: `2008/06/bell.jpg`."""
    path = _path(url)
    return upload_below(path) or unquote(path).lstrip("/")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _folded(name: str) -> str:
    # A folder that was copied by way of a Mac spells its letters and accents apart.
    return unicodedata.normalize("NFC", name).lower()


def _agrees(below: str, path: str) -> bool:
    """Whether year and month are the same, where both say one: names repeat from month to month."""
    wanted, found = _MONTH.search(below), _MONTH.search(path.replace(os.sep, "/"))
    return wanted is None or found is None or wanted[1] == found[1]


def _common_end(below: tuple[str, ...], path: Path) -> int:
    count = 0
    for one, other in zip(reversed(below), reversed(path.parts), strict=False):
        if one != _folded(other):
            break
        count += 1
    return count
