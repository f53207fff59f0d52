"""Bursts: found while they happen, held for a moderator, decided about at the desk."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diurna.accounts import network_rests
from diurna.accounts.network_models import NetworkRest, RestReason
from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting
from diurna.ledger import consumers
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article
from diurna.points import bursts, tallies
from diurna.points.burst_decisions import decide_burst, undo_burst
from diurna.points.bursts import LEAST_VOTES, Watch
from diurna.points.models import Burst, Cast, Mark, PointsSettings, Reason, Tally, Vote
from diurna.points.models.burst import BurstState
from diurna.points.rulings import rule_votes
from diurna.points.traces import forget_traces
from tests.factories.accounts import enrol, make_person
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts, make_guest, press

pytestmark = pytest.mark.django_db

LATER = FOUNDED + timedelta(minutes=20)
NOW = FOUNDED + timedelta(minutes=5)
OFFICE, OTHER_SITE = 4711, 815


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    network_rests.forget_what_was_seen()
    with time_machine.travel(FOUNDED, tick=False):
        make_log()
        # The rule about networks would leave out the eleventh guest by itself.
        PointsSettings.objects.create(network_limit=1000)
        yield


@pytest.fixture
def article() -> Article:
    return make_article(at=FOUNDED)


def come(
    article: Article, count: int, *, network: int | None = OFFICE, referrer: int | None = None
) -> None:
    """So many guests vote, one every second."""
    for number in range(count):
        at = FOUNDED + timedelta(seconds=60 + number)
        press(article, 1, by=make_guest(network=network, referrer=referrer), at=at)


def points() -> int:
    settle_all(LATER)
    check_counts()
    return Tally.objects.get().points


@pytest.mark.parametrize(("sharing", "others", "opens"), [(12, 8, True), (11, 9, False)])
def test_sixty_of_a_hundred_from_one_network_are_a_burst(
    article: Article, sharing: int, others: int, opens: bool
) -> None:
    come(article, sharing)
    for number in range(others):
        come(article, 1, network=number)
    found = Watch().look(NOW)
    assert [(one.mark, one.value, one.votes, one.sharing) for one in found] == (
        [(Mark.NETWORK, OFFICE, 20, sharing)] if opens else []
    )


def test_fewer_than_twenty_are_none(article: Article) -> None:
    come(article, LEAST_VOTES - 1)
    assert Watch().look(NOW) == []


def test_one_reader_who_presses_often_is_none(article: Article) -> None:
    reader = make_guest(network=OFFICE)
    for number in range(25):
        press(article, (1, -1)[number % 2], by=reader)
    assert Watch().look(NOW) == []


def test_votes_that_were_taken_back_are_none(article: Article) -> None:
    readers = [make_guest(network=OFFICE) for _ in range(20)]
    for reader in readers:
        press(article, 1, by=reader)
    press(article, 0, by=readers[0])
    assert Watch().look(NOW) == []


def test_votes_of_more_than_five_minutes_are_none(article: Article) -> None:
    watch = Watch()
    come(article, 10)
    assert watch.look(NOW) == []
    for number in range(10):
        press(
            article,
            by=make_guest(network=OFFICE),
            at=FOUNDED + timedelta(minutes=7, seconds=number),
        )
    assert watch.look(FOUNDED + timedelta(minutes=7, seconds=30)) == []


def test_a_burst_is_found_across_looks_and_once(article: Article) -> None:
    watch = Watch()
    come(article, 10)
    assert watch.look(NOW) == []
    come(article, 10)
    assert len(watch.look(NOW)) == 1
    come(article, 5)
    assert watch.look(NOW) == []
    assert Burst.objects.count() == 1


def test_one_site_that_sends_them_is_a_burst(article: Article) -> None:
    for number in range(20):
        come(article, 1, network=number, referrer=OTHER_SITE)
    [found] = Watch().look(NOW)
    assert (found.mark, found.value) == (Mark.REFERRER, OTHER_SITE)


def test_networks_make_none_while_their_rules_rest(article: Article) -> None:
    NetworkRest.objects.create(reason=RestReason.FORWARDED, since=FOUNDED, until=LATER)
    come(article, 30)
    assert Watch().look(NOW) == []


def test_a_look_costs_what_is_new_and_not_what_the_article_has(article: Article) -> None:
    watch = Watch()
    come(article, 60, network=None)
    watch.look(NOW)
    with CaptureQueriesContext(connection) as asked:
        watch.look(NOW)
    assert len(asked) <= 3
    assert watch._voters[Tally.objects.get().pk].keys() == set(
        Vote.objects.values_list("pk", flat=True)
    )


def test_of_a_very_busy_article_the_latest_are_kept(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bursts, "_MOST_VOTERS", 25)
    monkeypatch.setattr(bursts, "_MOST_AT_ONCE", 7)
    watch = Watch()
    for number in range(30):
        come(article, 1, network=number)
    come(article, 15)
    for _ in range(7):
        watch.look(NOW)
    [found] = Burst.objects.all()
    assert (found.votes, found.sharing) == (25, 15)


class TestDecisions:
    @pytest.fixture(autouse=True)
    def _burst(self, article: Article) -> None:
        come(article, 20)
        [self.burst] = Watch().look(NOW)
        come(article, 3)

    def test_what_follows_is_stored_and_waits(self) -> None:
        assert Vote.objects.filter(reason=Reason.BURST).count() == 3
        assert Cast.objects.filter(burst=self.burst).count() == 23
        assert points() == 20

    def test_counted_after_all(self) -> None:
        assert decide_burst(burst=self.burst, counts=True, actor=None) == 3
        assert points() == 23

    def test_left_out_with_those_that_were_counted(self) -> None:
        settle_all(LATER)
        assert decide_burst(burst=self.burst, counts=False, actor=None) == 20
        assert points() == 0
        assert set(Vote.objects.values_list("reason", flat=True)) == {Reason.MODERATOR}

    @pytest.mark.parametrize("counts", [True, False])
    def test_a_decision_is_taken_back(self, counts: bool) -> None:
        points()
        decide_burst(burst=self.burst, counts=counts, actor=None)
        points()
        undo_burst(burst=self.burst, actor=None)
        assert points() == 20
        assert Vote.objects.filter(reason=Reason.BURST).count() == 3
        assert Vote.objects.filter(reason=Reason.COUNTED).count() == 20
        self.burst.refresh_from_db()
        assert (self.burst.state, self.burst.decided_at) == (BurstState.OPEN, None)

    def test_what_was_taken_out_for_another_reason_stays_out(self) -> None:
        first = Vote.objects.earliest("pk")
        rule_votes(votes=[first.pk], counts=False, reason="same_hand", actor=None)
        decide_burst(burst=self.burst, counts=False, actor=None)
        undo_burst(burst=self.burst, actor=None)
        assert points() == 19

    def test_two_moderators_decide_once(self) -> None:
        decide_burst(burst=self.burst, counts=True, actor=None)
        stale = Burst.objects.get()
        stale.state = BurstState.OPEN
        with pytest.raises(Conflicting):
            decide_burst(burst=stale, counts=False, actor=None)
        assert points() == 23

    def test_a_moderator_who_counted_them_is_not_asked_again(self, article: Article) -> None:
        decide_burst(burst=self.burst, counts=True, actor=None, at=NOW)
        watch = Watch()
        come(article, 5)
        assert watch.look(NOW) == []
        assert Vote.objects.exclude(reason=Reason.COUNTED).count() == 0

    def test_what_was_left_out_is_not_found_again(self) -> None:
        decide_burst(burst=self.burst, counts=False, actor=None, at=NOW)
        assert Watch().look(NOW) == []


class TestDesk:
    @pytest.fixture(autouse=True)
    def _burst(self, article: Article) -> None:
        come(article, 20)
        [self.burst] = Watch().look(NOW)
        come(article, 2)

    def client(self, role: Role) -> Client:
        user = make_person(role)
        enrol(user)
        client = Client()
        client.force_login(user)
        return client

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.PUBLISHER])
    def test_it_is_on_the_start_page_and_in_a_list(self, role: Role, article: Article) -> None:
        client = self.client(role)
        start = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "Bursts of votes: 1." in " ".join(start.split())
        text = client.get(reverse("diurna_bursts")).content.decode()
        assert article.title in text
        assert "Waits for a moderator" in text

    def test_the_start_page_says_nothing_when_nothing_waits(self) -> None:
        decide_burst(burst=self.burst, counts=True, actor=None)
        client = self.client(Role.MODERATOR)
        assert "Votes wait" not in client.get(reverse("wagtailadmin_home")).content.decode()

    @pytest.mark.parametrize("role", [Role.WRITER, Role.ADMINISTRATOR])
    def test_nobody_else_sees_or_decides(self, role: Role) -> None:
        client = self.client(role)
        address = reverse("diurna_burst", args=[self.burst.pk])
        assert client.get(address).status_code != 200
        client.post(address, {"decision": "count"})
        assert Burst.objects.get().state == BurstState.OPEN

    def test_decided_and_taken_back_by_buttons(self) -> None:
        client = self.client(Role.MODERATOR)
        address = reverse("diurna_burst", args=[self.burst.pk])
        assert "Count them after all" in client.get(address).content.decode()
        answer = client.post(address, {"decision": "leave_out"}, follow=True)
        assert "20 votes change" in answer.content.decode()
        assert points() == 0
        client.post(address, {"decision": "undo"})
        assert points() == 20
        client.post(address, {"decision": "count"})
        assert points() == 22
        decided = Burst.objects.get()
        assert decided.decided_by is not None
        assert decided.decided_by.groups.get().name == "Moderators"

    def test_no_mark_of_a_network_is_shown(self) -> None:
        client = self.client(Role.MODERATOR)
        text = client.get(reverse("diurna_burst", args=[self.burst.pk])).content.decode()
        assert str(OFFICE) not in text


def test_after_thirty_days_nothing_says_when_or_from_where(article: Article) -> None:
    come(article, 3, referrer=OTHER_SITE)
    assert forget_traces(FOUNDED + timedelta(days=30)) == 0
    assert forget_traces(FOUNDED + timedelta(days=30, minutes=2)) == 3
    for cast in Cast.objects.all():
        assert (cast.at, cast.network, cast.address, cast.referrer) == (None, None, None, None)
    settle_all(LATER)
    check_counts()
