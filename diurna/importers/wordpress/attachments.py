"""The attachments of an export, found by source id, by address or by the post they hang on."""

import json
import sqlite3
from dataclasses import astuple, dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from diurna.importers.wordpress.upload_addresses import original_name, own_address

_PICTURES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".avif", ".bmp"})
_SOUND: Final = frozenset({".mp3", ".m4a", ".ogg", ".oga", ".wav", ".flac", ".aac", ".wma"})
_FILM: Final = frozenset({".mp4", ".m4v", ".webm", ".ogv", ".mov", ".wmv", ".avi", ".mkv"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the export says of a file: its address, its words, the post it hangs on."""

    source_id: str
    url: str
    title: str
    caption: str
    alt: str
    parent: str
    menu_order: int
    line: int
    # Its largest smaller copies, as `upload_addresses.sizes_in` writes them.
    sizes: str = ""
    # Whose it is, as a plug-in's field or the end of its caption said (`credits`).
    credit: str = ""

    @property
    def media_kind(self) -> str:
        """ "picture", "audio", "video" or "document", by the ending of the address."""
        return media_kind(self.url)


def media_kind(url: str) -> str:
    """What an address leads to, by its ending: "picture", "audio", "video" or "document"."""
    try:
        ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return "document"
    if ending in _PICTURES:
        return "picture"
    if ending in _SOUND:
        return "audio"
    return "video" if ending in _FILM else "document"


def address_key(url: str) -> str:
    """What two addresses of the same file have in common: host and path, without the query."""
    url = own_address(url)
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}"
    except ValueError:
        return url


def original_key(key: str) -> str:
    """The key of the file of which this is a smaller copy; the same key for an original."""
    return original_name(key)


_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -6000;
CREATE TABLE kept (place INTEGER PRIMARY KEY, source_id UNIQUE, address, original, parent, facts);
CREATE INDEX by_address ON kept (address, place);
CREATE INDEX by_original ON kept (original, place);
CREATE INDEX by_parent ON kept (parent, place);
BEGIN;
"""
_BY_ID: Final = "SELECT facts FROM kept WHERE source_id = ?"
_BY_ADDRESS: Final = "SELECT facts FROM kept WHERE address = ? ORDER BY place LIMIT 1"
_BY_ORIGINAL: Final = "SELECT facts FROM kept WHERE original = ? ORDER BY place LIMIT 1"
_BY_PARENT: Final = "SELECT facts FROM kept WHERE parent = ? ORDER BY place"


class Attachments:
    """All attachments of an export, in a temporary file like that of `stubs`.

    Read by the threads that fetch files ahead, too; SQLite's own lock is enough for that.
    """

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(_SCHEMA)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, attachment: Attachment) -> None:
        """Know this attachment; the first with an id or address keeps it."""
        key = address_key(attachment.url)
        parent = "" if attachment.parent == "0" else attachment.parent
        row = [attachment.source_id, key, original_key(key), parent]
        # ASCII only: SQLite takes no halves of characters, and JSON's escapes carry them.
        facts = json.dumps(astuple(attachment), ensure_ascii=True)
        added = self._file.execute(
            "INSERT OR IGNORE INTO kept (source_id, address, original, parent, facts)"
            " VALUES (?, ?, ?, ?, ?)",
            [*map(_plain, row), facts],
        )
        self._count += added.rowcount

    def get(self, source_id: str) -> Attachment | None:
        """The attachment with this source id."""
        return self._first(_BY_ID, source_id)

    def at(self, url: str) -> Attachment | None:
        """The attachment whose file, or a smaller copy of it, is at this address."""
        if not self._count:
            return None
        key = address_key(url)
        original = original_key(key)
        # Some files are called after their size: an exact match goes before a guess.
        if exact := self._first(_BY_ADDRESS, key):
            return exact
        if original == key:
            return None
        return self._first(_BY_ADDRESS, original) or self._first(_BY_ORIGINAL, original)

    def find(self, url: str, source_id: str = "") -> Attachment | None:
        """By address first: the numbers in old texts are often those of another site."""
        return self.at(url) or (self.get(source_id) if not url else None)

    def pictures_of(self, parent: str) -> list[Attachment]:
        """The pictures that hang on a post, as `[gallery]` without ids shows them."""
        if not parent or not self._count:
            return []
        found = map(_attachment, self._file.execute(_BY_PARENT, (_plain(parent),)))
        pictures = [one for one in found if one.media_kind == "picture"]
        return sorted(pictures, key=lambda a: (a.menu_order, int(a.source_id)))

    def _first(self, question: str, value: str) -> Attachment | None:
        if not self._count:
            return None
        row = self._file.execute(question, (_plain(value),)).fetchone()
        return _attachment(row) if row else None


def _plain(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _attachment(row: tuple[str]) -> Attachment:
    return Attachment(*json.loads(row[0]))
