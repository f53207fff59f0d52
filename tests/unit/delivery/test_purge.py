"""When a CDN is told to forget: at once, twice, again after a failure, and never for ever."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from diurna.delivery import cdn_calls, purge
from diurna.delivery.caching import Cdn
from diurna.delivery.cdn_calls import PurgeFailed
from diurna.delivery.purge import AGAIN_SECONDS, MOST_KEYS, Purger
from diurna.delivery.touches import EVERYTHING
from tests.factories.cdn_stub import cdn_stub

LIFETIME = 20.0


class Told:
    """A CDN that notes what it is told; the next `fails` times it does not do it."""

    def __init__(self) -> None:
        self.keys: list[set[str] | None] = []
        self.fails = 0
        self.now = 1000.0

    def forget(self, keys: frozenset[str] | None) -> None:
        if self.fails:
            self.fails -= 1
            raise PurgeFailed("cdn.example answered with status 503.")
        self.keys.append(None if keys is None else set(keys))

    def purger(self) -> Purger:
        return Purger(self.forget, lifetime=LIFETIME, now=lambda: self.now)


@pytest.fixture(autouse=True)
def own_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "figures", purge.Figures())


def test_what_is_asked_together_is_told_at_once_and_together() -> None:
    told = Told()
    purger = told.purger()
    purger.hard(["article-1", "front"])
    purger.hard(["front", "section-2"])
    assert purger.waiting() == 0.0
    purger.work()
    assert told.keys == [{"article-1", "front", "section-2"}]


def test_everything_is_told_a_second_time_for_the_page_that_was_on_its_way() -> None:
    told = Told()
    purger = told.purger()
    purger.hard(["front"])
    purger.work()
    purger.work()
    assert len(told.keys) == 1
    assert purger.waiting() == AGAIN_SECONDS
    told.now += AGAIN_SECONDS
    purger.work()
    assert told.keys == [{"front"}, {"front"}]
    assert purger.waiting() is None


def test_nothing_to_forget_is_not_asked() -> None:
    told = Told()
    purger = told.purger()
    purger.hard([])
    purger.work()
    assert (told.keys, purger.waiting()) == ([], None)


@pytest.mark.parametrize(
    "keys", [None, [EVERYTHING], [f"article-{number}" for number in range(MOST_KEYS + 1)]]
)
def test_a_great_deal_is_told_as_everything(keys: list[str] | None) -> None:
    told = Told()
    purger = told.purger()
    purger.hard(keys)
    purger.hard(["front"])
    purger.work()
    assert told.keys == [None]


def test_a_failure_is_tried_again_later_and_later_with_what_came_meanwhile() -> None:
    told = Told()
    told.fails = 2
    purger = told.purger()
    purger.hard(["article-1"])
    purger.work()
    assert purger.waiting() == 1.0
    told.now += 1.0
    purger.work()
    assert purger.waiting() == 2.0
    told.now += 2.0
    purger.hard(["article-2"])
    purger.work()
    assert told.keys == [{"article-1", "article-2"}]
    assert (purge.figures.failed, purge.figures.failure) == (2, "")


def test_it_is_given_up_when_the_cdn_can_hold_nothing_so_old() -> None:
    told = Told()
    told.fails = 1000
    purger = told.purger()
    purger.hard(["article-1"])
    started = told.now
    while (wait := purger.waiting()) is not None:
        told.now += wait
        purger.work()
    assert LIFETIME < told.now - started < 2 * LIFETIME
    assert (told.keys, purge.figures.given_up) == ([], 1)


def test_while_nobody_answers_what_waits_is_put_together() -> None:
    told = Told()
    told.fails = 1000
    purger = told.purger()
    for number in range(50):
        purger.hard([f"article-{number}"])
        purger.work()
        told.now += 0.1
    # As many as come in the second before the first is tried again.
    assert len(purger._orders) <= 11
    told.fails = 0
    told.now += 10
    purger.work()
    assert told.keys == [{f"article-{number}" for number in range(50)}]


def test_whatever_goes_wrong_it_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    def broken(keys: frozenset[str] | None) -> None:
        raise KeyError("surprise")

    purger = Purger(broken, lifetime=LIFETIME)
    purger.hard(["front"])
    purger.work()
    assert purger.waiting()
    assert "could not be told" in caplog.text


def test_the_same_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    told.fails = 3
    purger = told.purger()
    purger.hard(["article-1"])
    for _ in range(3):
        purger.work()
        told.now += 60.0 if told.fails == 0 else 4.0
    assert [record.message for record in caplog.records] == [
        "The CDN of DELIVERY_CDN could not be told to forget pages: cdn.example answered with"
        " status 503. It is tried again for as long as it may hold one."
    ]


@pytest.fixture
def no_purger(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(purge, "_purger", None)
    # A busy machine is not taken for a CDN that is away.
    monkeypatch.setattr(purge, "STOP_SECONDS", 60)
    monkeypatch.setattr(cdn_calls, "CALL_SECONDS", 30)
    yield
    if purge._purger is not None:
        purge._purger.stop()


def test_a_touch_reaches_the_cdn_of_the_settings(no_purger: None) -> None:
    with cdn_stub() as stub:
        cdn = Cdn(kind="varnish", host=stub.host, port=stub.port)
        with override_settings(DIURNA_DELIVERY_CDN=cdn):
            purge.hard(["article-1"])
        assert purge._purger is not None
        # Stopping tells what waits, as at the end of a command.
        purge._purger.stop()
        assert [call.headers["surrogate-key"] for call in stub.calls] == ["article-1"]


@override_settings(DIURNA_DELIVERY_CDN=None)
def test_without_a_cdn_nobody_is_told(no_purger: None) -> None:
    purge.hard(["article-1"])
    assert purge._purger is None


def test_the_thread_tells_without_being_asked_to_work() -> None:
    arrived = threading.Event()
    forget: Callable[[frozenset[str] | None], None] = lambda keys: arrived.set()  # noqa: E731
    purger = Purger(forget, lifetime=LIFETIME)
    purger.start()
    try:
        purger.hard(["front"])
        assert arrived.wait(30)
    finally:
        purger.stop()
