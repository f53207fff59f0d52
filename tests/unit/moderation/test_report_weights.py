"""What reports weigh: the arithmetic, and where it tips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.comments.states import Actor, State
from diurna.moderation.models import ReportOutcome
from diurna.moderation.report_outcomes import outcome_of
from diurna.moderation.report_weights import hide, share_upheld, weight_of

NETWORKS = (1, 2, 3)


def test_eight_members_or_sixteen_guests_of_whom_nothing_is_known_weigh_eight() -> None:
    assert weight_of(is_member=True, upheld=0, decided=0) == 1.0
    assert weight_of(is_member=False, upheld=0, decided=0) == 0.5


@pytest.mark.parametrize(
    ("upheld", "decided", "share"),
    [(0, 1, 2 / 3), (1, 1, 1.0), (0, 2, 0.5), (1, 2, 0.75), (5, 10, 7 / 12), (0, 14, 0.125)],
)
def test_the_share_is_smoothed_as_if_two_had_been_upheld(
    upheld: int, decided: int, share: float
) -> None:
    assert share_upheld(upheld=upheld, decided=decided) == pytest.approx(share)


@pytest.mark.parametrize(("upheld", "decided"), [(2, 1), (-1, 0), (0, -1)])
def test_no_more_can_be_upheld_than_were_decided(upheld: int, decided: int) -> None:
    with pytest.raises(ValueError, match="none to all"):
        share_upheld(upheld=upheld, decided=decided)


@given(decided=st.integers(0, 10_000), upheld=st.integers(0, 10_000), is_member=st.booleans())
def test_a_weight_is_never_nothing_and_never_more_than_one(
    decided: int, upheld: int, is_member: bool
) -> None:
    weight = weight_of(is_member=is_member, upheld=min(upheld, decided), decided=decided)
    assert 0.0 < weight <= (1.0 if is_member else 0.5)


@given(decided=st.integers(0, 500), upheld=st.integers(0, 500))
def test_one_more_wrong_report_weighs_less_and_one_more_right_one_not_less(
    decided: int, upheld: int
) -> None:
    upheld = min(upheld, decided)
    now = share_upheld(upheld=upheld, decided=decided)
    assert share_upheld(upheld=upheld, decided=decided + 1) < now
    assert share_upheld(upheld=upheld + 1, decided=decided + 1) >= now


def test_weight_eight_from_three_networks_hides_and_anything_less_does_not() -> None:
    eight = [(1.0, NETWORKS[number % 3]) for number in range(8)]
    assert hide(eight, at_weight=8, from_networks=3)
    assert not hide(eight[:7], at_weight=8, from_networks=3)
    assert not hide([*eight[:7], (0.999, 3)], at_weight=8, from_networks=3)


def test_a_hundred_reports_from_two_networks_do_not_hide() -> None:
    many = [(1.0, number % 2) for number in range(100)]
    assert not hide(many, at_weight=8, from_networks=3)


def test_a_network_that_is_not_known_is_no_third_one() -> None:
    reports: list[tuple[float, int | None]] = [(1.0, None)] * 20
    assert not hide([*reports, (1.0, 1), (1.0, 2)], at_weight=8, from_networks=3)
    assert hide([*reports, (0.1, 1), (0.1, 2), (0.1, 3)], at_weight=8, from_networks=3)


def test_thirds_add_up_to_eight() -> None:
    # A third is no binary fraction: 12 × ⅔.
    reports = [(weight_of(is_member=True, upheld=0, decided=1), number % 3) for number in range(12)]
    assert hide(reports, at_weight=8, from_networks=3)
    assert not hide(reports[:11], at_weight=8, from_networks=3)


@pytest.mark.parametrize(
    ("after", "actor", "outcome"),
    [
        (State.REMOVED, Actor.MODERATOR, ReportOutcome.UPHELD),
        (State.HIDDEN, Actor.MODERATOR, ReportOutcome.UPHELD),
        (State.SPAM, Actor.MODERATOR, ReportOutcome.UPHELD),
        (State.UPHELD, Actor.MODERATOR, ReportOutcome.UPHELD),
        (State.PUBLISHED, Actor.MODERATOR, ReportOutcome.REJECTED),
        (State.REMOVED, Actor.POLICY, ReportOutcome.UPHELD),
        (State.HIDDEN, Actor.POLICY, None),
        (State.HELD, Actor.POLICY, None),
        (State.APPEALED, Actor.AUTHOR, None),
        (State.DELETED, Actor.AUTHOR, ReportOutcome.MOOT),
    ],
)
def test_what_a_move_says_of_open_reports(
    after: State, actor: Actor, outcome: ReportOutcome | None
) -> None:
    assert outcome_of(after=after, actor=actor) == outcome
