"""Requests with forwarded headers from addresses that nobody named in TRUSTED_PROXIES.

The process that serves counts them (`delivery.proxies`), and leaves the figures in a small file of
the home, so that `diurna doctor` can tell of them. No address is in it.
"""

import json
import os
from pathlib import Path

from django.conf import settings

from diurna.delivery.proxies import strangers

NOTE_FILE = "forwarded.json"


def write_note() -> None:
    """Leave the figures of this process in the home, in the place of an earlier one's."""
    note = _note()
    if not any(strangers.counts.values()):
        note.unlink(missing_ok=True)
        return
    unfinished = note.with_name(f".{note.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(strangers.counts), encoding="utf-8")
    unfinished.replace(note)


def noted() -> dict[str, int]:
    """Requests by where they came from, as the serving process last noted; empty for none."""
    try:
        found = json.loads(_note().read_text(encoding="utf-8"))
        return {str(place): int(count) for place, count in found.items() if count}
    except (OSError, ValueError, AttributeError, TypeError):
        # No note, or half of one: there is nothing to tell yet.
        return {}


def _note() -> Path:
    return Path(settings.DIURNA_HOME) / NOTE_FILE
