"""A reader's own comments: the list, the receipt, editing, deleting, taking out."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from lxml import html

from diurna.accounts.merging import merge_guest
from diurna.comments.authors import receipt_of
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState, Contact
from diurna.comments.states import State
from diurna.newsroom.models import Article
from diurna.points.models.standing import StaleStanding
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.newsroom import make_article
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

TYPED = {"name": "Ana Reis", "email": "ana@home.example", "body": "The crane *does* turn."}
HOUR = timedelta(hours=1)


@pytest.fixture(name="clock", autouse=True)
def _clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_WEEK_LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    return make_article("The crane turns")


def write(client: Client, article: Article, **fields: str) -> Comment:
    """A comment that this browser has sent."""
    answer = client.post(f"{article.address_path()}comments/", TYPED | fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    return Comment.objects.latest("pk")


def words(answer: Any) -> str:
    main: Any = html.fromstring(answer.content.decode()).cssselect("main")[0]
    return " ".join(main.text_content().split())


def ways(comment: Comment) -> list[str]:
    """Both addresses of a guest's comment: by the cookie, and by the receipt."""
    return [f"/account/comments/{comment.uuid}/", f"/account/comments/{receipt_of(comment)}/"]


@pytest.mark.parametrize("way", [0, 1])
class TestByCookieAndByReceipt:
    @pytest.fixture
    def browser(self, client: Client, way: int) -> Client:
        """Who writes; with the receipt, another browser looks after it."""
        return client

    def other(self, browser: Client, way: int) -> Client:
        return Client() if way else browser

    def test_edits_without_a_trace_at_first_and_with_one_later(
        self, browser: Client, way: int, article: Article, clock: time_machine.Traveller
    ) -> None:
        let_newcomers_in()
        comment = write(browser, article)
        address, client = ways(comment)[way], self.other(browser, way)
        assert "The crane *does* turn." in client.get(f"{address}edit/").content.decode()
        answer = client.post(f"{address}edit/", {"body": "It *did* turn."})
        page = f"{article.address_path()}comments/{comment.uuid}/"
        assert answer["Location"] == f"{page}#comment-{comment.uuid}"
        comment.refresh_from_db()
        assert (comment.body, comment.shows_edit) == ("It *did* turn.", False)
        clock.shift(HOUR)
        client.post(f"{address}edit/", {"body": "It turned."})
        comment.refresh_from_db()
        assert comment.shows_edit

    def test_an_error_gives_the_words_back(
        self, browser: Client, way: int, article: Article
    ) -> None:
        comment = write(browser, article)
        answer = self.other(browser, way).post(f"{ways(comment)[way]}edit/", {"body": "a" * 5_001})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "a" * 5_001 in answer.content.decode()
        assert "at most 5,000 characters" in words(answer)
        comment.refresh_from_db()
        assert comment.body == TYPED["body"]

    def test_ten_megabytes_are_refused_in_a_sentence(
        self, browser: Client, way: int, article: Article
    ) -> None:
        comment = write(browser, article)
        browser = self.other(browser, way)
        answer = browser.post(
            f"{ways(comment)[way]}edit/",
            "body=" + "word+" * 2_000_000,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert "please shorten it" in answer.content.decode()
        comment.refresh_from_db()
        assert comment.body == TYPED["body"]

    def test_a_preview_changes_nothing(self, browser: Client, way: int, article: Article) -> None:
        comment = write(browser, article)
        sent = {"body": "It **did**.", "preview": "1"}
        answer = self.other(browser, way).post(f"{ways(comment)[way]}edit/", sent)
        assert "<strong>did</strong>" in answer.content.decode()
        assert "It **did**." in answer.content.decode()
        comment.refresh_from_db()
        assert comment.edited_at is None

    def test_deletes_after_asking(self, browser: Client, way: int, article: Article) -> None:
        comment = write(browser, article)
        address, client = ways(comment)[way], self.other(browser, way)
        assert "go for good" in words(client.get(f"{address}delete/"))
        comment.refresh_from_db()
        assert comment.state == CommentState.HELD
        answer = client.post(f"{address}delete/", follow=True)
        assert "You have deleted it." in words(answer)
        comment.refresh_from_db()
        assert (comment.state, comment.body, comment.name) == (CommentState.DELETED, "", "")
        assert not Contact.objects.exists()
        # Nothing is left to do.
        assert "can’t be edited" in words(client.get(f"{address}edit/"))
        assert client.post(f"{address}delete/").status_code == HTTPStatus.FOUND

    def test_takes_out_everything_as_a_file(
        self, browser: Client, way: int, article: Article
    ) -> None:
        comment = write(browser, article)
        answer = self.other(browser, way).get(f"{ways(comment)[way]}export/")
        assert "attachment" in answer["Content-Disposition"]
        taken = json.loads(answer.content)
        assert (taken["name"], taken["email"]) == ("Ana Reis", "ana@home.example")
        assert (taken["state"], taken["body"]) == ("held", TYPED["body"])
        assert [event["what"] for event in taken["history"]] == ["Kept for a moderator"]

    def test_says_what_happened_and_why(self, browser: Client, way: int, article: Article) -> None:
        comment = write(browser, article)
        decide(
            comment=comment,
            to=State.REMOVED,
            moderator=moderator(),
            rule="moderator",
            reason="It names a private person.",
        )
        answer = self.other(browser, way).get(ways(comment)[way])
        assert "It was removed." in words(answer)
        assert "Removed by a moderator." in words(answer)
        assert "“It names a private person.”" in words(answer)
        # Who decided is nobody's business outside.
        assert moderator().email not in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.content.decode()


class TestWhoseItIs:
    def test_a_stranger_finds_nothing(self, client: Client, article: Article) -> None:
        comment = write(client, article)
        signed_in = Client()
        signed_in.force_login(make_person())
        other_guest = Client()
        write(other_guest, article, body="Something else.")
        for stranger in (Client(), signed_in, other_guest):
            for tail in ("", "edit/", "delete/", "export/"):
                answer = stranger.get(f"/account/comments/{comment.uuid}/{tail}")
                assert answer.status_code == HTTPStatus.NOT_FOUND
                assert "does turn" not in answer.content.decode()
            answer = stranger.post(f"/account/comments/{comment.uuid}/delete/")
            assert answer.status_code == HTTPStatus.NOT_FOUND
        comment.refresh_from_db()
        assert comment.state == CommentState.HELD

    def test_a_receipt_that_was_changed_opens_nothing(
        self, client: Client, article: Article
    ) -> None:
        mine, other = comment_on(article), comment_on(article)
        signature = receipt_of(mine).partition(":")[2]
        for token in (f"{other.uuid.hex}:{signature}", mine.uuid.hex, "x", "x:y"):
            answer = client.get(f"/account/comments/{token}/")
            assert answer.status_code == HTTPStatus.NOT_FOUND

    def test_an_account_opens_its_own_and_no_receipt_does(
        self, client: Client, article: Article
    ) -> None:
        person = make_person()
        comment = comment_on(article, visitor=member(person))
        address = f"/account/comments/{comment.uuid}/"
        refused = client.get(address)
        assert refused.status_code == HTTPStatus.NOT_FOUND
        assert f"/account/login/?next={address}".replace("/", "%2F")[-20:] in (
            refused.content.decode()
        )
        assert client.get(f"/account/comments/{receipt_of(comment)}/").status_code == 404
        client.force_login(person)
        assert client.get(address).status_code == HTTPStatus.OK

    def test_after_signing_in_a_guests_comments_are_the_accounts(
        self, client: Client, article: Article
    ) -> None:
        comment = write(client, article)
        assert comment.guest is not None
        person = make_person()
        merge_guest(guest=comment.guest.uuid, user=person)
        signed_in = Client()
        signed_in.force_login(person)
        assert signed_in.get(f"/account/comments/{comment.uuid}/").status_code == HTTPStatus.OK
        comment.refresh_from_db()
        assert Client().get(f"/account/comments/{receipt_of(comment)}/").status_code == 404

    def test_whoever_is_signed_in_claims_it_by_the_receipt(
        self, client: Client, article: Article
    ) -> None:
        comment = write(client, article)
        receipt = f"/account/comments/{receipt_of(comment)}/"
        assert Client().post(f"{receipt}claim/")["Location"].startswith("/account/login/")
        person, signed_in = make_person(), Client()
        signed_in.force_login(person)
        assert f"{receipt}claim/" in signed_in.get(receipt).content.decode()
        StaleStanding.objects.all().delete()
        answer = signed_in.post(f"{receipt}claim/")
        assert answer["Location"] == f"/account/comments/{comment.uuid}/"
        comment.refresh_from_db()
        assert (comment.user, comment.guest) == (person, None)
        assert not Contact.objects.exists()
        # The account may have commented on the story before: one person in its standing.
        assert StaleStanding.objects.filter(article_key=article.pk).exists()
        # Neither the receipt nor the cookie opens it any more.
        for way in ways(comment):
            assert client.get(way).status_code == HTTPStatus.NOT_FOUND
        assert signed_in.post(f"{receipt}claim/").status_code == HTTPStatus.NOT_FOUND

    def test_a_deleted_comment_is_not_claimed(self, client: Client, article: Article) -> None:
        comment = write(client, article)
        receipt = f"/account/comments/{receipt_of(comment)}/"
        client.post(f"{receipt}delete/")
        client.force_login(make_person())
        client.post(f"{receipt}claim/")
        comment.refresh_from_db()
        assert comment.user is None

    def test_a_forged_form_is_refused(self, article: Article) -> None:
        strict = Client(enforce_csrf_checks=True)
        comment = comment_on(article)
        for tail in ("edit/", "delete/"):
            address = f"/account/comments/{receipt_of(comment)}/{tail}"
            assert strict.post(address, {"body": "x"}).status_code == HTTPStatus.FORBIDDEN
        comment.refresh_from_db()
        assert comment.state == CommentState.HELD

    def test_a_forged_cookie_is_refused_and_goes(self, client: Client) -> None:
        client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
        answer = client.get("/account/comments/")
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert answer.cookies[settings.DIURNA_GUEST_COOKIE]["max-age"] == 0

    def test_the_storys_own_addresses_lead_here(self, client: Client, article: Article) -> None:
        comment = published_comment(article)
        for what in ("edit", "delete"):
            answer = client.get(f"{article.address_path()}comments/{comment.uuid}/{what}/")
            assert answer["Location"] == f"/account/comments/{comment.uuid}/{what}/"


class TestList:
    def test_of_nobody(self, client: Client) -> None:
        assert "This browser has not commented here." in words(client.get("/account/comments/"))

    def test_the_newest_first_with_where_each_stands(
        self, client: Client, article: Article, clock: time_machine.Traveller
    ) -> None:
        write(client, article)
        clock.shift(HOUR)
        write(client, article, body="The second.")
        comment_on(article, "Of somebody else.")
        said = words(client.get("/account/comments/"))
        assert said.index("The second.") < said.index("The crane does turn.")
        assert said.count("Only you can see this.") == 2
        assert "somebody else" not in said

    def test_stays_quick_with_many(
        self, client: Client, article: Article, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            write(client, article, body=f"Number {number}")
        with django_assert_max_num_queries(12):
            client.get("/account/comments/")


class TestFragment:
    def read(self, client: Client, article: Article) -> html.HtmlElement:
        answer = client.get("/account/fragment/", {"page": article.address_path()})
        assert answer["Cache-Control"] == "private, no-store"
        return html.fromstring(f"<div>{answer.content.decode()}</div>")

    def test_nothing_for_nobody(self, client: Client, article: Article) -> None:
        comment_on(article)
        assert not self.read(client, article).cssselect("template")

    def test_what_waits_is_shown_to_its_writer_alone(
        self, client: Client, article: Article
    ) -> None:
        comment = write(client, article)
        (own,) = self.read(client, article).cssselect("template article")
        assert own.get("data-own") == str(comment.uuid)
        assert "Only you can see this." in own.text_content()
        assert "The crane does turn." in own.text_content()
        public = Client().get(article.address_path()).content.decode()
        assert "does turn" not in re.sub("<[^>]+>", "", public)

    def test_what_is_published_gets_its_links_and_the_name_is_there_again(
        self, client: Client, article: Article
    ) -> None:
        let_newcomers_in()
        comment = write(client, article)
        comment_on(article, "Of somebody else.")
        page = self.read(client, article)
        (links,) = page.cssselect("template p[data-of]")
        assert links.get("data-of") == str(comment.uuid)
        assert [link.get("href") for link in links] == [
            f"/account/comments/{comment.uuid}/edit/",
            f"/account/comments/{comment.uuid}/delete/",
        ]
        (own,) = page.cssselect("template[data-name]")
        assert own.get("data-name") == "Ana Reis"

    def test_an_account_writes_under_its_name(self, client: Client, article: Article) -> None:
        person = make_person()
        person.display_name = "Rosa Keel"
        person.save()
        client.force_login(person)
        (writer,) = self.read(client, article).cssselect("template [data-writer]")
        assert writer.text_content() == "You write as Rosa Keel."

    def test_of_an_article_with_many_it_asks_little(
        self, client: Client, article: Article, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            write(client, article, body=f"Number {number}")
        with django_assert_max_num_queries(12):
            client.get("/account/fragment/", {"page": article.address_path()})
