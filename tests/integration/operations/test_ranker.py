"""The ranker: lists that are asked for are made beside the request, by one process at a time."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from diurna.operations import ranking
from diurna.operations.ranking import Ranker
from diurna.points import ranked_demand, ranked_editions
from diurna.points.models import Edition
from diurna.points.ranked import Order, ranked
from diurna.points.ranked_editions import KEPT, PACE, List
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article

NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
HOT = List(Order.HOT)
PATIENCE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def _time(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_log()
        make_article("Crane", at=NOW - timedelta(hours=1))
        yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[List, float]]:
    """What was asked of a ranker that is on duty, and never comes to it."""
    found: list[tuple[List, float]] = []
    monkeypatch.setattr(ranked_demand, "is_on_duty", lambda: True)
    monkeypatch.setattr(ranked_demand, "ask", lambda which, wait=0.0: found.append((which, wait)))
    return found


def test_a_list_is_made_once_and_again_when_it_is_too_old() -> None:
    ranker = Ranker()
    ranker.rank(HOT)
    ranker.rank(HOT)
    (first,) = Edition.objects.all()
    assert first.at == NOW
    with time_machine.travel(NOW + PACE, tick=False):
        ranker.rank(HOT)
        # The same order: cursors stay good.
        assert Edition.objects.get().pk == first.pk
        assert Edition.objects.get().at == NOW + PACE
        make_article("Ferry", at=NOW)
    with time_machine.travel(NOW + 2 * PACE, tick=False):
        ranker.rank(HOT)
    assert [each.replaced_at is None for each in Edition.objects.order_by("pk")] == [False, True]


def test_who_waits_for_another_process_makes_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = []

    @contextmanager
    def elsewhere(_number: int, _file: str) -> Iterator[bool]:
        tries.append(1)
        yield False
        # The other process is ready with it.
        ranked_editions.renew(HOT, NOW)

    monkeypatch.setattr(ranking, "leadership", elsewhere)
    monkeypatch.setattr(ranking, "AGAIN_SECONDS", 0.001)
    Ranker().rank(HOT)
    assert len(tries) == 1
    assert Edition.objects.count() == 1


def test_a_reader_gets_the_old_edition_and_asks_for_a_new_one(
    asked: list[tuple[List, float]],
) -> None:
    old = ranked_editions.renew(HOT, NOW)
    make_article("Ferry", at=NOW)
    with time_machine.travel(NOW + PACE, tick=False):
        found = ranked(Order.HOT, count=5)
    assert found.at == old.at
    assert found.seconds == ranked_editions.SOON_SECONDS
    assert asked == [(HOT, 0.0)]


def test_nobody_stands_before_an_empty_list_where_the_ranker_is_slow(
    asked: list[tuple[List, float]],
) -> None:
    assert len(ranked(Order.HOT, count=5).entries) == 1
    assert asked == [(HOT, ranked_editions.PATIENCE_SECONDS)]


def test_a_list_that_fails_ends_neither_the_thread_nor_the_wait(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ranker = Ranker()

    def fail(_which: List) -> None:
        raise RuntimeError("The database is away.")

    monkeypatch.setattr(ranker, "rank", fail)
    with ranked_demand.on_duty(), caplog.at_level(logging.ERROR):
        ranked_demand.ask(HOT)
        assert ranked_demand.take(0.0) == HOT
        ranker._try(HOT)
        assert ranked_demand.take(0.0) is None
    assert "ranked-hot-site" in caplog.text


def test_who_asks_is_told_when_it_is_done() -> None:
    begun = threading.Event()

    def work() -> None:
        with ranked_demand.on_duty():
            begun.set()
            which = ranked_demand.take(PATIENCE_SECONDS)
            if which is not None:
                ranked_demand.done(which)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(PATIENCE_SECONDS)
    ranked_demand.ask(HOT, wait=PATIENCE_SECONDS)
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    # Nobody is there any more, so nobody is waited for.
    ranked_demand.ask(HOT, wait=PATIENCE_SECONDS)
    ranked_demand.done(HOT)


def test_editions_are_forgotten_an_hour_after_the_next_one() -> None:
    ranked_editions.renew(HOT, NOW)
    make_article("Ferry", at=NOW)
    ranked_editions.renew(HOT, NOW + PACE)
    assert ranked_editions.forget_old(NOW + KEPT) == 0
    assert ranked_editions.forget_old(NOW + KEPT + 2 * PACE) == 1
    # A list that nobody has read for a week.
    assert ranked_editions.forget_old(NOW + timedelta(days=8)) == 1
