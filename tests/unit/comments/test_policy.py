"""What becomes of a comment, decided from plain facts: each step alone, and their order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diurna.comments import policy
from diurna.comments.policy import (
    ACCOUNT_PER_HOUR,
    GUEST_PER_HOUR,
    NETWORK_PER_HOUR,
    WAITING_AT_MOST,
    Facts,
    Refusal,
    Step,
    Verdict,
    judge,
)
from diurna.comments.states import State

FINE = Facts(
    closed=None,
    is_edit=False,
    is_staff=False,
    is_member=False,
    is_account=False,
    is_known=True,
    length=20,
    longest=5000,
    is_empty=False,
    is_duplicate=False,
    sent_by_reader=0,
    sent_by_network=0,
    waiting=0,
    links=0,
    links_without_look=2,
    hold_newcomers=True,
    name="Ann",
    plain="a plain comment here",
    at=datetime(2026, 11, 22, 16, tzinfo=UTC),
)


@pytest.fixture
def own_steps() -> Iterator[None]:
    before = policy.steps()
    yield
    policy._steps[:] = before


def test_what_nobody_objects_to_is_published() -> None:
    assert judge(FINE) == Verdict("none", State.PUBLISHED)


@pytest.mark.parametrize("closed", [Refusal.OFF, Refusal.CLOSED, Refusal.MEMBERS])
def test_a_thread_that_is_closed_takes_nothing(closed: Refusal) -> None:
    assert judge(replace(FINE, closed=closed)) == Verdict("open", refusal=closed)


def test_a_slip_is_mended_after_the_thread_has_closed() -> None:
    assert judge(replace(FINE, closed=Refusal.CLOSED, is_edit=True)).refusal is None


def test_nothing_and_too_much_are_refused() -> None:
    assert judge(replace(FINE, is_empty=True)).refusal == Refusal.EMPTY
    assert judge(replace(FINE, length=5000)).refusal is None
    assert judge(replace(FINE, length=5001)).refusal == Refusal.TOO_LONG


def test_the_same_words_again_are_refused() -> None:
    assert judge(replace(FINE, is_duplicate=True)).refusal == Refusal.DUPLICATE


def test_guests_have_a_lower_rate_than_accounts() -> None:
    assert judge(replace(FINE, sent_by_reader=GUEST_PER_HOUR - 1)).refusal is None
    assert judge(replace(FINE, sent_by_reader=GUEST_PER_HOUR)).refusal == Refusal.RATE
    account = replace(FINE, is_account=True)
    assert judge(replace(account, sent_by_reader=ACCOUNT_PER_HOUR - 1)).refusal is None
    assert judge(replace(account, sent_by_reader=ACCOUNT_PER_HOUR)).refusal == Refusal.RATE


def test_a_busy_network_stops_strangers_only() -> None:
    busy = replace(FINE, sent_by_network=NETWORK_PER_HOUR)
    assert judge(replace(busy, is_known=False)).refusal == Refusal.NETWORK_RATE
    assert judge(busy).refusal is None


def test_a_flood_from_many_networks_does_not_bury_the_queue() -> None:
    flood = replace(FINE, waiting=WAITING_AT_MOST, is_known=False)
    assert judge(flood).refusal == Refusal.TOO_MANY_WAITING
    member = replace(flood, is_member=True, is_account=True)
    assert judge(member) == Verdict("newcomer", State.HELD)


def test_more_links_than_the_desk_allows_wait() -> None:
    assert judge(replace(FINE, links=2)).state == State.PUBLISHED
    assert judge(replace(FINE, links=3)) == Verdict("links", State.HELD)
    assert judge(replace(FINE, links=3, is_staff=True)).state == State.PUBLISHED


def test_a_first_comment_waits_unless_the_desk_says_otherwise() -> None:
    first = replace(FINE, is_known=False)
    assert judge(first) == Verdict("newcomer", State.HELD)
    assert judge(replace(first, hold_newcomers=False)).state == State.PUBLISHED
    assert judge(replace(first, is_staff=True)).state == State.PUBLISHED


def test_the_first_step_that_objects_decides() -> None:
    everything = replace(
        FINE, closed=Refusal.CLOSED, is_empty=True, is_duplicate=True, links=9, is_known=False
    )
    assert judge(everything).rule == "open"
    assert judge(replace(everything, closed=None)).rule == "length"
    assert judge(replace(everything, closed=None, is_empty=False)).rule == "duplicate"


@pytest.mark.usefixtures("own_steps")
def test_other_rooms_put_their_steps_where_they_belong() -> None:
    words = Verdict("banned", state=State.REMOVED)
    policy.register(
        Step(50, "banned", "No banned words.", lambda facts: words if "x" in facts.plain else None)
    )
    ours = ["open", "length", "duplicate", "rate", "banned", "links", "newcomer"]
    # Moderation has put its own between them.
    assert [step.id for step in policy.steps() if step.id in ours] == ours
    assert judge(replace(FINE, plain="x", links=9)) == words
    policy.register(Step(50, "banned", "Off.", lambda _facts: None))
    assert judge(replace(FINE, plain="x")).state == State.PUBLISHED


def test_every_step_says_what_it_does() -> None:
    assert all(step.explanation.endswith(".") for step in policy.steps())
