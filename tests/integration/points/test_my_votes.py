"""“My votes”: what a reader sees of the own votes, and can do there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments.deciding import decide
from diurna.comments.states import State
from diurna.ledger import consumers
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article
from diurna.points import my_votes, tallies
from diurna.points.actions import cast_vote
from diurna.points.models import Cast, Reason, Vote
from diurna.points.rulings import rule_votes
from diurna.points.sentences import why_not_counted
from diurna.points.targets import comment_target
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, moderator, published_comment
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
    return make_article("The ferry is late", at=FOUNDED)


def browser_of(visitor: Visitor) -> Client:
    """A browser with the session or the cookie of this visitor."""
    client = Client()
    if visitor.user is not None:
        client.force_login(visitor.user)
    elif visitor.guest is not None:
        signed = Signer(salt="diurna.guest").sign(visitor.guest.hex)
        client.cookies[settings.DIURNA_GUEST_COOKIE] = signed
    return client


def page(client: Client, **query: int) -> str:
    answer = client.get(reverse("account_votes"), query)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return " ".join(answer.content.decode().split())


def test_a_guest_sees_the_own_votes_by_the_cookie_and_nobody_elses(article: Article) -> None:
    other = make_article("The bridge is closed", at=FOUNDED)
    reader = make_guest()
    press(article, 1, by=reader)
    press(other, -1)
    text = page(browser_of(reader))
    assert "The ferry is late" in text
    assert "The bridge is closed" not in text
    assert "being added to the public log" in text
    assert "· counted" in text


def test_a_member_sees_the_entry_of_a_vote_in_the_log(article: Article) -> None:
    user = make_person()
    press(article, -1, by=make_member(user))
    settle_all(LATER)
    text = page(browser_of(make_member(user)))
    assert "<b>Down</b>" in text
    assert f"entry {Vote.objects.get().logged_index} of the public log" in text


def test_a_vote_that_does_not_count_says_why_and_what_would_make_it(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    rule_votes(votes=[Vote.objects.get().pk], counts=False, reason="same_hand", actor=None)
    text = page(browser_of(reader))
    assert "· not counted" in text
    assert why_not_counted(Reason.MODERATOR) in text


def test_nobody_is_told_where_votes_would_be(article: Article) -> None:
    press(article)
    text = page(Client())
    assert "The ferry is late" not in text
    assert reverse("account_login") in text


def test_a_vote_is_taken_back_from_there(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    client = browser_of(reader)
    vote = Vote.objects.get()
    answer = client.post(reverse("account_vote_take_back", args=[vote.pk]), follow=True)
    assert "Your vote is taken back." in answer.content.decode()
    vote.refresh_from_db()
    assert (vote.value, vote.n) == (0, 2)
    settle_all(LATER)
    check_counts()
    assert "<b>Taken back</b>" in page(client)


def test_a_vote_on_a_story_that_was_withdrawn_can_be_taken_back(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    Article.objects.update(live=False)
    client = browser_of(reader)
    assert "A story that is no longer here" in page(client)
    client.post(reverse("account_vote_take_back", args=[Vote.objects.get().pk]))
    assert Vote.objects.get().value == 0


@pytest.mark.parametrize("name", ["account_vote_take_back", "account_vote_receipt"])
def test_the_vote_of_somebody_else_is_not_there(article: Article, name: str) -> None:
    press(article)
    address = reverse(name, args=[Vote.objects.get().pk])
    client = browser_of(make_member(make_person()))
    send = client.post if name == "account_vote_take_back" else client.get
    assert send(address).status_code == 404
    assert Vote.objects.get().value == 1


def test_taking_back_needs_a_token(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser_of(reader).cookies
    answer = strict.post(reverse("account_vote_take_back", args=[Vote.objects.get().pk]))
    assert answer.status_code == 403
    assert Vote.objects.get().value == 1


def test_a_cookie_that_was_tampered_with_is_refused_and_dropped() -> None:
    client = Client()
    client.cookies[settings.DIURNA_GUEST_COOKIE] = "00000000000000000000000000000000:forged"
    answer = client.get(reverse("account_votes"))
    assert answer.status_code == 403
    assert "did not sign" in answer.content.decode()
    assert answer.cookies[settings.DIURNA_GUEST_COOKIE].value == ""


def test_many_votes_come_in_pages(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_votes, "VOTES_A_PAGE", 2)
    reader = make_guest()
    stories = [make_article(f"Number {number}", at=FOUNDED) for number in range(3)]
    for story in stories:
        press(story, 1, by=reader)
    client = browser_of(reader)
    assert [title in page(client) for title in ("Number 2", "Number 1", "Number 0")] == [
        True,
        True,
        False,
    ]
    assert "Number 0" in page(client, p=2)


def test_the_page_asks_the_database_the_same_for_one_vote_and_for_many(
    article: Article, django_assert_max_num_queries: object
) -> None:
    user = make_person()
    for number in range(5):
        press(make_article(f"Number {number}", at=FOUNDED), 1, by=make_member(user))
    client = browser_of(make_member(User.objects.get(pk=user.pk)))
    page(client)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page(client)


def test_the_receipt_is_a_promise_first_and_then_the_proof(article: Article) -> None:
    reader = make_guest()
    press(article, 1, by=reader)
    client = browser_of(reader)
    address = reverse("account_vote_receipt", args=[Vote.objects.get().pk])
    promise = client.get(address)
    assert "\npromise\n" in promise.content.decode()
    settle_all(LATER)
    proof = client.get(address)
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1\n")
    assert f'"{Cast.objects.get().entry_index}.tlog-proof"' in proof.headers["Content-Disposition"]


def test_a_vote_on_a_comment_leads_there_and_is_taken_back(article: Article) -> None:
    let_newcomers_in()
    visitor = make_guest()
    comment = published_comment(article, at=FOUNDED)
    cast_vote(visitor=visitor, target=comment_target(comment.uuid), value=1, at=FOUNDED)
    client = browser_of(visitor)
    shown = page(client)
    place = f"{article.address_path()}comments/{comment.uuid}/#comment-{comment.uuid}"
    assert f'<a href="{place}">A comment on “The ferry is late”</a>' in shown
    vote = Vote.objects.get()
    client.post(reverse("account_vote_take_back", args=[vote.pk]))
    vote.refresh_from_db()
    assert vote.value == 0


def test_a_vote_on_a_comment_that_is_gone_can_be_taken_back(article: Article) -> None:
    let_newcomers_in()
    visitor = make_guest()
    comment = published_comment(article, at=FOUNDED)
    cast_vote(visitor=visitor, target=comment_target(comment.uuid), value=1, at=FOUNDED)
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="rude", at=FOUNDED)
    client = browser_of(visitor)
    assert "A comment that is no longer here" in page(client)
    vote = Vote.objects.get()
    client.post(reverse("account_vote_take_back", args=[vote.pk]))
    vote.refresh_from_db()
    assert vote.value == 0
