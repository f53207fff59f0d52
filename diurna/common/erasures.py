"""The list of what was erased, outside the database: a restore does these erasures again.

A line is `{"article": "<uuid>", "at": "<UTC>"}` for a story that the law had removed, and
`{"reader": "<hash>", "at": "<day>"}` for an account or a guest that erased itself: no words, no
address, no reason. The hash is that of a random name, so it says nothing to whoever does not have a
backup from before the erasure.
"""

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

ERASURES_FILE: Final = "erasures.jsonl"
# What stands where words were that a constraint asks for.
ERASED: Final = "[erased]"
# So that the hash of a name serves for nothing else.
_CONTEXT: Final = b"diurna erased reader\0"


def note_erasure(home: Path, article: UUID, *, at: datetime) -> None:
    """Add a story to the list, and have it on the disk before this returns."""
    _note(home, {"article": str(article), "at": at.astimezone(UTC).isoformat()})


def note_reader_erasure(home: Path, reader: UUID, *, at: datetime) -> None:
    """Add an account or a guest, likewise; the day only, since a minute may tell who it was."""
    _note(home, {"reader": reader_hash(reader), "at": at.astimezone(UTC).date().isoformat()})


def reader_hash(reader: UUID) -> str:
    """How an account or a guest stands in the list: 64 hexadecimal digits."""
    return sha256(_CONTEXT + reader.bytes).hexdigest()


def _note(home: Path, what: dict[str, str]) -> None:
    line = json.dumps(what) + "\n"
    handle = os.open(
        home / ERASURES_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
