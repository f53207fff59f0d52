"""What was touched, told from machine to machine through a stream in Valkey.

One thread of one process of each machine, whichever holds `run/relay.lock`, tells what its own
machine's processes wrote into the ring (`touches.py`) and writes into it what the others tell. So
every process of every machine hears of a touch in the way in which it hears of its own.

A machine that can't be sure that it has heard everything forgets everything: when it connects, also
again, when the stream has lost messages that it had not read, and when another machine's messages
have a gap. While it hears nothing at all, nothing that is kept is served: in every round the ring
is told until when all is known (`TouchRing.know`), and what is older than a second is not enough.

A message in the stream: `s`, who speaks (drawn at random by each `Conversation`'s owner), `n`, its
messages counted from 1, and `t`, for each touch 16 bytes of the key's hash and one that is 1 for a
soft touch. Commands: https://valkey.io/commands/ (XADD, XREAD, XRANGE).
"""

import atexit
import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from diurna.delivery.touches import EVERYTHING_HASH, Overtaken, Touch, TouchRing

logger = logging.getLogger(__name__)

STREAM: Final = "diurna:touches"
LOCK_NAME: Final = "relay.lock"
# Each machine sends at most one message in a round, so this is several minutes of a few machines.
MESSAGES: Final = 10_000
# How long one look at the stream waits; a touch of this machine waits as long until it is told.
ROUND_MS: Final = 50
# A Valkey that does not answer in this time is away. Together with a round it is less than the
# second after which the store stops by itself.
ANSWER_SECONDS: Final = 0.5
RETRY_SECONDS: Final = 0.2
STOP_SECONDS: Final = 2.0
# How often it is logged that messages were missed; all of them are counted.
NOTED_SECONDS: Final = 60.0
_AT_ONCE: Final = 100
# More keys than this in one round are told as everything.
_MOST_KEYS: Final = 2_000
_HASH_BYTES: Final = 16
_RECORD_BYTES: Final = _HASH_BYTES + 1
# Speakers whose count is remembered; one comes with each start of a machine's processes.
_MOST_SPEAKERS: Final = 1_000
_ALL: Final = Touch(EVERYTHING_HASH, soft=False, elsewhere=True)


class Missed(Exception):
    """Other machines said something that this one has not heard."""


@dataclass
class Figures:
    """What this process has relayed since it started; 0 where another process does it."""

    told: int = 0
    heard: int = 0
    missed: int = 0
    connections: int = 0
    away: str = field(default="")


figures = Figures()


class Conversation:
    """One connection's talk with the other machines; whoever begins one has forgotten everything.

    Raises `redis.RedisError` or `OSError` where Valkey does not answer, and `Missed`; after either
    it is over, and another is begun.
    """

    def __init__(self, client: redis.Redis, ring: TouchRing, speaker: "Speaker") -> None:
        self._client = client
        self._ring = ring
        self._speaker = speaker
        self._heard: dict[bytes, int] = {}
        ring.follow()
        unsaid = ring.counter
        # What could not be told meanwhile is told as everything.
        behind = ring.sent != unsaid
        self._last = self._say([Touch(EVERYTHING_HASH, soft=False)] if behind else [])
        ring.was_sent(unsaid)
        # In this order: what is said after our first message is heard, and all before is forgotten.
        ring.write([_ALL])

    def round(self) -> None:
        """Tell what was touched here, and hear what was touched elsewhere."""
        if self._ring.follow():
            raise Missed("the ring's file was replaced")
        self._tell()
        asked_at = time.monotonic_ns()
        if self._hear():
            self._ring.know(asked_at)

    def _tell(self) -> None:
        sent = self._ring.sent
        counter = self._ring.counter
        try:
            new = self._ring.since(sent)
        except Overtaken:
            self._say([Touch(EVERYTHING_HASH, soft=False)])
            self._ring.was_sent(counter)
            return
        own = _together(touch for touch in new if not touch.elsewhere)
        if own:
            self._say(own)
        if new:
            self._ring.was_sent(sent + len(new))

    def _say(self, touches: list[Touch]) -> tuple[int, int]:
        body = b"".join(touch.key + bytes([touch.soft]) for touch in touches)
        number = self._speaker.number + 1
        message = {"s": self._speaker.name, "n": number, "t": body}
        # Trimmed by whole nodes, which is cheaper: rather some more are kept than some fewer.
        said = self._client.xadd(STREAM, message, maxlen=MESSAGES, approximate=True)  # type: ignore[arg-type]
        self._speaker.number = number
        figures.told += len(touches)
        return _place(said)

    def _hear(self) -> bool:
        """Whether everything that was said so far has been heard."""
        with self._client.pipeline(transaction=False) as both:
            both.xread({STREAM: self._last_name()}, count=_AT_ONCE, block=ROUND_MS)
            both.xrange(STREAM, count=1)
            streams, first = both.execute()
        # Looked up after reading: if the oldest message is one that we had, none was lost between.
        if not first or _place(first[0][0]) > self._last:
            raise Missed("the stream was emptied, or ran past")
        messages = streams[0][1] if streams else []
        touches: list[Touch] = []
        for place, message in messages:
            try:
                touches += self._understood(message)
            except (KeyError, ValueError, IndexError) as error:
                raise Missed("another machine speaks as this version does not") from error
            self._last = _place(place)
        if touches:
            self._ring.write(touches)
            figures.heard += len(touches)
        return len(messages) < _AT_ONCE

    def _understood(self, message: dict[bytes, bytes]) -> list[Touch]:
        speaker, number, body = message[b"s"], int(message[b"n"]), message[b"t"]
        if speaker == self._speaker.name:
            return []
        if self._heard.get(speaker, number - 1) != number - 1:
            raise Missed("another machine's messages have a gap")
        if len(self._heard) >= _MOST_SPEAKERS:
            self._heard.clear()
        self._heard[speaker] = number
        return [
            Touch(body[at : at + _HASH_BYTES], body[at + _HASH_BYTES] == 1, elsewhere=True)
            for at in range(0, len(body), _RECORD_BYTES)
        ]

    def _last_name(self) -> str:
        return f"{self._last[0]}-{self._last[1]}"


class Speaker:
    """Who speaks for a machine: a name drawn at random, and how many messages it has sent."""

    def __init__(self) -> None:
        self.name = secrets.token_bytes(_HASH_BYTES)
        self.number = 0


class Relay:
    """The thread of this process that relays, as long as no other process of the machine does."""

    def __init__(self, ring: TouchRing, url: str) -> None:
        self._ring = ring
        self._url = url
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.leads = False
        self._noted_at = -NOTED_SECONDS

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Tell what is not yet told, and end the thread; waits two seconds at most."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        path = self._ring.path.with_name(LOCK_NAME)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not self._may_lead(handle):
                if self._stopping.wait(RETRY_SECONDS):
                    return
            self.leads = True
            self._lead()
        finally:
            self.leads = False
            # Closing the file gives the lock back.
            os.close(handle)

    def _may_lead(self, handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lead(self) -> None:
        speaker = Speaker()
        with client_of(self._url) as client:
            while True:
                try:
                    self._converse(Conversation(client, self._ring, speaker))
                except (redis.RedisError, OSError) as error:
                    _note_away(error)
                except Missed as missed:
                    self._note_missed(missed)
                except Exception:  # without this thread no page would be served from memory again
                    logger.exception("The relay could not go on; it tries again.")
                if self._stopping.wait(RETRY_SECONDS):
                    return

    def _note_missed(self, missed: Missed) -> None:
        figures.missed += 1
        now = time.monotonic()
        # It may be so in every round, while two versions run side by side.
        if now - self._noted_at > NOTED_SECONDS:
            self._noted_at = now
            logger.warning("All finished pages are drawn again: %s.", missed)

    def _converse(self, conversation: Conversation) -> None:
        figures.connections += 1
        if figures.away:
            logger.warning("Valkey answers again; kept pages are served again.")
        figures.away = ""
        while not self._stopping.is_set():
            conversation.round()
        conversation.round()


def client_of(url: str) -> redis.Redis:
    """A client that fails rather than waits, and leaves it to us to try again."""
    return redis.Redis.from_url(
        url,
        # What XREAD answers has another shape in the newer protocol.
        protocol=2,
        decode_responses=False,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


_relay: Relay | None = None
_starting = threading.Lock()


def start(path: Path, url: str) -> None:
    """Relay for the ring at `path` from now on, once in a process."""
    global _relay
    with _starting:
        if _relay is not None:
            return
        ring = TouchRing(path)
        if not ring.known:
            # There are others, and nothing is known of them yet.
            ring.know(1)
        _relay = Relay(ring, url)
        _relay.start()
        atexit.register(stop)


def stop() -> None:
    """Stop this process's relay, if one runs."""
    if _relay is not None:
        _relay.stop()


def _note_away(error: Exception) -> None:
    # The kind alone: the sentences of some errors hold the address with its password.
    kind = type(error).__name__
    if figures.away != kind:
        logger.warning("Valkey does not answer (%s), so no kept page is served meanwhile.", kind)
    figures.away = kind


def _together(touches: Iterable[Touch]) -> list[Touch]:
    """Each key once, hard if it was so once; everything where they are too many."""
    soft: dict[bytes, bool] = {}
    for touch in touches:
        soft[touch.key] = touch.soft and soft.get(touch.key, True)
    if len(soft) > _MOST_KEYS:
        return [Touch(EVERYTHING_HASH, soft=False)]
    return [Touch(key, is_soft) for key, is_soft in soft.items()]


def _place(name: Any) -> tuple[int, int]:
    """A message's id (bytes, whatever the client's types say), so that it can be compared."""
    moment, _, number = name.partition(b"-")
    return int(moment), int(number)
