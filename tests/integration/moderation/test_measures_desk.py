"""Measures and readers at the desk: who gets in, what is decided there, and what is never shown."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client

from diurna.accounts.models import User
from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.moderation.measures import impose
from diurna.moderation.models import Measure, MeasureKind, MeasureOn
from diurna.newsroom.models import Article
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, moderator, published_comment
from tests.factories.letters import named_member
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
NEW = "/newsroom/moderation/measures/new/"
LIST = "/newsroom/moderation/measures/"


@pytest.fixture(name="clock", autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(A_WEEK_LATER, tick=False):
        yield


@pytest.fixture(name="newsroom", autouse=True)
def _newsroom(clock: None) -> None:
    # With its house rules.
    make_front()


@pytest.fixture(name="article")
def _article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


@pytest.fixture(name="ada")
def _ada() -> User:
    return named_member("Ada Reader")


@pytest.fixture(name="comment")
def _comment(article: Article, ada: User) -> Comment:
    return published_comment(article, visitor=member(ada, network=77))


def signed_in(user: User) -> Client:
    """A browser in which this person has come to the desk."""
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(name="desk")
def _desk() -> Client:
    return signed_in(moderator())


FORM = {"kind": "suspension", "rule": "insult", "reason": "Three insults.", "days": "3"}


def test_a_reader_is_suspended_because_of_a_comment(
    desk: Client, comment: Comment, ada: User
) -> None:
    page = desk.get(NEW, {"comment": str(comment.uuid)})
    assert page.status_code == HTTPStatus.OK
    answer = desk.post(NEW, {**FORM, "comment": str(comment.uuid), "on": "account"})
    made = Measure.objects.get()
    assert answer.headers["Location"] == f"{LIST}#measure-{made.uuid}"
    assert (made.user, made.kind, made.comment) == (ada, "suspension", comment)
    assert made.moderator == moderator()
    shown = desk.get(LIST).content.decode()
    assert "Three insults." in shown
    assert "Ada Reader" in shown


def test_the_network_of_a_comment(desk: Client, comment: Comment) -> None:
    desk.post(NEW, {**FORM, "comment": str(comment.uuid), "on": "network"})
    assert Measure.objects.get().network_name == 77


def test_a_domain_of_a_large_provider_is_asked_about_twice(desk: Client) -> None:
    form = {
        "kind": "ban",
        "rule": "advertising",
        "reason": "Spam.",
        "on": "domain",
        "what": "gmail.com",
    }
    answer = desk.post(NEW, form)
    assert not Measure.objects.exists()
    assert 'name="confirmed"' in answer.content.decode()
    assert "gmail.com" in answer.content.decode()
    desk.post(NEW, {**form, "confirmed": "1"})
    assert Measure.objects.get().domain == "gmail.com"


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "domain"},
        {"kind": "shadow"},
        {"days": "many"},
        {"days": "99999999999999999999"},
        {"days": "²"},
        {"reason": ""},
        {"on": "guest"},
    ],
)
def test_what_is_amiss_comes_back_with_all_that_was_typed(
    desk: Client, ada: User, wrong: dict[str, str]
) -> None:
    answer = desk.post(NEW, {**FORM, "reader": str(ada.uuid), "on": "account", **wrong})
    assert answer.status_code == HTTPStatus.OK
    assert not Measure.objects.exists()
    assert wrong.get("reason", "Three insults.") in answer.content.decode()


@pytest.mark.parametrize("name", ["nobody", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_not_found(desk: Client, name: str) -> None:
    assert desk.get(NEW, {"reader": name}).status_code == HTTPStatus.NOT_FOUND
    assert desk.get(NEW, {"comment": name}).status_code == HTTPStatus.NOT_FOUND


def test_lifting_needs_a_reason(desk: Client, ada: User) -> None:
    made = impose(
        kind=MeasureKind.BAN,
        on=MeasureOn.ACCOUNT,
        user=ada,
        moderator=moderator(),
        rule="insult",
        reason="Again.",
    )
    lift = f"{LIST}{made.uuid}/lift/"
    assert "say in a few words why" in desk.post(lift, follow=True).content.decode()
    shown = desk.post(lift, {"because": "It was a mistake."}, follow=True).content.decode()
    made.refresh_from_db()
    assert made.lifted_by == moderator()
    assert "It was a mistake." in shown


class TestReader:
    def test_the_history_without_any_address(
        self, desk: Client, comment: Comment, ada: User
    ) -> None:
        decide(
            comment=comment,
            to=State.REMOVED,
            moderator=moderator(),
            rule="insult",
            reason="You call her a fool.",
        )
        impose(
            kind=MeasureKind.WARNING,
            on=MeasureOn.ACCOUNT,
            user=ada,
            moderator=moderator(),
            rule="insult",
            reason="First warning.",
        )
        shown = desk.get(f"/newsroom/moderation/readers/{ada.uuid}/").content.decode()
        for words in ("Ada Reader", "Removed: 1", "You call her a fool.", "First warning."):
            assert words in shown
        assert ada.email not in shown

    def test_a_guest(self, desk: Client, article: Article) -> None:
        published_comment(article, visitor="Bob", email="bob@home.example")
        shown = desk.get(f"/newsroom/moderation/readers/{guest('Bob').guest}/").content.decode()
        assert "A guest" in shown
        assert "bob@home.example" not in shown

    def test_a_member_without_a_name_is_no_address(self, desk: Client) -> None:
        person = make_person()
        shown = desk.get(f"/newsroom/moderation/readers/{person.uuid}/").content.decode()
        assert person.email not in shown

    def test_many_comments_cost_no_more(
        self, desk: Client, article: Article, ada: User, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(12):
            published_comment(article, visitor=member(ada))
        address = f"/newsroom/moderation/readers/{ada.uuid}/"
        desk.get(address)
        with django_assert_max_num_queries(30):
            desk.get(address)


@pytest.mark.parametrize("role", ["writer", "editor", "administrator"])
def test_other_roles_are_refused(ada: User, role: str) -> None:
    browser = signed_in(make_person(role))
    addresses = [LIST, NEW, f"/newsroom/moderation/readers/{ada.uuid}/"]
    for address in addresses:
        # Wagtail sends who has no right to the desk's start page.
        assert browser.get(address).headers["Location"] == "/newsroom/"
