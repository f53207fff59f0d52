"""Nearly all votes of an hour from one address: the rules about networks rest."""

from datetime import UTC, datetime, timedelta

import pytest

from diurna.accounts.network_keys import KEY_USED, began_at
from diurna.accounts.network_models import RestReason
from diurna.accounts.network_rests import network_rules_rest
from diurna.points import network_rest
from diurna.points.models import Cast, Tally, TargetKind, Vote, VoterClass
from diurna.points.network_rest import LEAST_VOTES, look_for_one_address

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROXY = -(2**63)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def stored(addresses: list[int | None], at: datetime | None = NOW - MINUTE) -> None:
    """Presses from these addresses, each of another guest on one article."""
    tally, _created = Tally.objects.get_or_create(
        kind=TargetKind.ARTICLE, uuid="6f1f0f0e-0000-4000-8000-000000000001"
    )
    before = Vote.objects.count()
    for number, address in enumerate(addresses, before):
        vote = Vote.objects.create(
            tally=tally,
            voter=f"{number:022}",
            n=1,
            value=1,
            voter_class=VoterClass.GUEST,
            hour=NOW,
        )
        Cast.objects.create(
            vote=vote,
            tally=tally,
            n=1,
            value=1,
            voter_class=VoterClass.GUEST,
            hour=NOW,
            nonce=bytes(32),
            leaf=bytes(32),
            at=at,
            network=address,
            address=address,
        )


@pytest.mark.parametrize(
    ("addresses", "rests"),
    [
        ([PROXY] * LEAST_VOTES, True),
        ([PROXY] * (LEAST_VOTES - 1), False),
        ([PROXY] * 46 + [1, 2, 3, 4], True),
        ([PROXY] * 45 + [1, 2, 3, 4, 5], False),
        ([PROXY] * 46 + [1, 1, 1, 1], True),
        ([None] * LEAST_VOTES, False),
        ([PROXY] * 45 + [None] * 5, False),
        (list(range(LEAST_VOTES)), False),
        ([], False),
    ],
)
def test_the_rules_rest_when_nearly_all_votes_come_from_one_address(
    addresses: list[int | None], rests: bool
) -> None:
    stored(addresses)
    assert look_for_one_address(NOW) is rests
    assert network_rules_rest(NOW) == (RestReason.ONE_ADDRESS if rests else None)


@pytest.mark.parametrize("at", [NOW - timedelta(hours=1, seconds=1), NOW + MINUTE, None])
def test_only_the_last_hour_tells(at: datetime | None) -> None:
    stored([PROXY] * LEAST_VOTES, at=at)
    assert not look_for_one_address(NOW)


def test_older_votes_of_others_do_not_hide_it() -> None:
    stored(list(range(LEAST_VOTES)), at=NOW - timedelta(hours=2))
    stored([PROXY] * LEAST_VOTES)
    assert look_for_one_address(NOW)


def test_under_a_new_key_the_count_begins_anew() -> None:
    change = began_at(NOW) + KEY_USED
    stored([PROXY] * LEAST_VOTES, at=change - MINUTE)
    assert look_for_one_address(change - MINUTE)
    assert not look_for_one_address(change)


def test_of_a_busy_hour_the_latest_votes_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_rest, "_MOST_VOTES", LEAST_VOTES)
    stored(list(range(LEAST_VOTES)))
    stored([PROXY] * LEAST_VOTES)
    assert look_for_one_address(NOW)
