"""What votes add up to: shown at once, logged with the index, and always what a recount gives."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diurna.accounts.models import User
from diurna.delivery.surrogate import touched
from diurna.ledger import consumers, entry, settler
from diurna.ledger.actions import append
from diurna.ledger.consumers import Told
from diurna.ledger.models import Entry, Haste, PendingEntry
from diurna.ledger.settler import settle, settle_all
from diurna.newsroom.models import Article
from diurna.points import tallies
from diurna.points.models import Cast, Reason, Tally, Vote
from tests.factories.accounts import make_person
from tests.factories.ledger import FOUNDED, append_votes, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts, make_guest, make_member, press, recount, stored

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


def figures(article: Article) -> tuple[int, int, int]:
    """Points as shown, in the log, and being added to it."""
    tally = Tally.objects.get(uuid=article.uuid)
    waiting = Vote.objects.filter(tally=tally).values_list("shown_value", "logged_value")
    return tally.points, tally.logged_points, sum(shown - logged for shown, logged in waiting)


def void(index: int, kind: str = "void") -> None:
    append(entry.make(kind, entry=index))


def test_a_vote_shows_before_it_is_in_the_log(article: Article) -> None:
    press(article)
    press(article, -1)
    press(article)
    settle(FOUNDED)
    assert figures(article) == (1, 0, 1)
    assert stored()[f"article:{article.uuid}"] == {"guest": (2, 1), "member": (0, 0)}
    settle_all(LATER)
    assert figures(article) == (1, 1, 0)
    check_counts()


def test_each_press_and_the_vote_know_their_entry(article: Article) -> None:
    reader = make_guest()
    for value in (1, -1, 0, 1):
        press(article, value, by=reader)
    settle_all(LATER)
    for cast in Cast.objects.all():
        assert cast.entry_index is not None
        row = Entry.objects.get(index=cast.entry_index)
        assert (bytes(row.leaf), entry.read(bytes(row.data))["n"]) == (bytes(cast.leaf), cast.n)
    vote = Vote.objects.get()
    assert (vote.shown_n, vote.logged_n, vote.logged_value) == (4, 4, 1)
    assert vote.logged_index == Cast.objects.get(n=4).entry_index


def test_the_highest_n_holds_in_whatever_order_a_batch_comes(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(5)
    monkeypatch.setattr(settler, "_shuffle", random.shuffle)
    monkeypatch.setattr(settler, "BATCH", 7)
    readers = [make_guest() for _ in range(6)]
    for _ in range(25):
        press(article, random.choice((1, -1, 0)), by=random.choice(readers))
        if random.random() < 0.3:
            settle(random.choice((FOUNDED, LATER)))
            check_counts()
    settle_all(LATER)
    check_counts()
    assert figures(article)[2] == 0


def test_the_order_within_a_batch_tells_nothing_of_the_order_of_presses(article: Article) -> None:
    for _ in range(30):
        press(article)
    settle_all(LATER)
    order = list(Cast.objects.order_by("entry_index").values_list("pk", flat=True))
    # The chance that thirty stay in order by themselves is one in 10^32.
    assert order != sorted(order)
    assert sorted(order) == list(Cast.objects.order_by("pk").values_list("pk", flat=True))


def test_an_older_vote_that_comes_later_changes_nothing(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    press(article, -1, by=reader)
    first, _second = PendingEntry.objects.filter(type="vote").order_by("pk")
    PendingEntry.objects.filter(pk=first.pk).update(counted=True)
    settle_all(LATER)
    tallies.arrived([Told(pending=first.pk, type="vote", name="", data=bytes(first.data))])
    tallies.settled([Told(pending=1, type="vote", name="", data=bytes(first.data), index=99)])
    assert figures(article) == (-1, -1, 0)
    assert Cast.objects.get(n=1).entry_index == 99
    assert Vote.objects.get().logged_n == 2


def test_a_guest_who_became_a_member_moves_to_the_other_class(article: Article) -> None:
    user = make_person()
    Emails = user.emailaddress_set  # type: ignore[attr-defined]
    Emails.update(verified=False)
    press(article, 1, by=make_member(user))
    settle_all(LATER)
    Emails.update(verified=True)
    press(article, -1, by=make_member(User.objects.get(pk=user.pk)))
    settle(FOUNDED)
    assert stored()[f"article:{article.uuid}"] == {"guest": (0, 0), "member": (0, 1)}
    assert stored(logged=True)[f"article:{article.uuid}"] == {"guest": (1, 0), "member": (0, 0)}
    settle_all(LATER)
    check_counts()


def test_a_vote_that_was_taken_out_shows_so_at_once_and_in_the_log(article: Article) -> None:
    press(article)
    settle_all(LATER)
    index = Vote.objects.get().logged_index
    assert index is not None
    void(index)
    settler._count_arrived()
    assert figures(article) == (0, 1, -1)
    settle_all(LATER)
    assert figures(article) == (0, 0, 0)
    void(index, "unvoid")
    settle_all(LATER)
    assert figures(article) == (1, 1, 0)
    check_counts()


def test_the_latest_of_many_decisions_holds(article: Article) -> None:
    press(article)
    settle_all(LATER)
    index = Vote.objects.get().logged_index
    assert index is not None
    for kind in ("void", "unvoid", "void"):
        void(index, kind)
    settle_all(LATER)
    assert figures(article) == (0, 0, 0)
    check_counts()


def test_a_vote_that_did_not_count_counts_once_it_is_taken_in(article: Article) -> None:
    reader = make_guest()
    press(article, -1, by=reader)
    Vote.objects.update(reason=Reason.NETWORK)
    press(article, 1, by=reader)
    settle_all(LATER)
    assert figures(article) == (0, 0, 0)
    index = Vote.objects.get().logged_index
    assert index is not None
    void(index, "unvoid")
    settle_all(LATER)
    assert figures(article) == (1, 1, 0)
    check_counts()


def test_a_decision_about_a_vote_that_was_changed_since_changes_nothing(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    settle_all(LATER)
    index = Vote.objects.get().logged_index
    assert index is not None
    press(article, -1, by=reader)
    void(index)
    settler._count_arrived()
    assert figures(article)[0] == -1
    settle_all(LATER)
    assert figures(article) == (-1, -1, 0)
    check_counts()


def test_votes_that_only_the_log_knows_make_their_rows(article: Article) -> None:
    append_votes(3)
    settle_all(LATER)
    vote = Vote.objects.first()
    assert Vote.objects.count() == 3
    assert vote is not None
    assert (vote.user, vote.guest, vote.reason, vote.logged_n) == (None, None, "", 1)
    check_counts()


def test_a_vote_that_the_log_knows_better_becomes_what_the_log_says(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    settle_all(LATER)
    row = Entry.objects.get(type="vote")
    newer = {**entry.read(bytes(row.data)), "n": 3, "value": -1, "counted": False}
    del newer["t"], newer["v"]
    tallies.replayed(
        [Told(pending=0, type="vote", name="", data=entry.make("vote", **newer), index=50)]
    )
    vote = Vote.objects.get()
    assert (vote.n, vote.value, vote.reason, vote.shown_n) == (3, -1, Reason.UNKNOWN, 3)
    assert figures(article) == (0, 0, 0)


def test_pages_of_a_target_are_touched_when_its_figures_change(article: Article) -> None:
    key = f"article-{article.uuid}"
    before = touched().get(key, 0)
    tally_told = [Told(pending=1, type="vote", name="", data=_entry_of_a_new_press(article))]
    with pytest.MonkeyPatch.context() as patch:
        seen: list[tuple[str, bool]] = []
        patch.setattr(
            tallies, "touch", lambda *keys, soft: seen.extend((one, soft) for one in keys)
        )
        tallies.arrived(tally_told)
    assert seen == [(key, True)]
    assert touched().get(key, 0) >= before


def _entry_of_a_new_press(article: Article) -> bytes:
    press(article)
    row = PendingEntry.objects.filter(type="vote").get()
    return bytes(row.data)


@pytest.mark.parametrize("targets", [1, 10])
def test_a_batch_takes_few_statements_whatever_its_size(targets: int) -> None:
    articles = [make_article(at=FOUNDED) for _ in range(targets)]
    for _ in range(3):
        for one in articles:
            press(one)
    rows = list(PendingEntry.objects.filter(type="vote", haste=Haste.TOGETHER))
    told = [Told(pending=row.pk, type="vote", name="", data=bytes(row.data)) for row in rows]
    with CaptureQueriesContext(connection) as asked:
        tallies.arrived(told)
    statements = [one["sql"] for one in asked if not one["sql"].startswith("--")]
    # Votes, tallies, sums by hour, and whose standing is to be made again.
    assert len(statements) <= 6, statements
    assert recount().keys() <= stored().keys()
