"""What has been fetched of the old site, on disk, so that a run that was killed fetches it once.

One file an address, named by its SHA-256. While it comes, it is called `.part`, and `.from` beside
it says which version of the file on the server it is a part of.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO


class MediaCache:
    """Files by old address. Each address is written by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, url: str) -> Path | None:
        """The whole file; None when it has not come, or not to its end."""
        path = self._path(url)
        return path if path.is_file() else None

    def open_part(self, url: str) -> tuple[BinaryIO, str]:
        """The file to go on writing, and of which version its bytes are; empty for none."""
        part = self._path(url, ".part")
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            version = self._path(url, ".from").read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            version = ""
        return part.open("r+b" if part.exists() else "w+b"), version

    def note_version(self, url: str, version: str) -> None:
        """Remember of which version the bytes are that come next."""
        self._path(url, ".from").write_text(version, "utf-8")

    def finish(self, url: str) -> Path:
        """The part is whole now."""
        path = self._path(url)
        self._path(url, ".part").replace(path)
        self._path(url, ".from").unlink(missing_ok=True)
        return path

    def drop(self, url: str) -> None:
        """Forget the file: it is in the library, or of no use."""
        for ending in ("", ".part", ".from"):
            self._path(url, ending).unlink(missing_ok=True)

    def _path(self, url: str, ending: str = "") -> Path:
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / f"{name}{ending}"
