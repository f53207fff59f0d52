"""The settler: what enters when, in which order, and that it is one transaction."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diurna.common.errors import Misconfigured
from diurna.ledger import consumers, entry, faults, keys, settler
from diurna.ledger.actions import append
from diurna.ledger.consumers import Consumer, Told
from diurna.ledger.models import Checkpoint, Entry, Log, PendingEntry, Tile
from diurna.ledger.reading import frontier, lag
from diurna.ledger.settler import FAULTS, Outpaced, settle, settle_all
from tests.factories.ledger import (
    FOUNDED,
    append_revisions,
    append_votes,
    make_log,
    revision,
    vote,
)
from tests.integration.ledger.reading_along import read_log

pytestmark = pytest.mark.django_db

A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with time_machine.travel(FOUNDED, tick=False):
        yield
    faults.set_hook(None)
    consumers._registry.consumers.pop("tally", None)
    keys.key_file().unlink(missing_ok=True)


def types() -> list[str]:
    return list(Entry.objects.values_list("type", flat=True))


def test_a_new_log_has_its_genesis_and_a_checkpoint(client: Client) -> None:
    log = make_log()
    assert (log.origin, log.size) == ("news.example/ledger", 1)
    [genesis] = read_log(client)
    assert entry.read(genesis) == {
        "t": "genesis",
        "v": 1,
        "site": "https://news.example",
        "at": "2026-11-22T12:00:00Z",
        "demo": False,
    }
    assert keys.key_file().stat().st_mode & 0o777 == 0o600


def test_revisions_enter_at_once_and_in_order(client: Client) -> None:
    make_log()
    append_revisions(3)
    assert settle() == 3
    assert read_log(client)[1:] == [revision(number) for number in range(3)]
    assert not PendingEntry.objects.exists()
    assert settle() == 0


def test_nothing_happens_before_the_log_is_founded() -> None:
    append_revisions(2)
    assert settle() == 0
    assert PendingEntry.objects.count() == 2
    make_log()
    assert settle() == 2
    assert types() == ["genesis", "revision", "revision"]


def test_votes_wait_for_each_other_and_enter_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    make_log()
    monkeypatch.setattr(settler, "_shuffle", list.reverse)
    append_votes(19)
    assert settle() == 0
    append_votes(1, first=19)
    assert settle() == 20
    data = [bytes(row) for row in Entry.objects.filter(type="vote").values_list("data", flat=True)]
    assert data == [vote(number) for number in reversed(range(20))]


def test_votes_that_stay_few_enter_after_five_minutes() -> None:
    make_log()
    append_votes(2)
    assert settle(FOUNDED + timedelta(minutes=4, seconds=59)) == 0
    assert settle(FOUNDED + timedelta(minutes=5)) == 2


def test_votes_do_not_enter_in_company_of_a_revision_before_their_time() -> None:
    make_log()
    append_votes(2)
    append_revisions(1)
    assert settle() == 1
    assert types() == ["genesis", "revision"]


def test_votes_on_comments_are_kept_back_until_their_hour_is_over() -> None:
    make_log()
    over = FOUNDED + timedelta(hours=1)
    append_votes(30, not_before=over)
    assert settle(over - timedelta(seconds=1)) == 0
    assert not lag(over).overdue
    assert settle(over) == 30


def test_a_large_backlog_goes_in_in_batches_and_the_log_is_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log()
    monkeypatch.setattr(settler, "BATCH", 100)
    append_revisions(530)
    assert settle_all() == 530
    assert len(read_log(client)) == 531
    assert Checkpoint.objects.count() == 7
    assert Tile.objects.count() == 2


def test_a_batch_reads_the_edge_only() -> None:
    make_log()
    append_revisions(10)
    # As in a process that has settled nothing yet.
    settler._edges.clear()
    with CaptureQueriesContext(connection) as small:
        settle()
    append_revisions(600, first=10)
    settle_all()
    append_revisions(10, first=610)
    settler._edges.clear()
    with CaptureQueriesContext(connection) as large:
        settle()
    # One more level has a partial tile now.
    assert len(large) <= len(small) + 1


def test_a_fact_is_told_once() -> None:
    append(revision(1), name="revision/1")
    with pytest.raises(IntegrityError), transaction.atomic():
        append(revision(1), name="revision/1")


def test_bytes_that_are_no_entry_are_not_taken() -> None:
    for data in (b"{}", b'{"t":"void","v":1,"entry":4}'):
        with pytest.raises(entry.EntryError):
            append(data)


class Tally:
    """A consumer that writes down what it is told."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.settled: list[tuple[int | None, bytes]] = []

    def register(self) -> None:
        consumers.register(
            Consumer(
                name="tally", types=frozenset({"vote"}), arrived=self.arrive, settled=self.settle
            )
        )

    def arrive(self, told: Sequence[Told]) -> None:
        assert connection.in_atomic_block
        self.arrived += [one.data for one in told]

    def settle(self, told: Sequence[Told]) -> None:
        assert connection.in_atomic_block
        self.settled += [(one.index, one.data) for one in told]


def test_consumers_are_told_at_once_and_again_with_the_index() -> None:
    tally = Tally()
    tally.register()
    make_log()
    append_revisions(1)
    append_votes(2)
    settle()
    assert tally.arrived == [vote(0), vote(1)]
    assert tally.settled == []
    settle()
    assert len(tally.arrived) == 2
    settle(FOUNDED + timedelta(minutes=5))
    assert sorted(tally.settled) == sorted(
        Entry.objects.filter(type="vote").values_list("index", "data")
    )
    assert len(tally.settled) == 2


def test_a_batch_goes_in_by_turns_in_its_own_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log()
    monkeypatch.setattr(settler, "TURN", 20)
    monkeypatch.setattr(settler, "_shuffle", list.reverse)
    append_revisions(5)
    append_votes(45)
    assert settle() == 50
    assert read_log(client)[1:] == [
        *(revision(number) for number in range(5)),
        # Shuffled as a whole, so that no turn says which came first.
        *(vote(number) for number in reversed(range(45))),
    ]
    sizes = [1, 18, 35, 51] if connection.vendor == "sqlite" else [1, 51]
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == sizes


def test_all_that_has_arrived_is_counted_by_turns_and_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tally = Tally()
    tally.register()
    make_log()
    monkeypatch.setattr(settler, "TURN", 7)
    append_votes(18)
    settler.count()
    assert tally.arrived == [vote(number) for number in range(18)]
    assert not PendingEntry.objects.filter(counted=False).exists()
    assert tally.settled == []


def test_who_ends_between_two_turns_leaves_a_whole_log_and_the_rest_waiting(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log()
    monkeypatch.setattr(settler, "TURN", 20)
    append_revisions(50)

    def fail(reached: str) -> None:
        if reached == "turned":
            raise RuntimeError(reached)

    faults.set_hook(fail)
    with pytest.raises(RuntimeError, match="turned"):
        settle()
    faults.set_hook(None)
    entered = 17 if connection.vendor == "sqlite" else 50
    assert read_log(client)[1:] == [revision(number) for number in range(entered)]
    assert PendingEntry.objects.count() == 50 - entered
    assert settle() == 50 - entered
    assert read_log(client)[1:] == [revision(number) for number in range(50)]


def test_what_another_settler_has_settled_meanwhile_enters_once(client: Client) -> None:
    log = make_log()
    append_revisions(4)
    settler.count()
    chosen = settler._choose(FOUNDED)
    assert settler._enter(log.pk, chosen[:3], FOUNDED) == 3
    assert settler._enter(log.pk, chosen, FOUNDED) == 1
    assert settler._enter(log.pk, chosen, FOUNDED) == 0
    assert read_log(client)[1:] == [revision(number) for number in range(4)]


def test_the_edge_that_is_kept_is_not_taken_for_that_of_a_log_that_has_grown_meanwhile(
    client: Client,
) -> None:
    make_log()
    append_revisions(2)
    settle()
    kept = dict(settler._edges)
    assert kept
    # In another process, which keeps its own.
    settler._edges.clear()
    append_revisions(2, first=2)
    settle()
    settler._edges.clear()
    settler._edges.update(kept)
    append_revisions(2, first=4)
    settle()
    log = Log.objects.get()
    assert frontier(log).root() == bytes(log.root)
    assert read_log(client)[1:] == [revision(number) for number in range(6)]


# What ends here has changed something: the turns before are in the log.
AFTER_A_TURN = frozenset({"turned", "committed"})


@pytest.mark.parametrize("place", [place for place in FAULTS if place not in AFTER_A_TURN])
def test_what_fails_on_the_way_changes_nothing_and_is_done_the_next_time(
    place: str, client: Client
) -> None:
    make_log()
    append_revisions(300)

    def fail(reached: str) -> None:
        if reached == place:
            raise RuntimeError(place)

    faults.set_hook(fail)
    with pytest.raises(RuntimeError, match=place):
        settle()
    assert len(read_log(client)) == 1
    assert PendingEntry.objects.count() == 300
    assert not Tile.objects.exists()
    faults.set_hook(None)
    assert settle() == 300
    assert read_log(client)[1:] == [revision(number) for number in range(300)]


def test_a_settler_that_was_outpaced_changes_nothing(client: Client) -> None:
    log = make_log()
    stale = Log.objects.get(pk=log.pk)
    append_revisions(1)
    settle()
    key = keys.load(log.verifier_key)
    batch = [settler.Waiting(type="revision", data=revision(9))]
    with pytest.raises((Outpaced, IntegrityError)), transaction.atomic():
        settler.integrate(stale, batch, key=key, at=FOUNDED)
    assert len(read_log(client)) == 2


def test_without_its_key_the_log_stands_still_and_says_why() -> None:
    make_log()
    keys.key_file().unlink()
    append_revisions(1)
    with pytest.raises(Misconfigured, match=r"signing key is not in .*keys/ledger"):
        settle()
    assert PendingEntry.objects.count() == 1


def test_a_key_file_of_another_log_is_not_written_over() -> None:
    keys.make("other.example/ledger")
    with pytest.raises(Misconfigured, match=r"holds the key of other\.example"):
        make_log()
    assert not Log.objects.exists()


@pytest.mark.parametrize(
    ("wait", "kept_back", "overdue"),
    [(10, False, False), (10.1, False, True), (70, True, False), (70.1, True, True)],
)
def test_an_entry_that_waits_longer_than_promised_is_overdue(
    wait: float, kept_back: bool, overdue: bool
) -> None:
    append_votes(1, not_before=FOUNDED + timedelta(hours=1) if kept_back else None)
    found = lag(FOUNDED + wait * A_MINUTE)
    assert (found.waiting, found.overdue) == (1, overdue)
    assert found.oldest_seconds == pytest.approx(wait * 60)


def test_the_lag_of_a_log_without_work_is_nothing() -> None:
    found: Any = lag(FOUNDED)
    assert (found.waiting, found.oldest_seconds, found.overdue) == (0, 0.0, False)
