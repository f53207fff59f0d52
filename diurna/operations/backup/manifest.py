"""What a backup says about itself: the last member of the file, and a note that signs it.

Pure. The manifest names every file with its size and SHA-256, the rows of every table, and the log
as it was; so whatever is missing, added or changed is found before anything is restored.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Final

from diurna.ledger.note import NoteError, SignedNote, SigningKey, VerifierKey
from diurna.operations.backup.errors import Damaged

FORMAT: Final = "diurna-backup"
SCHEMA: Final = 1
ABOUT_FILE: Final = "about.json"
MANIFEST_FILE: Final = "manifest.json"
NOTE_FILE: Final = "manifest.note"
# The manifest is held in memory: a million pictures are about 150 MB of it.
MAX_MANIFEST: Final = 512 * 1024 * 1024
MAX_SMALL: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class About:
    """The first member: what kind of file this is, before anything else is unpacked."""

    diurna: str
    engine: str

    def encode(self) -> bytes:
        """The member's bytes."""
        return _dump({"format": FORMAT, "schema": SCHEMA, **asdict(self)})

    @classmethod
    def parse(cls, data: bytes) -> "About":
        """The first member; Damaged for another kind of file, or one of a newer Diurna."""
        match _load(data):
            case {"format": "diurna-backup", "schema": int(schema), "diurna": str(version)} if (
                schema > SCHEMA
            ):
                raise Damaged(
                    f"This backup was made by a newer Diurna ({version}); install that version"
                    " or a later one, and restore with it."
                )
            case {
                "format": "diurna-backup",
                "diurna": str(diurna),
                "engine": ("sqlite" | "postgresql") as engine,
            }:
                return cls(diurna=diurna, engine=engine)
        raise Damaged(
            "This file is no backup of a Diurna site; name one that `diurna backup` made."
        )


@dataclass(frozen=True, kw_only=True)
class LogState:
    """The public log at the moment of the backup; `root` is hexadecimal."""

    origin: str
    size: int
    root: str
    key: str


@dataclass(kw_only=True)
class Manifest:
    """Everything about the backup; `files` maps a member's name to its size and SHA-256 (hex)."""

    diurna: str
    engine: str
    created: str
    demo: bool
    site_url: str
    site_created: str
    media: bool
    keys: bool
    mirrored: bool
    migrations: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    log: LogState | None = None
    missing: list[str] = field(default_factory=list)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The member's bytes."""
        return _dump({"format": FORMAT, "schema": SCHEMA, **asdict(self)})

    @classmethod
    def parse(cls, data: bytes) -> "Manifest":
        """The manifest of these bytes; Damaged when something is missing or of a wrong kind."""
        found = _load(data)
        try:
            log = found["log"]
            return cls(
                **{name: _of(kind, found[name]) for name, kind in _PLAIN.items()},
                migrations=[_of(str, name) for name in found["migrations"]],
                missing=[_of(str, name) for name in found["missing"]],
                tables={name: _of(int, rows) for name, rows in found["tables"].items()},
                log=LogState(**log) if log else None,
                files={
                    name: (_of(int, size), _of(str, digest))
                    for name, (size, digest) in found["files"].items()
                },
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Damaged(
                "The manifest of the backup can't be read; restore another copy."
            ) from error

    def sign(self, data: bytes, key: SigningKey) -> bytes:
        """The note that vouches for these bytes of the manifest."""
        return str(SignedNote.sign(_statement(data), key)).encode()


_PLAIN: Final[Mapping[str, type]] = {
    "diurna": str,
    "engine": str,
    "created": str,
    "demo": bool,
    "site_url": str,
    "site_created": str,
    "media": bool,
    "keys": bool,
    "mirrored": bool,
}


def check_note(note: bytes | None, manifest: bytes, key: VerifierKey) -> None:
    """Raise Damaged unless the note says, signed by this key, that the manifest is this one."""
    try:
        if note is None:
            raise NoteError("There is no signature.")
        signed = SignedNote.parse(note)
        signed.check([key])
        if signed.text != _statement(manifest):
            raise NoteError("The signature is of another manifest.")
    except NoteError as error:
        raise Damaged(
            f"The backup is not signed by the key of {key.name}: {error} Somebody may have changed"
            " it; restore another copy."
        ) from error


def _statement(manifest: bytes) -> str:
    return f"{FORMAT}\n{sha256(manifest).hexdigest()}\n"


def _dump(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"


def _load(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Damaged("The backup has a part that is not JSON; restore another copy.") from error
    if not isinstance(found, dict):
        raise Damaged("The backup has a part that is not what it should be; restore another copy.")
    return found


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    return value
