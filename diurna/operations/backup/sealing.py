"""Encryption of a backup: the age format (age-encryption.org/v1), through `pyrage`.

With recipients the stream is encrypted as it is written, in a thread behind a pipe, so no plain
copy lies on the disk. The library takes a passphrase for whole files only, so there is a limit.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from diurna.common.errors import Invalid
from diurna.operations.backup.errors import Damaged, Locked

AGE_HEADER: Final = b"age-encryption.org/v1\n"
# Held in memory, about three times.
MAX_WITH_PASSPHRASE: Final = 256 * 1024 * 1024
MIN_PASSPHRASE: Final = 12


@dataclass(frozen=True, kw_only=True)
class Seal:
    """For whom a backup is encrypted: recipients, or whoever knows the passphrase; else not."""

    recipients: tuple[Any, ...] = ()
    passphrase: str = ""

    def __bool__(self) -> bool:
        return bool(self.recipients or self.passphrase)


def seal_for(recipients: tuple[str, ...], passphrase_file: Path | None) -> Seal:
    """The seal for these public keys (`age1…` or `ssh-…`) or the passphrase in this file.

    Raises Invalid for a key that is none, a short passphrase, or both.
    """
    if recipients and passphrase_file:
        raise Invalid("A backup is encrypted for recipients or with a passphrase; choose one.")
    if passphrase_file:
        return Seal(passphrase=read_passphrase(passphrase_file))
    return Seal(recipients=tuple(_recipient(text) for text in recipients))


def read_passphrase(path: Path) -> str:
    """The passphrase in a file, without the newline at its end."""
    try:
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        raise Invalid(f"{path} can't be read; name the file with the passphrase.") from error
    if len(text) < MIN_PASSPHRASE:
        raise Invalid(f"A passphrase needs at least {MIN_PASSPHRASE} characters; choose another.")
    return text


@contextmanager
def sealed(target: BinaryIO, seal: Seal) -> Iterator[BinaryIO]:
    """A stream whose bytes end up in the target, encrypted where the seal says so."""
    if seal.recipients:
        import pyrage

        recipients = list(seal.recipients)
        with _writing_thread(lambda source: pyrage.encrypt_io(source, target, recipients)) as plain:
            yield plain
    elif seal.passphrase:
        import pyrage

        buffer = _Limited()
        yield buffer
        target.write(pyrage.passphrase.encrypt(buffer.getvalue(), seal.passphrase))
    else:
        yield target


@contextmanager
def unsealed(source: BinaryIO, *, identities: Path | None, passphrase: str) -> Iterator[BinaryIO]:
    """A stream with the plain bytes of a backup; Locked when what was given does not open it."""
    header = source.read(len(AGE_HEADER))
    source.seek(0)
    if header != AGE_HEADER:
        yield source
        return
    import pyrage

    if passphrase:
        yield _opened_with(source, passphrase)
    elif identities is not None:
        keys = read_identities(identities)
        with _reading_thread(lambda target: pyrage.decrypt_io(source, target, keys)) as plain:
            yield plain
    else:
        raise Locked(
            "The backup is encrypted; name the file with the key in --identity, or the one with"
            " the passphrase in --passphrase-file."
        )


def read_identities(path: Path) -> list[Any]:
    """The private keys in a file as `age-keygen` writes it; an SSH key works too."""
    import pyrage

    try:
        data = path.read_bytes()
        if data.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = (line.strip() for line in data.decode().splitlines())
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise Invalid(f"{path} holds no key of age that can be read; name another.") from error
    if not found:
        raise Invalid(f"{path} holds no key of age; name the file that `age-keygen` made.")
    return found


def _recipient(text: str) -> Any:
    import pyrage

    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Invalid(
            f"{text[:80]!r} is no public key of age; write one that starts with age1 or ssh-."
        ) from error


def _opened_with(source: BinaryIO, passphrase: str) -> BinaryIO:
    import pyrage

    data = source.read(MAX_WITH_PASSPHRASE * 2)
    try:
        return io.BytesIO(pyrage.passphrase.decrypt(data, passphrase))
    except pyrage.DecryptError as error:
        raise Locked(
            "The passphrase does not open this backup, or the file is damaged or cut off; try the"
            " right one, or another copy."
        ) from error


class _Limited(io.BytesIO):
    """A buffer that does not take the whole machine's memory."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > MAX_WITH_PASSPHRASE:
            raise Invalid(
                f"More than {MAX_WITH_PASSPHRASE // 1024**2} MB can't be encrypted with a"
                " passphrase; use --recipient with a key from `age-keygen`, or leave out the media."
            )
        return super().write(data)


class _Worker(threading.Thread):
    """A thread that keeps what it failed with, and closes its end of a pipe."""

    def __init__(self, work: Callable[[], object], end: BinaryIO | io.RawIOBase) -> None:
        super().__init__(name="age", daemon=True)
        self._work, self._end = work, end
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001  (raised again where the thread is joined)
            self.failure = error
        finally:
            with suppress(OSError):
                self._end.close()


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


@contextmanager
def _writing_thread(work: Callable[[BinaryIO], object]) -> Iterator[BinaryIO]:
    reader, writer = _pipe()
    worker = _Worker(lambda: work(reader), reader)
    worker.start()
    try:
        yield writer
    except BrokenPipeError:
        # The thread's own failure, raised below, says why.
        if not _join(worker, writer):
            raise
    finally:
        _join(worker, writer)
    if worker.failure:
        # The library wraps what the file said, such as that the disk is full.
        raise OSError(f"encryption failed: {worker.failure}") from worker.failure


def _join(worker: _Worker, end: BinaryIO) -> BaseException | None:
    with suppress(OSError):
        end.close()
    worker.join()
    return worker.failure


@contextmanager
def _reading_thread(work: Callable[[io.RawIOBase], object]) -> Iterator[BinaryIO]:
    reader, writer = _pipe()
    counted = _Counted(writer)
    worker = _Worker(lambda: work(counted), counted)
    worker.start()
    try:
        yield reader
    except Damaged as error:
        # A stream that ends too soon looks damaged; why it ended is what the thread knows.
        raise _reason(_join(worker, reader), counted.count) or error from error
    finally:
        failure = _join(worker, reader)
    if failure:
        raise Damaged("The backup is damaged or cut off; restore another copy.") from failure


def _reason(failure: BaseException | None, count: int) -> Exception | None:
    import pyrage

    if not isinstance(failure, pyrage.DecryptError) or count:
        return None
    return Locked(
        "The key in --identity does not open this backup; name the file with the right one."
    )


class _Counted(io.RawIOBase):
    """A writer that knows how much went through it."""

    def __init__(self, target: BinaryIO) -> None:
        self.count = 0
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.count += len(data)
        return self._target.write(data)

    def flush(self) -> None:
        if not self._target.closed:
            self._target.flush()

    def close(self) -> None:
        self._target.close()
        super().close()
