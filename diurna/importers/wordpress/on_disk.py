"""Texts by their keys in a temporary file: a dictionary that takes no memory.

The file is SQLite's own kind (an empty name): private, without a name, gone when it is closed. It
lies on disk only once it is larger than its cache (https://www.sqlite.org/inmemorydb.html#temp_db).
"""

import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Final

# Kibibytes that stay in memory.
_CACHE: Final = 1_000
_SCHEMA: Final = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{_CACHE};
CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
BEGIN;
"""


class OnDisk(MutableMapping[str, str]):
    """A dictionary of texts, in the order of its keys. Every method may be called by any thread."""

    def __init__(self) -> None:
        # SQLite's own lock is enough for several threads.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(_SCHEMA)

    def __getitem__(self, key: str) -> str:
        found = self._file.execute("SELECT value FROM kept WHERE key = ?", (_bytes(key),))
        if (row := found.fetchone()) is None:
            raise KeyError(key)
        return _text(row[0])

    def __setitem__(self, key: str, value: str) -> None:
        row = (_bytes(key), _bytes(value))
        self._file.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", row)

    def __delitem__(self, key: str) -> None:
        if not self._file.execute("DELETE FROM kept WHERE key = ?", (_bytes(key),)).rowcount:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        rows = self._file.execute("SELECT key FROM kept ORDER BY key")
        return (_text(row[0]) for row in rows)

    def beginning_with(self, start: str) -> list[str]:
        """The keys that begin so, in order."""
        # No byte of UTF-8 is as large as the one that ends the range.
        ends = (_bytes(start), _bytes(start) + b"\xff")
        found = self._file.execute(
            "SELECT key FROM kept WHERE key >= ? AND key < ? ORDER BY key", ends
        )
        return [_text(row[0]) for row in found]

    def __len__(self) -> int:
        count: int = self._file.execute("SELECT count(*) FROM kept").fetchone()[0]
        return count


def _bytes(text: str) -> bytes:
    # Halves of characters, too: whatever a text holds comes back as it was.
    return text.encode("utf-8", "surrogatepass")


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")
