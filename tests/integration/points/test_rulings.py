"""Moderators' decisions about votes: entries of the log, at once or when the vote has its index."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from diurna.common.errors import Invalid
from diurna.ledger import consumers, entry
from diurna.ledger.days import write_days
from diurna.ledger.models import Entry, PendingEntry
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article
from diurna.points import day_figures, tallies
from diurna.points.models import Reason, Ruling, Tally, Vote
from diurna.points.rulings import rule_votes
from tests.factories.accounts import make_person
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts, make_guest, make_member, press

pytestmark = pytest.mark.django_db

LATER = FOUNDED + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(FOUNDED, tick=False):
        make_log()
        yield


@pytest.fixture
def article() -> Article:
    return make_article(at=FOUNDED)


def points() -> tuple[int, int]:
    tally = Tally.objects.get()
    return tally.points, tally.logged_points


def decisions() -> list[dict[str, Any]]:
    rows = Entry.objects.filter(type__in=("void", "unvoid")).order_by("index")
    return [entry.read(bytes(row.data)) for row in rows]


def rule(counts: bool, *votes: Vote) -> int:
    chosen = votes or tuple(Vote.objects.all())
    return rule_votes(
        votes=[vote.pk for vote in chosen],
        counts=counts,
        reason="same_hand",
        actor=None,
    )


def test_a_vote_in_the_log_is_taken_out_and_counted_again(article: Article) -> None:
    press(article)
    settle_all(LATER)
    assert rule(False) == 1
    settle_all(LATER)
    assert points() == (0, 0)
    assert rule(True) == 1
    settle_all(LATER)
    assert points() == (1, 1)
    index = Vote.objects.get().logged_index
    assert [(one["t"], one["entry"]) for one in decisions()] == [("void", index), ("unvoid", index)]
    check_counts()


def test_a_vote_that_waits_is_decided_about_when_it_has_its_index(article: Article) -> None:
    press(article)
    assert rule(False) == 1
    assert not PendingEntry.objects.filter(type="void").exists()
    assert not Ruling.objects.get().entry_made
    settle_all(LATER)
    assert points() == (0, 0)
    assert Ruling.objects.get().entry_made
    assert [one["entry"] for one in decisions()] == [Vote.objects.get().logged_index]
    check_counts()


def test_of_two_decisions_about_a_vote_that_waits_the_later_holds(article: Article) -> None:
    press(article)
    rule(False)
    rule(True)
    settle_all(LATER)
    assert points() == (1, 1)
    assert decisions() == []
    assert not Ruling.objects.filter(entry_made=False).exists()


def test_voting_again_never_lifts_it(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    settle_all(LATER)
    rule(False)
    for value in (-1, 0, 1):
        assert press(article, value, by=reader).reason == Reason.MODERATOR
    settle_all(LATER)
    assert points() == (0, 0)
    check_counts()


def test_a_press_between_decision_and_log_needs_no_further_entry(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    rule(False)
    press(article, -1, by=reader)
    settle_all(LATER)
    assert points() == (0, 0)
    assert decisions() == []
    assert not Ruling.objects.filter(entry_made=False).exists()
    check_counts()


def test_a_decision_that_changes_nothing_writes_nothing(article: Article) -> None:
    press(article)
    settle_all(LATER)
    assert rule(True) == 0
    rule(False)
    assert rule(False) == 0
    assert Ruling.objects.count() == 1


def test_a_vote_that_a_rule_left_out_stays_out_even_for_a_member(article: Article) -> None:
    user = make_person()
    press(article, 1, by=make_member(user))
    Vote.objects.update(reason=Reason.NETWORK)
    assert rule(False) == 0
    assert Vote.objects.get().reason == Reason.MODERATOR
    assert press(article, -1, by=make_member(user)).reason == Reason.MODERATOR


def test_many_votes_are_decided_about_together(article: Article) -> None:
    for number in range(25):
        press(article, 1 if number % 5 else -1)
        if number == 19:
            settle_all(FOUNDED)
    assert rule(False) == 25
    settle_all(LATER)
    assert points() == (0, 0)
    assert len(decisions()) == 25
    check_counts()


@pytest.mark.parametrize("reason", ["", "Because I say so", "x" * 33, "naïve"])
def test_a_reason_is_a_word(article: Article, reason: str) -> None:
    press(article)
    with pytest.raises(Invalid):
        rule_votes(votes=[Vote.objects.get().pk], counts=False, reason=reason, actor=None)
    assert not Ruling.objects.exists()


def test_the_day_tells_the_votes_left_out_by_reason_and_the_guests(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    press(article, -1, by=reader)
    press(article, 1, by=make_member(make_person()))
    press(article)
    rule(False, *Vote.objects.filter(voter_class="guest"))
    press(article, 1, by=reader)
    told = day_figures.figures(date(2026, 11, 22))
    assert told == {"guests": 2, "not_counted": {"moderator": 1}, "voided": {"same_hand": 2}}
    assert day_figures.figures(date(2026, 11, 21)) == {
        "guests": 0,
        "not_counted": {},
        "voided": {},
    }
    write_days(datetime(2026, 11, 23, 0, 5, tzinfo=UTC))
    row = PendingEntry.objects.get(type="day")
    assert told.items() <= entry.read(bytes(row.data)).items()


def test_a_guest_who_is_gone_stays_in_the_figure_of_the_day(article: Article) -> None:
    press(article)
    press(article)
    Vote.objects.filter(pk=Vote.objects.earliest("pk").pk).update(guest=None)
    assert day_figures.figures(date(2026, 11, 22))["guests"] == 2
