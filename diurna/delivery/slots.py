"""Small files by which the processes of a machine draw a page once between them.

Who holds a slot's lock draws, and leaves the finished page in it; who waited for the lock takes the
page from there. A slot is a help and no more: where it can't be had, read or written, each process
draws for itself.
"""

import fcntl
import json
import logging
import os
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from diurna.delivery.store import Page, Ticket

SLOTS: Final = 256
# A page that was left longer ago than this was not drawn for those who wait now, and perhaps by
# another version of ours.
FRESH_SECONDS: Final = 2.0
# Another process that holds a slot for longer hangs, and is no longer waited for.
PATIENCE_SECONDS: Final = 10.0
_WAIT_SECONDS: Final = 0.002
_GLANCES: Final = 10
# Whose turn it is (a hash of the page's name), then length and checksum of what was left.
_HOLDER: Final = struct.Struct("<Q")
_HEAD: Final = struct.Struct("<QL")
_BEGIN: Final = _HOLDER.size + _HEAD.size

logger = logging.getLogger(__name__)


class Slots:
    """The slots in a folder, which is made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def turn(self, name: str) -> Iterator["Slot | None"]:
        """One's turn to draw that page, after whoever draws it now; None to draw without one."""
        holder = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
        try:
            path = self._folder / str(holder % SLOTS)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            logger.exception("A page is drawn without asking the other processes.")
            yield None
            return
        try:
            yield Slot(handle) if _take(handle, holder) else None
        finally:
            # Closing lets go of the lock.
            os.close(handle)


class Slot:
    """A slot whose lock is held."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def left(self, name: str, now: float) -> Page | None:
        """The page of that name that another process left a moment ago, if it is whole."""
        try:
            length, checksum = _HEAD.unpack(os.pread(self._handle, _HEAD.size, _HOLDER.size))
            # Whatever stands there: no page of ours is longer than the file.
            data = os.pread(self._handle, min(length, os.fstat(self._handle).st_size), _BEGIN)
            if len(data) != length or zlib.crc32(data) != checksum:
                return None
            head, _line, body = data.partition(b"\n")
            return _page(json.loads(head), body, name, now)
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            # Torn, or left by another version.
            return None

    def leave(self, name: str, page: Page, now: float) -> None:
        """Leave the finished page for those who wait."""
        facts = {
            "name": name,
            "at": now,
            "status": page.status,
            "headers": page.headers,
            "etag": page.etag,
            "keys": [key.hex() for key in page.keys],
            "ticket": page.ticket,
            "lifetime": page.lifetime,
            "last_modified": page.last_modified,
            "took": page.took,
        }
        data = json.dumps(facts).encode() + b"\n" + page.bodies[""]
        head = _HEAD.pack(len(data), zlib.crc32(data))
        try:
            # In place and never shortened: a file system would wait for the disk each time.
            os.pwrite(self._handle, head + data, _HOLDER.size)
        except OSError:
            # The page is finished all the same; the others draw it themselves.
            logger.exception("A finished page could not be left for the other processes.")


def _take(handle: int, holder: int) -> bool:
    """Wait for the lock while the same page is drawn; False where it is not to be had."""
    until = time.monotonic() + PATIENCE_SECONDS
    mark = _HOLDER.pack(holder)
    # Between taking the lock and saying whose it is, a moment passes.
    glances = _GLANCES
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Another page in the same slot is none of ours.
            glances = glances - 1 if os.pread(handle, _HOLDER.size, 0) != mark else _GLANCES
            if not glances or time.monotonic() > until:
                return False
            time.sleep(_WAIT_SECONDS)
            continue
        try:
            os.pwrite(handle, mark, 0)
        except OSError:
            return False
        return True


def _page(facts: dict[str, Any], body: bytes, name: str, now: float) -> Page | None:
    age = now - facts["at"]
    lifetime = facts["lifetime"] - age
    if facts["name"] != name or not 0 <= age < FRESH_SECONDS or lifetime <= 0:
        return None
    return Page(
        status=facts["status"],
        headers=[(key, value) for key, value in facts["headers"]],
        bodies={"": body},
        etag=facts["etag"],
        keys=frozenset(map(bytes.fromhex, facts["keys"])),
        ticket=Ticket(*facts["ticket"]),
        lifetime=lifetime,
        last_modified=facts["last_modified"],
        took=facts["took"],
    )
