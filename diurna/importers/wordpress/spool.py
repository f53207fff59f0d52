"""Items that another item needs whole: a list's entries, an article's corrections, reusable texts.

They come before or after the item that needs them, and there may be hundreds of thousands, so they
wait in a temporary database of SQLite's own, which lies on disk once it is large and is gone with
its connection (https://www.sqlite.org/inmemorydb.html#temp_db).
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from diurna.importers.wordpress.records import Comment, Item, TermLink

# Nothing of it outlives the process, so nothing needs to be safe on disk.
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE items (place INTEGER PRIMARY KEY, kind, source_id, owner, item);
CREATE INDEX by_owner ON items (kind, owner, place);
CREATE INDEX by_id ON items (kind, source_id);
BEGIN;
"""
_BY_OWNER: Final = "SELECT item FROM items WHERE kind = ? AND owner = ? ORDER BY place"
_BY_ID: Final = "SELECT item FROM items WHERE kind = ? AND source_id = ? ORDER BY place LIMIT 1"
_FIELDS: Final = tuple(field.name for field in fields(Item) if not field.name.startswith("_"))


class Spool:
    """Keeps items by what they belong to. Everything asked of it comes in the export's order."""

    def __init__(self) -> None:
        # An empty name is a private database on disk. A run stays in one thread; the desk may
        # start it in another than it was made in.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(_SCHEMA)
        self._kinds: set[str] = set()

    def add(self, item: Item, owner: str = "") -> None:
        """Keep an item that belongs to another, by that one's source id."""
        facts = {name: getattr(item, name) for name in _FIELDS}
        facts["terms"] = [asdict(term) for term in item.terms]
        facts["comments"] = [asdict(comment) for comment in item.comments]
        # ASCII only: SQLite takes no lone surrogates, and JSON's escapes carry them.
        text = json.dumps(facts, ensure_ascii=True)
        row = (item.kind, _plain(item.source_id), _plain(owner), text)
        self._connection.execute(
            "INSERT INTO items (kind, source_id, owner, item) VALUES (?, ?, ?, ?)", row
        )
        self._kinds.add(item.kind)

    def belonging_to(self, owner: str, kind: str) -> list[Item]:
        """The items of this kind that belong to the item with this source id."""
        if kind not in self._kinds:
            return []
        return self._found(_BY_OWNER, kind, _plain(owner))

    def get(self, source_id: str, kind: str) -> Item | None:
        """The first item of this kind with this source id."""
        if kind not in self._kinds:
            return None
        found = self._found(_BY_ID, kind, _plain(source_id))
        return found[0] if found else None

    def _found(self, question: str, *values: str) -> list[Item]:
        return [_item(json.loads(row[0])) for row in self._connection.execute(question, values)]


def _plain(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _item(facts: Mapping[str, Any]) -> Item:
    known = dict(facts)
    known["terms"] = tuple(TermLink(**term) for term in known["terms"])
    known["comments"] = tuple(
        Comment(**{**comment, "meta": tuple((key, value) for key, value in comment["meta"])})
        for comment in known["comments"]
    )
    known["meta"] = tuple((key, value) for key, value in known["meta"])
    if "damage" in known:
        known["damage"] = tuple(known["damage"])
    return Item(**known)
