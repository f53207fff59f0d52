"""Finished pages in memory: kept, marked, dropped, and never from before a touch."""

import time
from pathlib import Path

import pytest

from diurna.delivery.store import (
    GRACE_SECONDS,
    KEY_BYTES,
    LIFETIME_SECONDS,
    OVERHEAD_BYTES,
    Page,
    Store,
    Ticket,
)
from diurna.delivery.touches import EVERYTHING_HASH, Touch, TouchRing, hash_of
from tests.factories.delivery import Clock

ROOM = 1_000_000


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> TouchRing:
    return TouchRing(tmp_path / "touches", records=64, now=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(ring: TouchRing, clock: Clock) -> Store:
    return Store(ring, limit=ROOM, now=clock)


def page(ticket: Ticket, *keys: str, body: bytes = b"page", lifetime: float = 600) -> Page:
    return Page(
        status="200 OK",
        headers=[],
        bodies={"": body},
        etag='"a"',
        keys=frozenset(map(hash_of, keys)),
        ticket=ticket,
        lifetime=lifetime,
    )


def touch(ring: TouchRing, key: str, *, soft: bool = False) -> None:
    ring.write([Touch(hash_of(key), soft=soft)])


def test_a_page_is_kept_until_one_of_its_keys_is_touched(store: Store, ring: TouchRing) -> None:
    assert store.put("/a/", page(store.ticket(), "article-1", "navigation"))
    assert store.put("/b/", page(store.ticket(), "article-2", "navigation"))
    touch(ring, "article-1")
    assert store.get("/a/") is None
    assert store.get("/b/") is not None
    touch(ring, "navigation")
    assert store.get("/b/") is None
    assert (store.pages, store.size) == (0, 0)


def test_a_soft_touch_leaves_it_for_the_grace_and_no_longer(
    store: Store, ring: TouchRing, clock: Clock
) -> None:
    store.put("/a/", page(store.ticket(), "tally-1"))
    clock.pass_by(5)
    touch(ring, "tally-1", soft=True)
    kept = store.get("/a/")
    assert kept is not None
    assert kept.stale_since == clock()
    clock.pass_by(GRACE_SECONDS / 2)
    # Another one does not prolong it.
    touch(ring, "tally-1", soft=True)
    clock.pass_by(GRACE_SECONDS / 2)
    assert store.get("/a/") is kept
    clock.pass_by(0.01)
    assert store.get("/a/") is None


def test_the_grace_begins_with_the_touch_and_not_when_somebody_looks(
    store: Store, ring: TouchRing, clock: Clock
) -> None:
    store.put("/a/", page(store.ticket(), "tally-1"))
    touch(ring, "tally-1", soft=True)
    clock.pass_by(GRACE_SECONDS + 0.01)
    assert store.get("/a/") is None


@pytest.mark.parametrize(("took", "waits"), [(0.01, 0.7), (0.1, 0.6), (0.5, 0.4)])
def test_it_is_drawn_again_in_time_for_the_end_of_its_grace(
    store: Store, ring: TouchRing, clock: Clock, took: float, waits: float
) -> None:
    drawn = page(store.ticket(), "tally-1")
    drawn.took = took
    store.put("/a/", drawn)
    assert not store.is_due(drawn)
    touch(ring, "tally-1", soft=True)
    assert store.get("/a/") is drawn
    clock.pass_by(waits - 0.01)
    assert not store.is_due(drawn)
    clock.pass_by(0.02)
    assert store.is_due(drawn)


def test_what_was_drawn_from_before_a_hard_touch_is_refused(store: Store, ring: TouchRing) -> None:
    before = store.ticket()
    touch(ring, "article-1")
    # A soft one after it does not cover it up.
    touch(ring, "article-1", soft=True)
    assert not store.put("/a/", page(before, "article-1"))
    assert store.was_touched(page(before, "article-1"), softly=False)
    assert store.put("/a/", page(before, "article-2"))
    assert store.put("/b/", page(store.ticket(), "article-1"))


def test_what_was_touched_softly_while_it_was_drawn_is_as_old_as_its_beginning(
    store: Store, ring: TouchRing, clock: Clock
) -> None:
    before = store.ticket()
    touch(ring, "tally-1", soft=True)
    clock.pass_by(0.25)
    drawn = page(before, "tally-1")
    assert not store.was_touched(drawn, softly=False)
    assert store.was_touched(drawn, softly=True)
    assert store.put("/a/", drawn)
    assert drawn.stale_since == before.at
    clock.pass_by(GRACE_SECONDS - 0.25)
    assert store.get("/a/") is drawn
    clock.pass_by(0.01)
    assert store.get("/a/") is None


def test_a_touch_that_is_no_longer_remembered_counts_for_all(store: Store, ring: TouchRing) -> None:
    before = store.ticket()
    ring.write([Touch(EVERYTHING_HASH, soft=False)])
    assert not store.put("/a/", page(before, "article-1"))
    for number in range(100):
        touch(ring, f"key-{number}")
    # The ring was overtaken: nobody knows what else was touched.
    assert not store.put("/a/", page(before, "article-2"))


def test_a_new_ring_makes_all_that_was_drawn_before_it_old(
    store: Store, ring: TouchRing, clock: Clock
) -> None:
    store.put("/a/", page(store.ticket(), "article-1"))
    before = store.ticket()
    ring.path.unlink()
    clock.pass_by(2)
    assert store.get("/a/") is None
    assert not store.put("/a/", page(before, "article-1"))
    assert store.put("/a/", page(store.ticket(), "article-1"))


def test_an_older_drawing_does_not_replace_a_newer_one(store: Store, ring: TouchRing) -> None:
    older = store.ticket()
    touch(ring, "something else")
    store.put("/a/", page(store.ticket(), "article-1", body=b"newer"))
    store.put("/a/", page(older, "article-1", body=b"older"))
    kept = store.get("/a/")
    assert kept is not None
    assert kept.bodies[""] == b"newer"


def test_each_page_has_its_time_and_at_last_the_common_one(store: Store, clock: Clock) -> None:
    store.put("/missing/", page(store.ticket(), "missing", lifetime=10))
    store.put("/a/", page(store.ticket(), "article-1", lifetime=LIFETIME_SECONDS))
    clock.pass_by(10)
    assert store.get("/missing/") is None
    assert store.get("/a/") is not None
    clock.pass_by(LIFETIME_SECONDS)
    assert store.get("/a/") is None


def test_room_is_made_by_what_was_not_used_for_longest(store: Store, clock: Clock) -> None:
    body = b"x" * (ROOM // 10 - OVERHEAD_BYTES - KEY_BYTES - 100)
    for number in range(10):
        store.put(f"/{number}/", page(store.ticket(), "k", body=body))
    clock.pass_by(2)
    assert store.get("/0/") is not None
    store.put("/new/", page(store.ticket(), "k", body=body))
    assert store.get("/1/") is None
    assert store.get("/0/") is not None
    assert store.size <= ROOM
    assert store.evicted.value() == 1


def test_a_page_that_would_push_out_all_others_is_not_kept(store: Store) -> None:
    assert not store.put("/a/", page(store.ticket(), "k", body=b"x" * (ROOM // 2)))


def test_nothing_is_served_while_others_cannot_be_heard(store: Store, ring: TouchRing) -> None:
    store.put("/a/", page(store.ticket(), "k"))
    ring.know(1)
    assert store.get("/a/") is None
    ring.know(time.monotonic_ns())
    assert store.get("/a/") is not None
    # The relay tells of everything before it knows again, should it have missed something.
    ring.write([Touch(EVERYTHING_HASH, soft=False)])
    assert store.get("/a/") is None
