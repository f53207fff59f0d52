"""The list of what the law had erased, outside the database: a restore does these erasures again.

A line is `{"article": "<uuid>", "at": "<UTC>"}`: no words, no address, no reason.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

ERASURES_FILE: Final = "erasures.jsonl"


def note_erasure(home: Path, article: UUID, *, at: datetime) -> None:
    """Add a story to the list, and have it on the disk before this returns."""
    line = json.dumps({"article": str(article), "at": at.astimezone(UTC).isoformat()}) + "\n"
    handle = os.open(
        home / ERASURES_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
