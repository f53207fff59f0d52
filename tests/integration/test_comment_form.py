"""A comment as a plain form sends it: what becomes of it, and what comes back where it is not."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from lxml import html

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.models import Guest, User
from diurna.comments.models import (
    Comment,
    Commenters,
    CommentSettings,
    CommentState,
    Contact,
    Subscription,
)
from diurna.comments.models.comment import LONGEST_BODY
from diurna.comments.threads import ROOTS_AT_FIRST
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode
from diurna.web.comment_writing import MOST_FORM_BYTES
from diurna.web.thread import comment_path
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Ana Reis",
    "email": "ana@home.example",
    "website": "https://ana.example/",
    "body": "The crane *does* turn.\r\n\r\nI saw it <b>twice</b>.",
}
SHORT = {name: text for name, text in TYPED.items() if name != "body"}
ZERO_WIDTH_JOINER = "\u200d"


@pytest.fixture(autouse=True)
def _a_week_later() -> Iterator[None]:
    with time_machine.travel(A_WEEK_LATER, tick=False):
        yield


@pytest.fixture
def article() -> Article:
    return make_article("The crane turns")


def named_person() -> User:
    person = make_person()
    person.display_name = "Rosa Keel"
    person.save()
    return person


def send(client: Client, article: Article, **fields: str) -> Any:
    return client.post(f"{article.address_path()}comments/", TYPED | fields)


def parsed(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content.decode())


def value(page: html.HtmlElement, name: str) -> str:
    """What a field of the form holds, as the browser would send it."""
    (field,) = page.cssselect(f"#reply [name={name}]")
    if field.tag != "textarea":
        return str(field.get("value"))
    # The parser keeps the line end that browsers leave out.
    return str(field.text or "").removeprefix("\n")


def error_at(page: html.HtmlElement, name: str) -> str:
    """The sentence that the field itself names as its error."""
    (field,) = page.cssselect(f"#reply [name={name}]")
    assert field.get("aria-invalid") == "true"
    described = str(field.get("aria-describedby")).split()
    assert f"reply-{name}-error" in described
    return str(page.get_element_by_id(f"reply-{name}-error").text_content())


def assert_all_is_given_back(page: html.HtmlElement, **fields: str) -> None:
    typed = TYPED | fields
    typed["body"] = typed["body"].replace("\r\n", "\n")
    assert {name: value(page, name) for name in typed} == typed


class TestPosting:
    def test_what_is_published_leads_back_to_the_comment(
        self, client: Client, article: Article
    ) -> None:
        let_newcomers_in()
        answer = send(client, article)
        comment = Comment.objects.get()
        assert comment.state == CommentState.PUBLISHED
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert answer["Location"] == f"{article.address_path()}#comment-{comment.uuid}"
        assert answer["Cache-Control"] == "private, no-store"
        assert set(answer.cookies) == {settings.DIURNA_GUEST_COOKIE, MARKER_COOKIE, WROTE_COOKIE}
        assert (comment.name, comment.website) == ("Ana Reis", "https://ana.example/")
        assert comment.body == "The crane *does* turn.\n\nI saw it <b>twice</b>."
        assert "<em>does</em>" in comment.html
        assert "<b>" not in comment.html
        assert Contact.objects.get().email == "ana@home.example"

    def test_what_waits_leads_to_its_receipt(self, client: Client, article: Article) -> None:
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.SEE_OTHER
        receipt = Client().get(answer["Location"])
        assert receipt.status_code == HTTPStatus.OK
        words = parsed(receipt).text_content()
        assert "Only you can see this." in words
        assert "The crane does turn." in words
        assert answer["Location"] in receipt.content.decode()
        assert receipt["Cache-Control"] == "private, no-store"

    def test_of_an_account_needs_neither_name_nor_address(
        self, client: Client, article: Article
    ) -> None:
        person = named_person()
        client.force_login(person)
        answer = send(client, article, name="", email="", website="")
        comment = Comment.objects.get()
        assert comment.user == person
        assert answer["Location"] == f"/account/comments/{comment.uuid}/"
        assert not Contact.objects.exists()
        assert not Guest.objects.exists()

    def test_a_reply_stands_under_what_it_answers(self, client: Client, article: Article) -> None:
        let_newcomers_in()
        above = published_comment(article)
        send(client, article, answers=str(above.uuid))
        assert Comment.objects.get(name="Ana Reis").parent == above

    def test_letters_about_answers_where_they_are_asked_for(
        self, client: Client, article: Article
    ) -> None:
        send(client, article)
        assert not Subscription.objects.exists()
        send(client, article, body="Write to me.", letters="1")
        subscription = Subscription.objects.get()
        assert subscription.comment == Comment.objects.latest("pk")
        # Double opt-in, and nothing is asked before the comment is published.
        assert subscription.confirmed_at is None
        assert subscription.asked_at is None

    def test_to_where_no_story_is_leads_nowhere(self, client: Client, article: Article) -> None:
        answer = client.post("/harbour/no-such-story/comments/", TYPED)
        assert answer.status_code == HTTPStatus.NOT_FOUND

    def test_by_another_site_is_refused(self, client: Client, article: Article) -> None:
        answer = client.post(
            f"{article.address_path()}comments/", TYPED, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert not Comment.objects.exists()


class TestGivingBack:
    @pytest.mark.parametrize(
        ("name", "typed", "sentence"),
        [
            ("body", "  \n ", "Please write something first."),
            ("body", "a" * (LONGEST_BODY + 1), "A comment has at most 5,000 characters"),
            ("body", ZERO_WIDTH_JOINER * 9, "Please write something first."),
            ("name", "", ""),
            ("name", "https://buy.example", "An address cannot be a name"),
            ("email", "", "Please write your e-mail address; it is not published."),
            ("email", "ana at home", "This is no e-mail address"),
            ("website", "javascript:alert(1)", "This is no address of a website"),
        ],
    )
    def test_says_what_is_amiss_at_the_field_and_keeps_everything(
        self, client: Client, article: Article, name: str, typed: str, sentence: str
    ) -> None:
        answer = send(client, article, **{name: typed})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer["Cache-Control"] == "private, no-store"
        page = parsed(answer)
        assert error_at(page, name).startswith(sentence)
        assert_all_is_given_back(page, **{name: typed})
        assert not Comment.objects.exists()
        assert not answer.cookies

    def test_where_the_address_is_optional_none_is_asked_for(
        self, client: Client, article: Article
    ) -> None:
        CommentSettings.objects.create(email_required=False)
        assert send(client, article, email="").status_code == HTTPStatus.SEE_OTHER
        assert not Contact.objects.exists()

    def test_the_same_words_twice(self, client: Client, article: Article) -> None:
        send(client, article)
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.CONFLICT
        page = parsed(answer)
        (sentence,) = page.cssselect("#reply [role=alert]")
        assert "The same words stand here already" in sentence.text_content()
        assert_all_is_given_back(page)

    def test_too_many_in_an_hour(self, client: Client, article: Article) -> None:
        for number in range(10):
            assert send(client, article, body=f"Number {number}").status_code == 303
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert int(answer["Retry-After"]) > 0
        assert_all_is_given_back(parsed(answer))

    def test_an_answer_to_what_is_gone(self, client: Client, article: Article) -> None:
        above = published_comment(article)
        Comment.objects.filter(pk=above.pk).update(state=CommentState.HIDDEN)
        answer = send(client, article, answers=str(above.uuid))
        assert answer.status_code == HTTPStatus.CONFLICT
        page = parsed(answer)
        assert "no longer there" in page.text_content()
        # What others must not see is not shown to who answers it, either.
        assert above.body not in answer.content.decode()
        assert_all_is_given_back(page)

    def test_a_cookie_that_is_not_ours_is_dropped_and_the_text_kept(
        self, client: Client, article: Article
    ) -> None:
        client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged:cookie"
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert answer.cookies[settings.DIURNA_GUEST_COOKIE]["max-age"] == 0
        assert_all_is_given_back(parsed(answer))
        del client.cookies[settings.DIURNA_GUEST_COOKIE]
        assert send(client, article).status_code == HTTPStatus.SEE_OTHER

    def test_hostile_text_comes_back_as_text(self, client: Client, article: Article) -> None:
        hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        answer = send(client, article, name=hostile, body=hostile + "x" * LONGEST_BODY)
        page = parsed(answer)
        assert not page.cssselect("#reply script, #reply img")
        assert_all_is_given_back(page, name=hostile, body=hostile + "x" * LONGEST_BODY)


class TestAbuse:
    def test_ten_megabytes_are_refused_before_they_are_read(
        self, client: Client, article: Article
    ) -> None:
        answer = send(client, article, body="word " * 2_000_000)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def test_far_too_much_comes_back_as_far_as_it_was_read(
        self, client: Client, article: Article
    ) -> None:
        # As browsers send it: the long field stands before the short ones.
        body = urlencode({"body": "word " * 2_000_000, **SHORT})
        answer = client.post(
            f"{article.address_path()}comments/",
            body,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        page = parsed(answer)
        assert "far more than a comment can have" in page.text_content()
        assert value(page, "name") == "Ana Reis"
        assert value(page, "email") == "ana@home.example"
        assert value(page, "body").startswith("word word word")
        assert len(answer.content) < MOST_FORM_BYTES

    def test_a_million_joiners(self, client: Client, article: Article) -> None:
        body = urlencode(TYPED | {"body": ZERO_WIDTH_JOINER * 1_000_000})
        answer = client.post(
            f"{article.address_path()}comments/",
            body,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert value(parsed(answer), "body").startswith(ZERO_WIDTH_JOINER)

    def test_five_hundred_links_wait_or_are_too_long(
        self, client: Client, article: Article
    ) -> None:
        let_newcomers_in()
        short = " ".join(f"http://a.b/{number}" for number in range(300))
        assert len(short) < LONGEST_BODY
        send(client, article, body=short)
        assert Comment.objects.get().state == CommentState.HELD
        long = " ".join(f"https://buy.example/{number}" for number in range(500))
        answer = send(client, article, body=long)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert_all_is_given_back(parsed(answer), body=long)

    def test_what_no_text_has_is_left_out(self, client: Client, article: Article) -> None:
        assert send(client, article, body="Nothing\0 here", answers="no uuid").status_code == 303
        assert Comment.objects.get().body == "Nothing here"


class TestClosed:
    def test_the_text_comes_back_without_a_form(self, client: Client, article: Article) -> None:
        with time_machine.travel(A_WEEK_LATER + timedelta(days=40), tick=False):
            answer = send(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        page = parsed(answer)
        assert not page.cssselect("form[action$='comments/']")
        (kept,) = page.cssselect("textarea[readonly]")
        assert kept.text_content().strip() == TYPED["body"].replace("\r\n", "\n")
        assert "its comments are closed" in page.text_content()

    def test_off(self, client: Client) -> None:
        article = make_article(comments_mode=CommentsMode.OFF)
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "takes no comments" in parsed(answer).text_content()

    def test_members_only_for_a_guest(self, client: Client, article: Article) -> None:
        CommentSettings.objects.create(commenters=Commenters.MEMBERS)
        answer = send(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        page = parsed(answer)
        assert page.cssselect(".plain a[href^='/account/login/']")
        assert page.cssselect("textarea[readonly]")
        client.force_login(make_person())
        assert send(client, article).status_code == HTTPStatus.SEE_OTHER


class TestPreview:
    def test_shows_what_it_would_be_and_keeps_everything(
        self, client: Client, article: Article
    ) -> None:
        answer = client.post(f"{article.address_path()}comments/preview/", TYPED)
        assert answer.status_code == HTTPStatus.OK
        page = parsed(answer)
        assert page.cssselect(".writing__shown em")[0].text_content() == "does"
        assert_all_is_given_back(page)
        assert not Comment.objects.exists()
        assert not answer.cookies

    def test_as_a_fragment_is_only_the_text(self, client: Client, article: Article) -> None:
        answer = client.post(
            f"{article.address_path()}comments/preview/",
            {"body": "A **bold** <script>word</script>", "fragment": "1"},
        )
        assert answer.content.decode().startswith("<p")
        assert "<strong>bold</strong>" in answer.content.decode()
        assert "<script" not in answer.content.decode()

    def test_far_too_much_is_refused(self, client: Client, article: Article) -> None:
        answer = client.post(
            f"{article.address_path()}comments/preview/", {"body": "a" * MOST_FORM_BYTES}
        )
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def test_an_account_sees_its_own_name_and_no_fields_of_guests(
        self, client: Client, article: Article
    ) -> None:
        client.force_login(named_person())
        page = parsed(client.post(f"{article.address_path()}comments/preview/", TYPED))
        assert not page.cssselect("#reply [name=name], #reply [name=email]")
        assert page.cssselect(".reply__writer b")

    def test_an_account_without_a_name_is_asked_for_one(
        self, client: Client, article: Article
    ) -> None:
        client.force_login(make_person())
        answer = send(client, article, name="")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = parsed(answer)
        assert error_at(page, "name")
        assert not page.cssselect("#reply [name=email]")


def test_in_a_long_thread_the_answer_leads_to_the_comments_own_page(article: Article) -> None:
    let_newcomers_in()
    long = [comment_on(article) for _number in range(ROOTS_AT_FIRST)]
    reply = comment_on(article, answers=long[0])
    assert comment_path(article, long[0]) == f"{article.address_path()}#comment-{long[0].uuid}"
    own = f"{article.address_path()}comments/{reply.uuid}/#comment-{reply.uuid}"
    assert comment_path(article, reply) == own
    last = comment_on(article)
    assert comment_path(article, last).startswith(f"{article.address_path()}comments/{last.uuid}/")
