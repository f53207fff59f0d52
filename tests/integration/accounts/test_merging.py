"""A guest signs in: the votes become the account's, and the log sees next to nothing of it."""

import uuid
from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.test import Client

from diurna.accounts.actions import merge_guest
from diurna.accounts.models import Guest, User
from diurna.ledger import entry
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from diurna.points.models import Cast, Reason, Vote
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts
from tests.factories.votes import AN_HOUR, guest, member, settle_votes, vote

pytestmark = pytest.mark.django_db


def logged() -> list[dict[str, object]]:
    rows = PendingEntry.objects.filter(type="vote").order_by("pk")
    return [entry.read(bytes(row.data)) for row in rows]


def merge(name: str, user: User) -> bool:
    uuid = guest(name).guest
    assert uuid is not None
    return merge_guest(guest=uuid, user=user)


def set_reason(article: Article, reason: Reason, **whose: object) -> None:
    Vote.objects.filter(tally__uuid=article.uuid, **whose).update(reason=reason)


def test_a_vote_of_the_guest_alone_moves_and_nothing_is_added_to_the_log() -> None:
    article, user = make_article(), make_person()
    vote(article, "ada")
    before, name = logged(), Vote.objects.get().voter

    assert merge("ada", user)

    moved = Vote.objects.get()
    assert (moved.user, moved.guest, moved.voter, moved.value) == (user, None, name, 1)
    assert logged() == before
    assert not Guest.objects.exists()


def test_an_account_that_never_voted_takes_over_the_guests_names() -> None:
    first, second, user = make_article(), make_article(), make_person()
    vote(first, "ada")
    key = bytes(Guest.objects.get().ledger_key or b"")
    merge("ada", user)
    user.refresh_from_db()
    assert bytes(user.ledger_key or b"") == key
    # A change of the vote that came along supersedes it, under the same name.
    result = vote(first, member(user), -1)
    assert (result.n, result.voter) == (2, logged()[0]["voter"])
    vote(second, member(user))
    assert Vote.objects.count() == 2


def test_an_account_with_a_key_keeps_it_and_the_guests_is_destroyed() -> None:
    first, second, user = make_article(), make_article(), make_person()
    vote(first, member(user))
    vote(second, "ada")
    user.refresh_from_db()
    key, name = user.ledger_key, Vote.objects.get(guest__isnull=False).voter
    merge("ada", user)
    user.refresh_from_db()
    assert user.ledger_key == key
    # Changed later, it is still the vote under the guest's name, never a second one.
    assert vote(second, member(user), -1).voter == name
    assert Vote.objects.filter(tally__uuid=second.uuid).count() == 1


def test_where_both_voted_one_vote_is_taken_back_and_belongs_to_nobody() -> None:
    article, user = make_article(), make_person()
    vote(article, "ada", 1)
    vote(article, member(user, network=7), -1)
    before = logged()

    merge("ada", user)

    [extra] = logged()[len(before) :]
    assert (extra["value"], extra["n"], extra["voter"]) == (0, 2, before[0]["voter"])
    kept = Vote.objects.get(user=user)
    assert (kept.value, kept.voter) == (-1, before[1]["voter"])
    given_up = Vote.objects.exclude(pk=kept.pk).get()
    assert (given_up.user, given_up.guest, given_up.value) == (None, None, 0)
    assert set(Cast.objects.filter(vote=given_up).values_list("at", "network")) == {(None, None)}


@pytest.mark.parametrize(
    ("accounts", "guests"),
    list(product([(1, True), (-1, True), (1, False), (0, True)], repeat=2)),
    ids=str,
)
def test_a_counted_vote_is_never_made_uncounted(
    accounts: tuple[int, bool], guests: tuple[int, bool]
) -> None:
    article, user = make_article(), make_person()
    for visitor, (value, counts), whose in (
        (member(user), accounts, {"user": user}),
        (guest("ada"), guests, {"guest__isnull": False}),
    ):
        vote(article, visitor, value or 1)
        if value == 0:
            vote(article, visitor, 0)
        if not counts:
            set_reason(article, Reason.MODERATOR, **whose)
    present = [value if counts else 0 for value, counts in (accounts, guests)]
    entries = len(logged())

    merge("ada", user)

    kept = Vote.objects.get(user=user)
    counted = kept.value if kept.counted else 0
    if any(present):
        # The account's own where both count.
        assert counted == (present[0] or present[1])
    given_up = Vote.objects.get(user=None)
    assert given_up.value == 0
    both_set = accounts[0] != 0 and guests[0] != 0
    assert len(logged()) - entries == (1 if both_set else 0)
    settle_votes()
    check_counts()


def test_merging_twice_is_harmless() -> None:
    article, user = make_article(), make_person()
    vote(article, "ada")
    assert merge("ada", user)
    before = list(Vote.objects.values()), logged()
    assert not merge("ada", user)
    assert (list(Vote.objects.values()), logged()) == before


def test_two_browsers_of_one_reader_leave_one_vote_each_for_what_they_read() -> None:
    both, one, other, user = *(make_article() for _ in range(3)), make_person()
    for article in (both, one):
        vote(article, "laptop")
    for article in (both, other):
        vote(article, "phone", -1)
    merge("laptop", user)
    merge("phone", user)
    assert Vote.objects.filter(user=user).count() == 3
    assert Vote.objects.get(user=user, tally__uuid=both.uuid).value == 1
    assert Vote.objects.get(user=None).value == 0
    assert not Guest.objects.exists()


def test_the_log_shows_no_row_of_entries_for_a_merge_of_many_votes() -> None:
    articles, user = [make_article() for _ in range(12)], make_person()
    for article in articles:
        vote(article, "ada")
    vote(articles[0], member(user))
    entries = logged()
    merge("ada", user)
    assert len(logged()) == len(entries) + 1


def test_votes_of_a_merged_reader_are_counted_once_after_settling() -> None:
    article, user = make_article(), make_person()
    vote(article, "ada", 1)
    vote(article, member(user), 1)
    vote(article, "somebody else", 1)
    settle_votes()
    merge("ada", user)
    settle_votes()
    check_counts()
    assert article.tally.points == 2


def cookie_of(name: str) -> str:
    uuid = guest(name).guest
    assert uuid is not None
    return Signer(salt="diurna.guest").sign(uuid.hex)


class TestAtSignIn:
    def test_the_guest_is_merged_and_the_cookie_dropped(self) -> None:
        article, user = make_article(), make_person()
        vote(article, "ada")
        client = Client()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = cookie_of("ada")
        response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
        assert response.status_code == 302
        assert Vote.objects.get().user == user
        assert response.cookies[settings.DIURNA_GUEST_COOKIE].value == ""

    def test_a_forged_cookie_does_not_keep_anybody_out_and_merges_nothing(self) -> None:
        article, user = make_article(), make_person()
        vote(article, "ada")
        client = Client()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = f"{uuid.uuid4().hex}:forged"
        response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
        assert response.status_code == 302
        assert response.cookies[settings.DIURNA_GUEST_COOKIE].value == ""
        assert Vote.objects.get().user is None

    def test_a_wrong_password_merges_nothing(self) -> None:
        article, user = make_article(), make_person()
        vote(article, "ada")
        client = Client()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = cookie_of("ada")
        client.post("/account/login/", {"login": user.email, "password": "wrong"})
        assert Vote.objects.get().user is None

    def test_a_guest_who_signs_up_keeps_the_votes(self) -> None:
        article = make_article()
        vote(article, "ada")
        client = Client()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = cookie_of("ada")
        form = {"display_name": "Ada L", "email": "ada@reader.example", "password1": PASSWORD}
        response = client.post("/account/signup/", form)
        assert response.status_code == 302
        found = Vote.objects.get().user
        assert found is not None
        assert found.display_name == "Ada L"


def test_a_merge_says_nothing_of_when_it_happened_but_the_hour() -> None:
    article, user = make_article(), make_person()
    vote(article, "ada", at=AN_HOUR - timedelta(days=2))
    vote(article, member(user), at=AN_HOUR - timedelta(days=1))
    merge("ada", user)
    last = Cast.objects.order_by("pk").last()
    assert last is not None
    assert (last.at, last.hour.minute, last.hour.second) == (None, 0, 0)
