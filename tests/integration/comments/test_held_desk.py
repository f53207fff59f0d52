"""Published comments at the desk: who gets in, what a moderator decides, what an editor picks."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.comments import held_desk
from diurna.comments.models import Comment, CommentState, Pick, Transition
from diurna.newsroom.models import Article
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, published_comment
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)

PUBLISHED = "diurna_comments_published"


@pytest.fixture(autouse=True)
def _a_week_later() -> Iterator[None]:
    with time_machine.travel(A_WEEK_LATER, tick=True):
        yield


@pytest.fixture
def article() -> Article:
    return make_article("The crane turns")


def at_desk(role: Role) -> Client:
    user = make_person(role)
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def gets_in(answer: Any) -> bool:
    """Whether the page was shown; Wagtail sends those without the right to the desk's start."""
    if answer.status_code == HTTPStatus.OK:
        return True
    assert answer.status_code in (HTTPStatus.FOUND, HTTPStatus.FORBIDDEN)
    return False


def press(client: Client, comment: Comment, **fields: str) -> Any:
    return client.post(reverse("diurna_comment", args=[comment.uuid]), fields, follow=True)


@pytest.mark.parametrize(
    ("role", "decides", "picks"),
    [
        (Role.WRITER, False, False),
        (Role.EDITOR, False, True),
        (Role.PUBLISHER, True, True),
        (Role.MODERATOR, True, False),
        (Role.ADMINISTRATOR, False, False),
    ],
)
def test_each_role_and_each_address(
    article: Article, role: Role, decides: bool, picks: bool
) -> None:
    waiting, shown = comment_on(article), published_comment(article)
    client = at_desk(role)
    assert gets_in(client.get(reverse(PUBLISHED))) == (decides or picks)
    one = reverse("diurna_comment", args=[waiting.uuid])
    assert gets_in(client.get(one)) == (decides or picks)
    press(client, waiting, decision="published")
    waiting.refresh_from_db()
    assert (waiting.state == CommentState.PUBLISHED) == decides
    press(client, shown, pick="on", reason="It says what the crane weighs.")
    assert Pick.objects.exists() == picks


def test_nobody_gets_in_without_the_desk(article: Article) -> None:
    waiting = comment_on(article)
    reader = Client()
    reader.force_login(make_person())
    for client in (Client(), reader):
        assert not gets_in(client.get(reverse(PUBLISHED)))
        press(client, waiting, decision="published")
    waiting.refresh_from_db()
    assert waiting.state == CommentState.HELD


class TestModerator:
    @pytest.fixture
    def client(self) -> Client:
        return at_desk(Role.MODERATOR)

    def test_sees_the_newest_first_and_why_one_waits(
        self, client: Client, article: Article
    ) -> None:
        published_comment(article, "First words")
        published_comment(article, "Second words", at=A_WEEK_LATER + HOUR)
        page = client.get(reverse(PUBLISHED)).content.decode()
        assert page.index("Second words") < page.index("First words")
        waits = comment_on(article)
        page = client.get(reverse("diurna_comment", args=[waits.uuid])).content.decode()
        assert "first comment waits for a moderator" in page
        # What readers gave for the newsroom's letters is nobody's business here.
        assert "reader@home.example" not in page

    def test_publishes_and_removes_with_a_reason(self, client: Client, article: Article) -> None:
        good, bad = comment_on(article), comment_on(article)
        answer = press(client, good, decision="published", next=reverse(PUBLISHED))
        assert answer.redirect_chain == [(reverse(PUBLISHED), 302)]
        press(client, bad, decision="removed", reason="It names  a private person.")
        good.refresh_from_db()
        bad.refresh_from_db()
        assert (good.state, bad.state) == (CommentState.PUBLISHED, CommentState.REMOVED)
        assert Transition.objects.get(comment=bad, after="removed").reason == (
            "It names a private person."
        )

    def test_a_second_decision_says_that_it_is_too_late(
        self, client: Client, article: Article
    ) -> None:
        comment = comment_on(article)
        press(client, comment, decision="spam")
        answer = press(client, comment, decision="removed")
        assert "can’t become" in answer.content.decode()
        comment.refresh_from_db()
        assert comment.state == CommentState.SPAM

    def test_what_is_no_decision_is_refused(self, client: Client, article: Article) -> None:
        comment = comment_on(article)
        address = reverse("diurna_comment", args=[comment.uuid])
        for fields in ({"decision": "submitted2"}, {}):
            assert not gets_in(client.post(address, fields))
        comment.refresh_from_db()
        assert comment.state == CommentState.HELD

    def test_does_not_follow_an_address_elsewhere(self, client: Client, article: Article) -> None:
        comment = comment_on(article)
        fields = {"decision": "published", "next": "https://elsewhere.example/"}
        answer = client.post(reverse("diurna_comment", args=[comment.uuid]), fields)
        assert answer["Location"] == reverse("diurna_comment", args=[comment.uuid])


def test_a_moderator_comes_from_a_story_to_its_comments() -> None:
    client = at_desk(Role.MODERATOR)
    here, there = make_article("Here"), make_article("There")
    published_comment(here, "Words below this story")
    published_comment(there, "Words below another")
    fragment = {"page": here.address_path()}
    link = f"{reverse(PUBLISHED)}?story={here.uuid}"
    assert link in client.get("/account/fragment/", fragment).content.decode()
    assert "story=" not in at_desk(Role.EDITOR).get("/account/fragment/", fragment).content.decode()
    page = client.get(link).content.decode()
    assert ("Words below this story" in page, "Words below another" in page) == (True, False)
    every = client.get(reverse(PUBLISHED), {"story": "no uuid"}).content.decode()
    assert "Words below another" in every


def test_an_editor_picks_changes_and_lets_go(article: Article) -> None:
    client = at_desk(Role.EDITOR)
    comment = published_comment(article)
    press(client, comment, pick="on", reason="")
    assert not Pick.objects.exists()
    for reason in ("It says why.", "It says how."):
        press(client, comment, pick="on", reason=reason)
        assert Pick.objects.get().reason == reason
    press(client, comment, pick="off")
    assert not Pick.objects.exists()


def test_a_long_list_is_counted_as_far_as_it_is_shown_and_says_so(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        published_comment(article, body=f"Said as number {number}.")
    monkeypatch.setattr(held_desk, "MOST_LISTED", 2)
    client = at_desk(Role.MODERATOR)
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(reverse(PUBLISHED)).content.decode()
    assert "These are the newest 2. Older ones are found by the search for comments." in shown
    assert "number 1." in shown
    assert "number 0." not in shown
    counted = [
        each["sql"] for each in asked if "COUNT" in each["sql"] and "published_at" in each["sql"]
    ]
    assert counted
    assert all("LIMIT 2" in sql for sql in counted), counted
    monkeypatch.setattr(held_desk, "MOST_LISTED", 4)
    assert "These are the newest" not in client.get(reverse(PUBLISHED)).content.decode()
