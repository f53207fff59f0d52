"""LEDGER_MIRROR: the log copied to a second place, as files under the same names as its addresses.

The copy is a log that any tool can read, and what `diurna restore` takes missing entries from. It
is written after the commit, outside every transaction: tiles and bundles first, the checkpoint
last, so that it is valid at any moment. A mirror that fails never stops the log; doctor and metrics
say so.
"""

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.module_loading import import_string

from diurna.common.erasures import ERASURES_FILE
from diurna.common.errors import DiurnaError
from diurna.ledger import reading
from diurna.ledger.models import Log
from diurna.ledger.note import Checkpoint, NoteError, SignedNote
from diurna.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, TileAddress
from diurna.ledger.tree import EMPTY_ROOT

logger = logging.getLogger(__name__)

# After a failure, so that a store that is away does not fill the log of this process.
RETRY_SECONDS = 30.0


class MirrorError(DiurnaError):
    """The mirror holds something else than an earlier state of this log; nothing was written."""

    code = "mirror"


@dataclass
class MirrorState:
    """What this process knows of the mirror: entries copied, last failure (empty if none).

    `listed` is how long the list of erasures was when it was copied, in bytes.
    """

    copied: int | None = None
    listed: int = 0
    failure: str = ""
    retry_at: float = 0.0


class FolderStorage(FileSystemStorage):
    """A folder in which a file is either whole or as it was before."""

    def _save(self, name: str, content: ContentFile[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with unfinished.open("xb") as file:
                file.write(content.read())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            with suppress(FileNotFoundError):
                unfinished.unlink()
        return name


state = MirrorState()


def is_on() -> bool:
    """Whether LEDGER_MIRROR names a place."""
    return settings.DIURNA_LEDGER_MIRROR is not None


def storage() -> Storage:
    """The place that LEDGER_MIRROR names; only where it names one (`is_on`)."""
    place: Any = settings.DIURNA_LEDGER_MIRROR
    made: Storage = import_string(place["BACKEND"])(**place["OPTIONS"])
    return made


def copy_if_behind() -> bool:
    """Bring the mirror up to the log and the list of erasures; whether something was copied.

    A failure is kept in `state`, and not raised.
    """
    if not is_on() or time.monotonic() < state.retry_at:
        return False
    log = reading.active_log()
    listed = _size_of_list()
    if log is None or (log.size, listed) == (state.copied, state.listed):
        return False
    try:
        state.copied = copy(log, storage())
        state.listed = listed
    except Exception as error:  # each store raises its own, and the log goes on whatever it is
        if state.failure != str(error):
            logger.exception("The log could not be copied to LEDGER_MIRROR; it is tried again.")
        state.failure = str(error) or type(error).__name__
        state.copied = None
        state.retry_at = time.monotonic() + RETRY_SECONDS
        return False
    state.failure = ""
    return True


def copy(log: Log, place: Storage) -> int:
    """Copy what the mirror lacks of this log; the size that it has then.

    Raises MirrorError when the mirror holds another log, or a longer one.
    """
    present = mirrored_size(log, place)
    for address in _addresses(present, log.size):
        _write(place, str(address), reading.tile(log, address))
    for announcement in log.announcements.all():
        _write(place, f"announcements/{announcement.number}", announcement.note.encode())
    _write(place, "key", f"{log.verifier_key}\n".encode())
    erasures = Path(settings.DIURNA_HOME) / ERASURES_FILE
    if erasures.is_file():
        _write(place, ERASURES_FILE, erasures.read_bytes())
    _write(place, "checkpoint", log.checkpoints.get(size=log.size).note.encode())
    _forget_partial(present, log.size, place)
    return log.size


def _size_of_list() -> int:
    path = Path(settings.DIURNA_HOME) / ERASURES_FILE
    return path.stat().st_size if path.is_file() else 0


def mirrored_size(log: Log, place: Storage) -> int:
    """How many entries the mirror holds; MirrorError when they are not the first of this log."""
    text = read(place, "checkpoint")
    if text is None:
        return 0
    try:
        found = Checkpoint.parse(SignedNote.parse(text).text)
    except NoteError as error:
        raise MirrorError("LEDGER_MIRROR holds a checkpoint that is none; empty it.") from error
    if found.origin != log.origin:
        raise MirrorError(
            f"LEDGER_MIRROR holds the log {found.origin}, not {log.origin}; name another place."
        )
    if found.size > log.size or _root_at(log, found.size) != found.root:
        raise MirrorError(
            f"LEDGER_MIRROR holds {found.size} entries that are not those of this log; if the"
            " database is an older copy, bring the missing entries back with `diurna restore`."
        )
    return found.size


def read(place: Storage, name: str) -> bytes | None:
    """The bytes of a file in the mirror, or None when it has none of this name."""
    try:
        with place.open(name, "rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _root_at(log: Log, size: int) -> bytes:
    return reading.tree(log).range_hash(0, size) if size else EMPTY_ROOT


def _addresses(old: int, size: int) -> Iterator[TileAddress]:
    """The tiles and bundles of a log of `size` entries that one of `old` has not."""
    had = {str(address) for address in _edge(old)}
    for address in _edge(size, since=old):
        if str(address) not in had:
            yield address


def _edge(size: int, *, since: int | None = None) -> Iterator[TileAddress]:
    """The last tile of each level and the last bundle; all from entry `since` on, if given."""
    begin = size if since is None else since
    level = 0
    while size >> TILE_HEIGHT * level:
        yield from _tail(level, level, begin, size)
        level += 1
    yield from _tail(None, 0, begin, size)


def _tail(level: int | None, height: int, begin: int, size: int) -> Iterator[TileAddress]:
    first = max(0, (begin >> TILE_HEIGHT * height) // TILE_WIDTH)
    count = size >> TILE_HEIGHT * height
    for index in range(first, -(-count // TILE_WIDTH)):
        width = min(TILE_WIDTH, count - index * TILE_WIDTH)
        yield TileAddress(level, index, width)


def _forget_partial(old: int, size: int, place: Storage) -> None:
    # The full tile is there, and the format has clients ask for it then.
    for address in _edge(size, since=old):
        if address.width == TILE_WIDTH:
            folder = f"{address}.p"
            with suppress(FileNotFoundError):
                for name in place.listdir(folder)[1]:
                    place.delete(f"{folder}/{name}")


def _write(place: Storage, name: str, content: bytes) -> None:
    place.save(name, ContentFile(content))
