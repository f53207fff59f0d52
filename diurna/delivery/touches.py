"""What was touched, told to every process of this machine through a little shared memory.

A ring of fixed records in a file below `DIURNA_HOME/run` that each process maps. Whoever commits a
change writes a record for each key and then raises the counter; a reader that has seen the counter
has seen the records below it. Looking whether anything is new is one read of eight bytes. A reader
that was overtaken by a whole ring knows that it was, and forgets everything that it keeps.

All words are eight bytes of this machine's own order, each written and read in one step:

    0 magic    1 records    2 begun    3 done    4 epoch    5 known    6 sent    7 unused
    then for each record: two words of the key's hash, and a word with its flags and moment

`begun` runs ahead of `done` while somebody writes: what lies less than a ring behind `begun` is
whole. The epoch is made with the file, so that a file that was put in its place is noticed. `known`
and `sent` belong to the relay between machines (`relay.py`), and are 0 where there is only one.
"""

import fcntl
import hashlib
import mmap
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

NAME: Final = "touches"
RECORDS: Final = 8192
# Touched by what changes more than a ring holds: an import, a restore.
EVERYTHING: Final = "everything"
_MAGIC: Final = int.from_bytes(b"Diurna 2", "little")
_WORD: Final = 8
_HEAD_WORDS: Final = 8
_RECORD_WORDS: Final = 3
_SOFT: Final = 1
_ELSEWHERE: Final = 2
_FLAG_BITS: Final = 2
_MICROSECONDS: Final = 1_000_000
_RECORDS, _BEGUN, _DONE, _EPOCH, _KNOWN, _SENT = 1, 2, 3, 4, 5, 6
# What other machines touched is known everywhere after this, or nothing that is kept may serve.
KNOWN_NS: Final = 1_000_000_000


class Touch(NamedTuple):
    """One key that was touched: the hash of its name, whether old pages may serve on for a moment,
    and whether another machine said so."""

    key: bytes
    soft: bool
    elsewhere: bool = False


class Overtaken(Exception):
    """More was touched than the ring holds since this reader looked last, or the ring is new."""


def hash_of(key: str) -> bytes:
    """How a key stands in the ring: 16 bytes of its BLAKE2b."""
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


EVERYTHING_HASH: Final = hash_of(EVERYTHING)


class TouchRing:
    """This process's view of the ring at `path`; the file is made if it is not there.

    Threads may share one. `OSError` where the file can be neither made nor mapped. `now` is a clock
    that all processes of the machine have in common.
    """

    def __init__(
        self, path: Path, *, records: int = RECORDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.path = path
        self._wanted = records
        self._now = now
        self._lock = threading.Lock()
        self._open()

    def _open(self) -> None:
        size = (_HEAD_WORDS + self._wanted * _RECORD_WORDS) * _WORD
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with self._alone():
            fresh = os.fstat(self._handle).st_size != size
            if fresh:
                os.ftruncate(self._handle, 0)
            # With blocks on the disk: mapped memory for which there are none kills a process.
            os.posix_fallocate(self._handle, 0, size)
            self._map = mmap.mmap(self._handle, size)
            self._words = memoryview(self._map).cast("Q")
            if fresh or self._words[0] != _MAGIC or self._words[_RECORDS] != self._wanted:
                self._words[0], self._words[_RECORDS] = _MAGIC, self._wanted
                self._words[_BEGUN] = self._words[_DONE] = self._words[_SENT] = 0
                self._words[_EPOCH] = secrets.randbits(63)
        status = os.fstat(self._handle)
        self._file = (status.st_dev, status.st_ino)

    @property
    def counter(self) -> int:
        """How many touches there were since the file was made."""
        return self._words[_DONE]

    @property
    def epoch(self) -> int:
        """Which ring this is: drawn at random when the file was made."""
        return self._words[_EPOCH]

    @property
    def suspended(self) -> bool:
        """Whether this machine can't know what others touched, so that nothing kept may serve."""
        known = self._words[_KNOWN]
        # The clock begins anew with the machine: what it said before is in the future then.
        return known != 0 and not 0 <= time.monotonic_ns() - known <= KNOWN_NS

    @property
    def known(self) -> int:
        """Until when all touches of other machines are here, by `monotonic_ns`; 0 without any."""
        return self._words[_KNOWN]

    def know(self, moment: int) -> None:
        """Say until when all touches of other machines are here; 0 where there are no others."""
        self._words[_KNOWN] = moment

    @property
    def sent(self) -> int:
        """Up to which touch the other machines were told."""
        return self._words[_SENT]

    def was_sent(self, counter: int) -> None:
        """Say up to which touch the other machines were told."""
        self._words[_SENT] = counter

    def write(self, touches: Iterable[Touch]) -> int:
        """Add touches, and the counter after them; every process that looks from now on sees them.

        More than the ring holds is written as one touch of everything.
        """
        told = list(touches)
        if len(told) > self._wanted // 2:
            elsewhere = all(touch.elsewhere for touch in told)
            told = [Touch(EVERYTHING_HASH, soft=False, elsewhere=elsewhere)]
        with self._lock:
            self._follow_file()
            with self._alone():
                first = self._words[_DONE]
                # Never back: who was killed while writing may have written over what lies there.
                self._words[_BEGUN] = max(self._words[_BEGUN], first + len(told))
                for number, touch in enumerate(told, first):
                    self._put(number, touch)
                self._words[_DONE] = first + len(told)
                return first + len(told)

    def since(self, seen: int) -> list[Touch]:
        """The touches after the first `seen`; `Overtaken` if some of them are gone."""
        return [touch for touch, _at in self.told_since(seen)]

    def told_since(self, seen: int) -> list[tuple[Touch, float]]:
        """The same with the moment of each, by the clock that was given."""
        done = self._words[_DONE]
        found = [self._get(number) for number in range(max(seen, done - self._wanted), done)]
        # Somebody who came round meanwhile may have written over what was being read.
        if seen > done or self._words[_BEGUN] - seen > self._wanted:
            raise Overtaken
        return found

    def follow(self) -> bool:
        """Whether the file was put away or replaced since it was mapped; then the new one is used.

        For readers, who look from time to time; whoever writes looks each time.
        """
        with self._lock:
            return self._follow_file()

    def close(self) -> None:
        """Let go of the file."""
        self._words.release()
        self._map.close()
        os.close(self._handle)

    def _follow_file(self) -> bool:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            status = None
        if status is not None and (status.st_dev, status.st_ino) == self._file:
            return False
        # The old map is left to those who are reading in it; it goes with the last of them.
        known, old = self.known, self._handle
        try:
            self._open()
        except OSError:
            self._handle = old
            raise
        os.close(old)
        # Still not alone: until the relay has found the new file, nothing is served from it.
        if not self.known:
            self.know(known)
        return True

    def _put(self, number: int, touch: Touch) -> None:
        at = _HEAD_WORDS + number % self._wanted * _RECORD_WORDS
        self._words[at] = int.from_bytes(touch.key[:_WORD], "little")
        self._words[at + 1] = int.from_bytes(touch.key[_WORD:], "little")
        flags = (touch.soft and _SOFT) | (touch.elsewhere and _ELSEWHERE)
        self._words[at + 2] = int(self._now() * _MICROSECONDS) << _FLAG_BITS | flags

    def _get(self, number: int) -> tuple[Touch, float]:
        at = _HEAD_WORDS + number % self._wanted * _RECORD_WORDS
        low, high, rest = self._words[at : at + _RECORD_WORDS].tolist()
        key = low.to_bytes(_WORD, "little") + high.to_bytes(_WORD, "little")
        touch = Touch(key, bool(rest & _SOFT), bool(rest & _ELSEWHERE))
        return touch, (rest >> _FLAG_BITS) / _MICROSECONDS

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
