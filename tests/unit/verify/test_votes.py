"""The recount of votes, held against the plainest way of counting, and its fast reading of them."""

import random
from typing import Any

import pytest

from diurna.accounts.ledger_names import voter_name
from diurna.ledger import entry
from diurna.verify.findings import Contradiction
from diurna.verify.votes import Figures, Votes

ON = "article:6f1c1a5e-0000-4000-8000-000000000001"
OTHER = "article:6f1c1a5e-0000-4000-8000-000000000002"
NONE = Figures((0, 0, 0), (0, 0, 0))


def vote(voter: str = "ann", **fields: Any) -> bytes:
    """A vote in canonical form; up, counted, of a guest, unless said otherwise."""
    usual = {
        "on": ON,
        "voter": voter_name(voter.encode(), "names"),
        "n": 1,
        "value": 1,
        "counted": True,
        "class": "guest",
        "age": "<7d",
        "hour": "2026-11-22T16Z",
        "nonce": "a" * 64,
    }
    return entry.make("vote", **{**usual, **fields})


def count(*entries: bytes | None) -> Votes:
    """The votes of a log with these entries after its genesis; None for one of another type."""
    votes = Votes()
    for index, data in enumerate(entries, start=1):
        if data is not None and not votes.take_raw(index, data):
            votes.take(index, entry.read(data))
    return votes


def points(*entries: bytes | None) -> int:
    return count(*entries).figures(ON, len(entries) + 1).points


def test_each_voter_counts_once_and_by_class() -> None:
    votes = count(
        vote("ann"), vote("bo", value=-1), vote("cy", **{"class": "member"}), vote("di", on=OTHER)
    )
    assert votes.figures(ON, 5) == Figures((1, 1, 0), (1, 0, 0))
    assert votes.figures(ON, 5).of("guest") == (1, 1)
    assert votes.figures(ON, 5).of("robot") == (0, 0)
    assert votes.figures(OTHER, 5).points == 1
    assert votes.figures("article:unheard-of", 5) == NONE
    assert (votes.standing, votes.not_counted, list(votes.targets())) == (4, 0, [ON, OTHER])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_the_highest_number_stands_whatever_the_order(order: tuple[int, ...]) -> None:
    entries = [vote(n=1, value=1), vote(n=2, value=-1), vote(n=3, value=0)]
    assert points(*(entries[place] for place in order)) == 0
    assert points(*(entries[place] for place in order if place != 2)) == -1


def test_what_is_not_counted_adds_nothing_and_hides_the_vote_before() -> None:
    assert points(vote(n=1), vote(n=2, counted=False)) == 0
    assert count(vote(counted=False)).not_counted == 1
    assert count(vote(counted=False, value=0)).not_counted == 0


def test_a_moderator_takes_a_vote_out_and_in_again() -> None:
    out, back = entry.make("void", entry=1), entry.make("unvoid", entry=1)
    assert points(vote(), out) == 0
    assert points(vote(), out, back) == 1
    assert points(vote(), out, back, out) == 0
    assert points(vote(counted=False), back) == 1


def test_a_decision_about_an_older_vote_changes_nothing() -> None:
    assert points(vote(n=1), vote(n=2, value=-1), entry.make("void", entry=1)) == -1
    # An older vote never comes back.
    assert points(vote(n=1), vote(n=2), entry.make("void", entry=2)) == 0
    assert points(vote(n=2), vote(n=1), entry.make("void", entry=2)) == 1
    assert points(vote(n=2), vote(n=1), entry.make("void", entry=1)) == 0
    assert points(vote(n=1), entry.make("void", entry=1), vote(n=2)) == 1


@pytest.mark.parametrize("named", [2, 3, 4, 900])
def test_a_decision_about_what_is_no_vote_contradicts(named: int) -> None:
    with pytest.raises(Contradiction, match=f"Entry 3 of the log decides about entry {named}"):
        count(vote(), None, entry.make("void", entry=named), vote("bo"))


def test_a_vote_that_comes_twice_counts_once_and_the_first_stands() -> None:
    votes = count(vote(), vote(value=-1), vote("bo"))
    assert votes.figures(ON, 4).points == 2
    assert votes.repeated == 1


def test_the_same_name_on_two_targets_is_two_voters() -> None:
    votes = count(vote(), vote(on=OTHER, n=2, value=-1))
    assert (votes.figures(ON, 3).points, votes.figures(OTHER, 3).points) == (1, -1)


def test_any_log_at_any_size_counts_as_the_plainest_way_does() -> None:
    chance = random.Random(5)
    entries: list[bytes] = []
    for index in range(1, 200):
        if index > 10 and chance.random() < 0.15:
            kind = chance.choice(["void", "unvoid"])
            voted = [i for i, e in enumerate(entries, 1) if b'"t":"vote"' in e]
            entries.append(entry.make(kind, entry=chance.choice(voted)))
            continue
        fields: dict[str, Any] = {
            "on": chance.choice([ON, OTHER]),
            "n": chance.randint(1, 6),
            "value": chance.choice([-1, 0, 1]),
            "counted": chance.random() < 0.8,
            "class": chance.choice(["guest", "member", "federated"]),
        }
        entries.append(vote(f"v{chance.randrange(25)}", **fields))
    votes = count(*entries)
    for size in range(1, len(entries) + 2, 3):
        for on in (ON, OTHER):
            assert votes.figures(on, size) == plainly(entries[: size - 1], on), (size, on)
            about = sum(
                1 for index in range(size, len(entries) + 1) if target(entries, index) == on
            )
            assert votes.entries_since(on, size) == about


def target(entries: list[bytes], index: int) -> str:
    one = entry.read(entries[index - 1])
    return str(one["on"]) if one["t"] == "vote" else target(entries, one["entry"])


def plainly(entries: list[bytes], on: str) -> Figures:
    """The figures of a target by the words of the reference, one after the other."""
    read = [entry.read(data) for data in entries]
    decided = {one["entry"]: one["t"] == "unvoid" for one in read if one["t"] != "vote"}
    best: dict[str, tuple[int, dict[str, Any]]] = {}
    for index, one in enumerate(read, start=1):
        if one["t"] != "vote" or one["on"] != on:
            continue
        if one["voter"] not in best or best[one["voter"]][1]["n"] < one["n"]:
            best[one["voter"]] = index, one
    sums = {(kind, value): 0 for kind in ("guest", "member", "federated") for value in (1, 0, -1)}
    for index, one in best.values():
        if decided.get(index, one["counted"]):
            sums[one["class"], one["value"]] += 1
    up, down = (
        tuple(sums[kind, value] for kind in ("guest", "member", "federated")) for value in (1, -1)
    )
    return Figures(up, down)


def test_the_fast_reading_takes_every_vote_that_the_log_allows() -> None:
    for kind in ("guest", "member", "federated"):
        for age in ("<7d", "<90d", ">=90d"):
            for value in (-1, 0, 1):
                for n in (1, 10, entry.MAX_SAFE_INTEGER):
                    fields: dict[str, Any] = {"class": kind, "age": age, "value": value, "n": n}
                    data = vote(**fields)
                    assert Votes().take_raw(1, data)
    assert Votes().take_raw(1, vote(on=ON.replace("article", "comment"), counted=False))


def test_the_fast_reading_takes_nothing_that_the_log_does_not_allow() -> None:
    data = vote()
    for old, new in [
        (b'"n":1', b'"n":0'),
        (b'"n":1', b'"n":01'),
        (b'"n":1', b'"n":9007199254740992'),
        (b'"n":1', b'"n":1.0'),
        (b'"n":1', '"n":\u0661'.encode()),
        (b'"value":1', b'"value":2'),
        (b'"value":1', b'"value":-0'),
        (b'"v":1', b'"v":2'),
        (b"guest", b"robot"),
        (b"<7d", b"<8d"),
        (b"T16Z", b"T24Z"),
        (b"T16Z", b"T16:05Z"),
        (b"2026-11", b"2026-13"),
        (b"-0000-4000", b"-0000-400G"),
        (b"a" * 64, b"A" * 64),
        (b"a" * 64, b"a" * 63),
        (b"true", b"True"),
        (b"article:", b"person:"),
        (b"{", b"{ "),
        (b"}", b"}\n"),
        (b"}", b',"x":1}'),
    ]:
        wrong = data.replace(old, new, 1)
        assert wrong != data
        assert not Votes().take_raw(1, wrong), wrong
        with pytest.raises(entry.EntryError):
            entry.read(wrong)


def test_chance_changes_to_a_vote_are_read_alike_the_fast_and_the_long_way() -> None:
    chance = random.Random(7)
    data = vote()
    for _ in range(20_000):
        changed = bytearray(data)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        fast = Votes().take_raw(1, bytes(changed))
        try:
            entry.read(bytes(changed))
            allowed = True
        except entry.EntryError:
            allowed = False
        assert fast == allowed, bytes(changed)
