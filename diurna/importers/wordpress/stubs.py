"""What is remembered of every item of an export, in a temporary file: memory does not grow with it.

The file is SQLite's own kind (an empty name): private, without a name, gone when it is closed. What
was asked for last stays in its cache of a few megabytes.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Stub:
    """What is remembered of an item. `kind` is "post" or "page" for what is written as such."""

    key: str
    source_id: str
    kind: str
    line: int
    status: str
    protected: bool
    title: str
    slug: str
    parent: str
    categories: tuple[str, ...]
    creator: str

    @property
    def is_public(self) -> bool:
        """Whether readers of the old site could read it."""
        return self.status == "publish" and not self.protected


_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -6000;
CREATE TABLE stub (key TEXT PRIMARY KEY, source_id, kind, line INT, status, protected INT, title,
                   slug, parent, categories, creator) WITHOUT ROWID;
CREATE TABLE place (path TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE seen (source_id TEXT, number INT, line INT, digest BLOB,
                   PRIMARY KEY (source_id, number)) WITHOUT ROWID;
BEGIN;
"""


class Stubs:
    """The items of an export by their keys, by their old paths, and what came twice."""

    def __init__(self) -> None:
        # Read by the thread that fetches files ahead too; SQLite's own lock is enough for that.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(_SCHEMA)

    def add(self, stub: Stub) -> None:
        """Remember an item; one with the same key takes the place of the first."""
        row = [_plain(value) for value in astuple(stub)]
        self._file.execute(
            "INSERT OR REPLACE INTO stub VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
        )

    def get(self, key: str) -> Stub | None:
        """The item with this key."""
        found = self._file.execute("SELECT * FROM stub WHERE key = ?", (_safe(key),))
        return _stub(row) if (row := found.fetchone()) else None

    def __getitem__(self, key: str) -> Stub:
        """The item with this key; KeyError when there is none."""
        if (found := self.get(key)) is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __len__(self) -> int:
        count: int = self._file.execute("SELECT count(*) FROM stub").fetchone()[0]
        return count

    def __iter__(self) -> Iterator[str]:
        return (stub.key for stub in self.values())

    def values(self) -> Iterator[Stub]:
        """All items, in the order of the export as far as its lines tell."""
        # A cursor of its own: others ask while this one is read.
        return map(_stub, self._file.execute("SELECT * FROM stub ORDER BY line, key"))

    def lead(self, path: str, key: str) -> None:
        """Remember which item is at an old path; the first one keeps it."""
        self._file.execute("INSERT OR IGNORE INTO place VALUES (?, ?)", (_safe(path), _safe(key)))

    def at(self, path: str) -> str:
        """The key of the item at an old path; empty for none."""
        found = self._file.execute("SELECT key FROM place WHERE path = ?", (_safe(path),))
        return str(row[0]) if (row := found.fetchone()) else ""

    def note(self, source_id: str, line: int, digest: bytes) -> tuple[int, int]:
        """Remember an item by its id and hash: the how-manieth of that id it is, from 1, and 0.

        For one that repeats another word for word, 0 and the other's line.
        """
        earlier = self._file.execute(
            "SELECT number, line, digest FROM seen WHERE source_id = ?", (_safe(source_id),)
        ).fetchall()
        for _number, other, known in earlier:
            if known == digest:
                return 0, int(other)
        number = len(earlier) + 1
        row = (_safe(source_id), number, line, digest)
        self._file.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", row)
        return number, 0


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _safe(value)
    return json.dumps(value) if isinstance(value, tuple) else value


def _safe(text: str) -> str:
    # Half of a character, which SQLite refuses, is no part of any address or id.
    return text.encode("utf-8", "replace").decode()


def _stub(row: tuple[object, ...]) -> Stub:
    values = dict(zip((field.name for field in fields(Stub)), row, strict=True))
    values["protected"] = bool(values["protected"])
    values["categories"] = tuple(json.loads(str(values["categories"])))
    return Stub(**values)  # type: ignore[arg-type]  # columns are the fields, in their order
