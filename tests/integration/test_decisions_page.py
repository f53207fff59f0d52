"""What a reader reads of decisions, and appeals: by account, by cookie, by receipt."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import html

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.comments.authors import receipt_of
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState
from diurna.comments.states import State
from diurna.moderation import appeals
from diurna.moderation.measures import impose
from diurna.moderation.models import Appeal, MeasureKind, MeasureOn
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in, moderator
from tests.factories.letters import named_member
from tests.factories.newsroom import make_article
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

DECISIONS = "/account/decisions/"
TYPED = {"name": "Ana Reis", "email": "ana@home.example", "body": "The crane does turn."}


@pytest.fixture(name="clock", autouse=True)
def _clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_WEEK_LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture(name="article")
def _article() -> Article:
    let_newcomers_in()
    return make_article("The crane turns")


def write(client: Client, article: Article) -> Comment:
    """A comment that this browser has sent, and a moderator has removed."""
    client.post(f"{article.address_path()}comments/", TYPED)
    comment = Comment.objects.latest("pk")
    return remove(comment)


def remove(comment: Comment) -> Comment:
    """The comment, removed by the tests' moderator."""
    decide(
        comment=comment,
        to=State.REMOVED,
        moderator=moderator(),
        rule="insult",
        reason="You call her a <b>fool</b>.",
    )
    comment.refresh_from_db()
    return comment


def measure(kind: MeasureKind = MeasureKind.BAN, **about: Any) -> None:
    """A ban, or the like, of this reader or network."""
    (on,) = about
    impose(
        kind=kind,
        on=MeasureOn({"user": "account"}.get(on, on)),
        moderator=moderator(),
        rule="insult",
        reason="Again and again.",
        days=5 if on == "network" else None,
        **about,
    )


def words(answer: Any) -> str:
    main: Any = html.fromstring(answer.content.decode()).cssselect("main")[0]
    return " ".join(main.text_content().split())


@pytest.mark.parametrize("way", ["cookie", "receipt"])
class TestOfAComment:
    def address(self, comment: Comment, way: str) -> str:
        name = receipt_of(comment) if way == "receipt" else comment.uuid
        return f"/account/comments/{name}/"

    def test_the_reasons_and_the_way_to_appeal(
        self, client: Client, article: Article, way: str
    ) -> None:
        comment = write(client, article)
        address = self.address(comment, way)
        answer = (Client() if way == "receipt" else client).get(address)
        said = words(answer)
        for part in (
            "Your comment was removed",
            "You call her a <b>fool</b>.",
            "A person decided it.",
            "You can appeal until 11 May 2027",
            "a court",
        ):
            assert part in said
        assert f'href="{address}appeal/"' in answer.content.decode()
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert b"noindex" in answer.content

    def test_appealing_and_the_answer(self, client: Client, article: Article, way: str) -> None:
        comment = write(client, article)
        browser = Client() if way == "receipt" else client
        address = self.address(comment, way)
        form = browser.get(f"{address}appeal/")
        assert form.status_code == HTTPStatus.OK
        answer = browser.post(f"{address}appeal/", {"words": "I meant the crane."}, follow=True)
        assert answer.redirect_chain == [(address, HTTPStatus.FOUND)]
        assert "You appealed on 8 November 2026" in words(answer)
        made = Appeal.objects.get()
        assert made.words == "I meant the crane."
        other = make_person("moderator")
        appeals.answer(appeal=made, moderator=other, reinstate=True, reason="It is the crane.")
        comment.refresh_from_db()
        assert comment.state == CommentState.PUBLISHED
        assert "It is the crane." in words(browser.get(address))

    def test_twice_is_refused_with_a_sentence(
        self, client: Client, article: Article, way: str
    ) -> None:
        address = f"{self.address(write(client, article), way)}appeal/"
        client.post(address)
        again = client.post(address)
        assert again.status_code == HTTPStatus.FORBIDDEN
        assert "already" in words(again)

    def test_too_long_comes_back(self, client: Client, article: Article, way: str) -> None:
        address = f"{self.address(write(client, article), way)}appeal/"
        answer = client.post(address, {"words": "x" * 2001})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "x" * 2001 in answer.content.decode()


def test_a_hidden_comment_says_why_there_is_nothing_to_appeal(
    client: Client, article: Article
) -> None:
    client.post(f"{article.address_path()}comments/", TYPED)
    comment = Comment.objects.latest("pk")
    decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult")
    address = f"/account/comments/{comment.uuid}/"
    said = words(client.get(address))
    assert "looked at by a moderator anyway" in said
    assert client.post(f"{address}appeal/").status_code == HTTPStatus.FORBIDDEN


def test_strangers_see_and_appeal_nothing(client: Client, article: Article) -> None:
    comment = write(client, article)
    stranger = Client()
    address = f"/account/comments/{comment.uuid}/appeal/"
    for browser in (stranger, Client()):
        assert browser.get(address).status_code == HTTPStatus.NOT_FOUND
        assert browser.post(address).status_code == HTTPStatus.NOT_FOUND
    assert "fool" not in words(stranger.get(DECISIONS))
    assert not Appeal.objects.exists()


def test_published_comments_have_no_such_page(client: Client, article: Article) -> None:
    client.post(f"{article.address_path()}comments/", TYPED)
    comment = Comment.objects.latest("pk")
    answer = client.get(f"/account/comments/{comment.uuid}/appeal/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


class TestAllDecisions:
    @pytest.fixture(name="ada")
    def _ada(self) -> User:
        return named_member("Ada Reader")

    def signed_in(self, user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    def test_of_an_account(self, article: Article, ada: User) -> None:
        remove(comment_on(article, visitor=member(ada)))
        measure(user=ada)
        answer = self.signed_in(ada).get(DECISIONS)
        said = words(answer)
        for part in (
            "You can’t write comments here at the moment",
            "You are banned: you can’t write comments here until this is lifted.",
            "Again and again.",
            "The crane turns",
            "fool",
        ):
            assert part in said
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_of_a_guest(self, client: Client, article: Article) -> None:
        write(client, article)
        measure(guest=Guest.objects.get())
        said = words(client.get(DECISIONS))
        assert "fool" in said
        assert "Again and again." in said

    def test_many_cost_little(
        self, article: Article, ada: User, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(8):
            remove(comment_on(article, visitor=member(ada)))
        browser = self.signed_in(ada)
        browser.get(DECISIONS)
        with django_assert_max_num_queries(26):
            browser.get(DECISIONS)

    def test_of_nobody(self, client: Client) -> None:
        assert "has not commented here" in words(client.get(DECISIONS))

    def test_a_measure_is_appealed_against(self, article: Article, ada: User) -> None:
        measure(user=ada)
        browser = self.signed_in(ada)
        page: Any = html.fromstring(browser.get(DECISIONS).content.decode())
        (link,) = page.cssselect("a[data-appeal]")
        assert "until 11 May 2027" in words(browser.get(link.get("href")))
        answer = browser.post(link.get("href"), {"words": "I am sorry."}, follow=True)
        assert "You appealed on" in words(answer)
        assert Appeal.objects.get().words == "I am sorry."

    def test_not_by_others(self, article: Article, ada: User) -> None:
        measure(user=ada)
        page: Any = html.fromstring(self.signed_in(ada).get(DECISIONS).content.decode())
        (link,) = page.cssselect("a[data-appeal]")
        for browser in (Client(), self.signed_in(named_member("Bea Reader"))):
            assert browser.post(link.get("href")).status_code == HTTPStatus.NOT_FOUND

    def test_who_comes_from_a_barred_network_reads_and_appeals(self, article: Article) -> None:
        measure(network="203.0.113.0/24")
        browser = Client(REMOTE_ADDR="203.0.113.9")
        refused = browser.post(f"{article.address_path()}comments/", TYPED)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "Nobody may comment from your network" in words(refused)
        page: Any = html.fromstring(browser.get(DECISIONS).content.decode())
        (link,) = page.cssselect("a[data-appeal]")
        assert Client().post(link.get("href")).status_code == HTTPStatus.NOT_FOUND
        browser.post(link.get("href"), {"words": "This is a library."})
        assert Appeal.objects.get().words == "This is a library."
        assert "You appealed on" in words(browser.get(DECISIONS))
        # Somebody else there reads nothing of it, and has an appeal as well.
        neighbour = Client(REMOTE_ADDR="203.0.113.10")
        other = words(neighbour.get(DECISIONS))
        assert "ppealed" not in other
        assert "203.0.113" not in other
        neighbour.post(link.get("href"), {"words": "I live here."})
        neighbour.post(link.get("href"), {"words": "I live here, really."})
        first, second = Appeal.objects.order_by("pk")
        assert second.words == "I live here."
        assert first.guest != second.guest
        # One answer is for one of them; that it is lifted is for both.
        appeals.answer(
            appeal=first,
            moderator=make_person("moderator", email="other@news.example"),
            reinstate=True,
            reason="Dear librarian.",
        )
        second.refresh_from_db()
        assert (second.outcome, second.answer) == ("reinstated", "")

    def test_a_warning_stands_above_the_form(
        self, article: Article, ada: User, clock: time_machine.Traveller
    ) -> None:
        measure(MeasureKind.WARNING, user=ada)
        asked = self.signed_in(ada).get("/account/fragment/", {"page": article.address_path()})
        assert "data-told" in asked.content.decode()
        assert "You were warned" in asked.content.decode()
        clock.shift(timedelta(days=31))
        later = self.signed_in(ada).get("/account/fragment/", {"page": article.address_path()})
        assert "data-told" not in later.content.decode()

    def test_a_banned_reader_can_still_take_out_and_delete(self, article: Article) -> None:
        browser = Client()
        browser.post(f"{article.address_path()}comments/", TYPED)
        comment = Comment.objects.get()
        measure(guest=Guest.objects.get())
        address = f"/account/comments/{comment.uuid}/"
        assert browser.get(f"{address}export/").status_code == HTTPStatus.OK
        edited = browser.post(f"{address}edit/", {"body": "Another."})
        assert "You are banned" in words(edited)
        browser.post(f"{address}delete/")
        comment.refresh_from_db()
        assert comment.state == CommentState.DELETED
