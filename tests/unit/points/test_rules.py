"""Which votes count."""

from datetime import timedelta
from itertools import product

import pytest

from diurna.points import rules
from diurna.points.models import Reason
from diurna.points.rules import Facts, age_class, reason_not_to_count


def facts(**known: object) -> Facts:
    nothing: dict[str, object] = {
        "value": 1,
        "is_member": False,
        "before": "",
        "crowded": False,
        "down_votes": 0,
        "in_burst": False,
    }
    return Facts(**{**nothing, **known})  # type: ignore[arg-type]  # a test's shorthand


def test_the_words_are_those_of_the_table() -> None:
    words = {rules.COUNTED, rules.NETWORK, rules.DOWN_VOTES, rules.BURST}
    # The others are a moderator's, and those of a log that was brought back.
    assert words | {Reason.MODERATOR, Reason.UNKNOWN} == set(Reason.values)


def test_a_vote_counts_where_no_rule_speaks() -> None:
    for value, is_member in product((1, -1, 0), (True, False)):
        assert reason_not_to_count(facts(value=value, is_member=is_member)) == rules.COUNTED


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"crowded": True}, rules.NETWORK),
        ({"crowded": True, "is_member": True}, rules.COUNTED),
        ({"crowded": True, "value": 0}, rules.COUNTED),
        ({"in_burst": True}, rules.BURST),
        ({"in_burst": True, "is_member": True}, rules.BURST),
        ({"in_burst": True, "crowded": True}, rules.BURST),
        ({"value": -1, "down_votes": 9}, rules.COUNTED),
        ({"value": -1, "down_votes": 10}, rules.DOWN_VOTES),
        ({"value": 1, "down_votes": 10}, rules.COUNTED),
    ],
)
def test_each_rule_speaks_where_it_should(known: dict[str, object], reason: str) -> None:
    assert reason_not_to_count(facts(**known)) == reason


@pytest.mark.parametrize("before", [one for one in Reason.values if one])
@pytest.mark.parametrize("value", [1, -1, 0])
def test_voting_again_never_lifts_a_reason(before: str, value: int) -> None:
    assert reason_not_to_count(facts(before=before, value=value)) == before


@pytest.mark.parametrize("before", [one for one in Reason.values if one])
def test_a_confirmed_address_lifts_the_reason_of_guests_alone(before: str) -> None:
    expected = rules.COUNTED if before == rules.NETWORK else before
    assert reason_not_to_count(facts(before=before, is_member=True)) == expected


@pytest.mark.parametrize(
    ("days", "word"), [(0, "<7d"), (6.99, "<7d"), (7, "<90d"), (89, "<90d"), (90, ">=90d")]
)
def test_an_age_is_told_in_three_steps(days: float, word: str) -> None:
    assert age_class(timedelta(days=days)) == word
