"""The slots by which processes draw a page once between them, and what can be wrong with one."""

import errno
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from diurna.delivery import flights, slots
from diurna.delivery.drawing import Drawn
from diurna.delivery.flights import FOLDER, Flight, Flights
from diurna.delivery.slots import Slots
from diurna.delivery.store import Page, Store, Ticket
from diurna.delivery.touches import Touch, TouchRing, hash_of
from tests.factories.delivery import ask, page_store

# How long what is sure to come may take, however busy the machine is.
PATIENCE_SECONDS = 60.0
KEYS = frozenset({hash_of("article-1")})
BEFORE, AFTER = b"before my vote", b"with my vote"


@pytest.fixture(autouse=True)
def _a_moment_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was drawn a moment ago is still that when the machine gets on with the test."""
    monkeypatch.setattr(slots, "FRESH_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(flights, "_YOUNG_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(slots, "PATIENCE_SECONDS", PATIENCE_SECONDS)


def page(ticket: Ticket, body: bytes) -> Page:
    headers = [("Content-Type", "text/html")]
    return Page("200 OK", headers, {"": body}, '"e"', KEYS, ticket)


def process(folder: Path) -> Flights:
    """What another process would have: a store and flights of its own, on the same ring."""
    store = Store(TouchRing(folder / "touches"), limit=10**7, now=time.monotonic)
    return Flights(store, folder / FOLDER)


def body_of(drawn: Drawn) -> bytes:
    assert drawn.page is not None
    return drawn.page.bodies[""]


def only_slot(folder: Path) -> Path:
    (slot,) = (folder / FOLDER).iterdir()
    return slot


def plain(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html"), ("Surrogate-Key", "article-1")])
    return [environ["PATH_INFO"].encode()]


def test_a_page_is_taken_from_who_drew_it_a_moment_ago(tmp_path: Path) -> None:
    first, second = process(tmp_path), process(tmp_path)
    assert body_of(first.fly("a", lambda ticket: Drawn(page(ticket, b"one"), True))) == b"one"
    assert body_of(second.fly("a", lambda ticket: Drawn(page(ticket, b"two"), True))) == b"one"
    assert body_of(second.fly("b", lambda ticket: Drawn(page(ticket, b"two"), True))) == b"two"


def test_who_has_just_written_waits_for_what_was_drawn_after_it(tmp_path: Path) -> None:
    first, second = process(tmp_path), process(tmp_path)
    first.fly("a", lambda ticket: Drawn(page(ticket, BEFORE), True))
    TouchRing(tmp_path / "touches").write([Touch(hash_of("article-1"), soft=True)])
    got: dict[str, bytes] = {}

    def fly(who: str, *, exact: bool) -> None:
        drawn = second.fly("a", lambda ticket: Drawn(page(ticket, AFTER), True), exact=exact)
        got[who] = body_of(drawn)

    with Slots(tmp_path / FOLDER).turn("a"):
        # Another reader leads, and will take what lies in the slot.
        leading = threading.Thread(target=fly, args=["another"], kwargs={"exact": False})
        leading.start()
        while not second.is_flying("a"):
            time.sleep(0.001)
        writer = threading.Thread(target=fly, args=["writer"], kwargs={"exact": True})
        writer.start()
        time.sleep(0.05)
    leading.join()
    writer.join()
    assert got == {"another": BEFORE, "writer": AFTER}


@pytest.mark.parametrize("keep", [0, 10, 60, 200])
def test_a_slot_that_was_torn_is_drawn_over(tmp_path: Path, keep: int) -> None:
    site = page_store(plain, tmp_path)
    assert ask(site, "/a/").body == b"/a/"
    slot = only_slot(tmp_path)
    data = slot.read_bytes()
    slot.write_bytes(data[:keep] + b"\0" * (len(data) - keep))
    for _ in range(2):
        site.store.forget_all()
        assert ask(site, "/a/").body == b"/a/"


def test_a_body_that_was_torn_is_not_sent(tmp_path: Path) -> None:
    site, other = page_store(plain, tmp_path), page_store(plain, tmp_path)
    ask(site, "/a/")
    slot = only_slot(tmp_path)
    slot.write_bytes(slot.read_bytes()[:-1] + b"?")
    assert ask(other, "/a/").body == b"/a/"


def test_a_full_disk_costs_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    site = page_store(plain, tmp_path)
    monkeypatch.setattr(os, "pwrite", full)
    assert ask(site, "/a/").body == b"/a/"
    monkeypatch.setattr(os, "open", full)
    assert ask(site, "/b/").body == b"/b/"


def test_a_slow_page_holds_up_no_other_in_its_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "SLOTS", 1)
    begun, go_on = threading.Event(), threading.Event()

    def sometimes_slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow/":
            begun.set()
            assert go_on.wait(30)
        return plain(environ, start)

    site = page_store(sometimes_slow, tmp_path)
    slow = threading.Thread(target=ask, args=[site, "/slow/"])
    slow.start()
    begun.wait(30)
    # It would wait for ten seconds, and the slow one for this.
    assert ask(site, "/a/").body == b"/a/"
    assert slow.is_alive()
    go_on.set()
    slow.join()


def test_when_drawing_fails_all_who_wait_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    asked = threading.Semaphore(0)
    all_asked = threading.Event()

    def fail(_ticket: Ticket) -> Drawn:
        drawn.append("once more")
        assert all_asked.wait(PATIENCE_SECONDS)
        raise ValueError("as it was asked to")

    here = process(tmp_path)
    join = here._join

    def joined(name: str) -> tuple[Flight, bool]:
        found = join(name)
        asked.release()
        return found

    monkeypatch.setattr(here, "_join", joined)
    told: list[str] = []

    def ask_for_it() -> None:
        try:
            here.fly("a", fail)
        except ValueError as error:
            told.append(str(error))

    readers = [threading.Thread(target=ask_for_it) for _ in range(8)]
    for reader in readers:
        reader.start()
    for _reader in readers:
        assert asked.acquire(timeout=PATIENCE_SECONDS)
    all_asked.set()
    for reader in readers:
        reader.join()
    assert told == ["as it was asked to"] * 8
    assert len(drawn) == 1


def test_the_rings_file_has_its_blocks_from_the_beginning(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches")
    status = ring.path.stat()
    assert status.st_blocks * 512 >= status.st_size
