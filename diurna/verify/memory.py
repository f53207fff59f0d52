"""What this computer has seen of each log: the last checkpoint, and the key that signed it.

One small file for each site. Without it a check can say that a site agrees with itself, but not
that it is still what it was.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from diurna.common.errors import Invalid
from diurna.ledger.note import Checkpoint, NoteError, SignedNote, VerifierKey
from diurna.verify.findings import Waiting

SCHEMA: Final = "diurna-verify-state/1"
_PRIVATE: Final = 0o600


@dataclass(frozen=True)
class Seen:
    """A checkpoint that was seen and found right: its note, its key, and when (UTC).

    `waiting` are the votes that were on their way into the log, by the name of their target.
    """

    site: str
    key: str
    note: str
    at: str
    waiting: Mapping[str, Waiting] = field(default_factory=dict)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint itself."""
        return Checkpoint.parse(SignedNote.parse(self.note.encode()).text)

    @property
    def verifier(self) -> VerifierKey:
        """The key that signed it."""
        return VerifierKey.parse(self.key)

    @property
    def day(self) -> str:
        """The day on which it was seen, `2026-11-22`."""
        return self.at[:10]


def default_folder() -> Path:
    """Where programs keep what they remember (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "diurna" / "verify"


def recall(folder: Path, site: str) -> Seen | None:
    """What was seen of a site; None for a first time; Invalid for a file that can't be read."""
    place = _place(folder, site)
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        seen = Seen(
            **{name: str(kept[name]) for name in ("site", "key", "note", "at")},
            waiting={on: _waiting(each) for on, each in kept.get("waiting", {}).items()},
        )
        if kept["schema"] != SCHEMA:
            raise ValueError(kept["schema"])
        signed = SignedNote.parse(seen.note.encode())
        signed.check([seen.verifier])
        Checkpoint.parse(signed.text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, NoteError) as error:
        raise Invalid(
            f"{place} can't be read ({error}); restore it, or delete it to begin anew."
        ) from error
    return seen


def remember(
    folder: Path, *, site: str, key: VerifierKey, note: bytes, waiting: Mapping[str, Waiting]
) -> None:
    """Keep a checkpoint that was found right; the file is replaced as a whole."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    seen = Seen(site, str(key), note.decode(), now, dict(waiting))
    place = _place(folder, site)
    fresh = place.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"schema": SCHEMA, **asdict(seen)}, indent=1, ensure_ascii=False)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.chmod(_PRIVATE)
        fresh.replace(place)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise Invalid(
            f"{place} can't be written ({error.strerror}); choose another folder with --state."
        ) from error


def _waiting(kept: Mapping[str, Any]) -> Waiting:
    found = Waiting(int(kept["size"]), int(kept["votes"]), str(kept["at"]))
    # Fails here, and not in the middle of a check, when it is no time.
    if found.moment.tzinfo is None:
        raise ValueError(found.at)
    return found


def _place(folder: Path, site: str) -> Path:
    return folder / f"{quote(site, safe='')}.json"
