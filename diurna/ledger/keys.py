"""The signing key of the log: a file for its owner only, or one that a system hands out.

`DIURNA_HOME/keys/ledger` unless LEDGER_KEY_FILE names another. During a rotation the next key lies
beside it as `ledger.new`: at whatever moment the process ends, the key that the log names is there.
"""

import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from diurna.common.errors import Misconfigured
from diurna.ledger.note import NoteError, SigningKey

KEY_DIRECTORY = "keys"
KEY_FILE = "ledger"
NEXT_SUFFIX = ".new"
KEY_VARIABLE = "LEDGER_KEY_FILE"


def key_file() -> Path:
    """Where the key of this installation lies, whether it is there or not."""
    given: Path | None = settings.DIURNA_LEDGER_KEY_FILE
    return given or _own_file()


def load(verifier_key: str) -> SigningKey:
    """The key that the log names; Misconfigured when this machine has another one, or none.

    The files are read again once they have changed: every vote's receipt is signed.
    """
    return _load(verifier_key, _stamp(key_file()), _stamp(next_file()))


@lru_cache(maxsize=2)
def _load(verifier_key: str, *_stamps: object) -> SigningKey:
    for path in (key_file(), next_file()):
        key = _read(path)
        if key is not None and str(key.verifier()) == verifier_key:
            return key
    raise Misconfigured(
        f"The log's signing key is not in {key_file()}: put back the file with the key"
        f" {verifier_key.rsplit('+', 1)[0]}, or set {KEY_VARIABLE}."
    )


def make(origin: str) -> SigningKey:
    """The key for a new log: the one in the key file if it has this name, else a new one there.

    Raises Misconfigured when the file holds a key of another name.
    """
    present = _read(key_file())
    if present is None:
        key = SigningKey.generate(origin)
        _write(key_file(), key)
        return key
    if present.name != origin:
        raise Misconfigured(
            f"{key_file()} holds the key of {present.name}, not of {origin}; move it away, or name"
            f" another file in {KEY_VARIABLE}."
        )
    return present


def set_aside() -> None:
    """Keep the present key under a name of its own, for a new log that needs another one.

    Raises Misconfigured where a secret file holds it, which is not ours to move.
    """
    present = _read(key_file())
    if present is None:
        return
    if settings.DIURNA_LEDGER_KEY_FILE is not None:
        raise Misconfigured(
            f"A new log needs a new key: name a file that is not there yet in {KEY_VARIABLE}, or"
            " leave it out."
        )
    key_file().rename(key_file().with_name(f"{KEY_FILE}.{present.verifier().key_id.hex()}"))


def make_next(origin: str) -> SigningKey:
    """A new key beside the present one; it counts once the log names it (`adopt_next`)."""
    key = SigningKey.generate(origin)
    _write(next_file(), key)
    return key


def adopt_next() -> bool:
    """Put the next key in the present one's place; False where a secret file is not ours."""
    if settings.DIURNA_LEDGER_KEY_FILE is not None:
        return False
    next_file().replace(key_file())
    return True


def next_file() -> Path:
    """Where the key lies that a rotation has made."""
    return _own_file().with_name(KEY_FILE + NEXT_SUFFIX)


def _own_file() -> Path:
    return Path(settings.DIURNA_HOME) / KEY_DIRECTORY / KEY_FILE


def _stamp(path: Path) -> tuple[str, int, int] | None:
    """What changes with the file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return str(path), status.st_ino, status.st_mtime_ns


def _read(path: Path) -> SigningKey | None:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path} can't be read ({error}); correct its owner.") from error
    try:
        return SigningKey.parse(text)
    except NoteError as error:
        raise Misconfigured(
            f"{path} holds no signing key; put back the file that Diurna made."
        ) from error


def _write(path: Path, key: SigningKey) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never half a key, and never readable by others, not for a moment.
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key.secret_text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
