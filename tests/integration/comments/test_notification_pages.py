"""The pages about letters: the end by one click, the answer of an address, and what is followed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from lxml.html import document_fromstring

from diurna.accounts.models import User
from diurna.comments.letter_links import end_link, settings_link
from diurna.comments.models import (
    Frequency,
    LetterAddress,
    Subscription,
    SubscriptionKind,
)
from diurna.comments.subscriptions import follow
from diurna.newsroom.models import Article
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in
from tests.factories.letters import (
    confirmation_path,
    follower,
    members_comment,
    named_member,
    path_of,
    post_of,
)
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
ADDRESS = "zoe@guests.example"


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


@pytest.fixture
def ada(article: Article) -> User:
    return named_member("Ada Reader")


def strict() -> Client:
    """A browser, or a mail program, that the protection against forged requests looks at."""
    return Client(enforce_csrf_checks=True)


class TestTheEnd:
    def test_comes_by_one_post_without_cookie_or_token(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        post_of(AT)
        comment_on(article)
        [letter] = post_of(AT)
        link = letter.extra_headers["List-Unsubscribe"].strip("<>")
        response = strict().post(path_of(link), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert not response.cookies
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.OFF
        comment_on(article)
        assert post_of(AT) == []

    def test_is_asked_about_when_the_link_is_opened(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        response = strict().get(path_of(end_link(subscription)))
        page = response.content.decode()
        assert "The harbour crane" in page
        assert '<form class="form" method="post">' in page
        assert (response["Cache-Control"], response["Referrer-Policy"]) == (
            "private, no-store",
            "same-origin",
        )
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.AT_ONCE

    @pytest.mark.parametrize("method", ["get", "head", "options", "put"])
    def test_comes_by_no_other_method(self, article: Article, method: str) -> None:
        subscription = follower(article, ADDRESS)
        getattr(strict(), method)(path_of(end_link(subscription)))
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.AT_ONCE

    def test_can_be_of_everything(self, article: Article, ada: User) -> None:
        first = members_comment(article, ada)
        follow(visitor=member(ada), article=article, at=AT)
        [one] = Subscription.objects.filter(kind=SubscriptionKind.ARTICLE)
        strict().post(path_of(end_link(one)), {"everything": "yes"})
        comment_on(article, "@Ada Reader, look", answers=first)
        assert post_of(AT) == []
        kept = Subscription.objects.filter(user=ada).values_list("frequency", flat=True)
        assert set(kept) == {Frequency.OFF}

    def test_of_a_daily_letter_is_of_everything(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        assert subscription.address is not None
        strict().post(path_of(end_link(subscription.address)))
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.OFF

    def test_can_come_twice(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        path = path_of(end_link(subscription))
        for _time in range(2):
            assert strict().post(path).status_code == 200
        subscription.delete()
        assert strict().post(path).status_code == 200
        assert strict().get(path).status_code == 200

    def test_comes_by_no_link_that_was_made_up(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        path = path_of(end_link(subscription))
        settings_path = path_of(settings_link(LetterAddress.objects.get()))
        token = settings_path.rstrip("/").rpartition("/")[2]
        for wrong in (path[:-3] + "xx/", f"/account/unsubscribe/{token}/"):
            assert strict().post(wrong).status_code == 404
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.AT_ONCE


class TestTheAnswerOfAnAddress:
    @pytest.fixture
    def path(self, article: Article) -> str:
        with time_machine.travel(AT, tick=False):
            follow(visitor=guest("Zoe"), article=article, email=ADDRESS, at=AT)
            post_of(AT)
            return confirmation_path(ADDRESS)

    def test_needs_the_button(self, path: str) -> None:
        with time_machine.travel(AT + timedelta(days=2), tick=False):
            page = Client().get(path).content.decode()
        assert "The harbour crane" in page
        assert not Subscription.objects.active().exists()

    def test_is_given_with_the_button(self, path: str, article: Article) -> None:
        subscription = Subscription.objects.get()
        with time_machine.travel(AT + timedelta(days=2), tick=False):
            page = Client().post(path, {"subscription": str(subscription.uuid)}).content.decode()
            assert "/account/notifications/guest/" in page
        comment_on(article)
        assert len(post_of(AT)) == 1

    def test_cannot_be_forged_from_another_site(self, path: str) -> None:
        subscription = Subscription.objects.get()
        with time_machine.travel(AT, tick=False):
            response = strict().post(path, {"subscription": str(subscription.uuid)})
        assert response.status_code == 403
        assert not Subscription.objects.active().exists()

    def test_can_be_no(self, path: str) -> None:
        with time_machine.travel(AT, tick=False):
            assert "No letters, then" in Client().post(path, {}).content.decode()
            assert "Nothing waits here" in Client().get(path).content.decode()
        assert not Subscription.objects.exists()


class TestWhatIsFollowed:
    def test_members_change_it(self, article: Article, ada: User) -> None:
        members_comment(article, ada)
        client = Client()
        client.force_login(ada)
        page = client.get("/account/notifications/").content.decode()
        assert "The harbour crane" in page
        row = Subscription.objects.get(kind=SubscriptionKind.REPLIES)
        client.post(
            "/account/notifications/",
            {f"frequency-{row.uuid}": "daily", "frequency-decisions": "off"},
        )
        row.refresh_from_db()
        assert row.frequency == Frequency.DAILY
        decisions = Subscription.objects.get(kind=SubscriptionKind.DECISIONS)
        assert (decisions.user, decisions.frequency) == (ada, Frequency.OFF)

    def test_looking_at_it_writes_nothing(self, article: Article, ada: User) -> None:
        client = Client()
        client.force_login(ada)
        client.get("/account/notifications/")
        assert not Subscription.objects.exists()

    def test_is_ended_all_at_once(self, article: Article, ada: User) -> None:
        members_comment(article, ada)
        client = Client()
        client.force_login(ada)
        client.post("/account/notifications/", {"everything": "yes"})
        assert set(Subscription.objects.values_list("frequency", flat=True)) == {Frequency.OFF}

    def test_is_nobody_elses(self, article: Article, ada: User) -> None:
        other = follower(article, ADDRESS)
        client = Client()
        client.force_login(ada)
        client.post(
            "/account/notifications/",
            {f"frequency-{other.uuid}": "off", "frequency-mentions": "sometimes"},
        )
        other.refresh_from_db()
        assert other.frequency == Frequency.AT_ONCE
        assert not Subscription.objects.filter(user=ada).exists()

    def test_needs_an_account_or_a_letter(self, article: Article) -> None:
        assert Client().get("/account/notifications/").status_code == 302
        assert Client().get("/account/notifications/guest/made-up/").status_code == 404

    def test_guests_change_it_by_the_link_of_a_letter(self, article: Article) -> None:
        subscription = follower(article, ADDRESS)
        post_of(AT)
        comment_on(article)
        [letter] = post_of(AT)
        found = re.search(r"\S+/account/notifications/guest/\S+", str(letter.body))
        assert found is not None
        path = path_of(found[0])
        page = Client().get(path).content.decode()
        assert "The harbour crane" in page
        assert "noindex" in page
        assert ADDRESS not in page
        Client().post(path, {f"frequency-{subscription.uuid}": "daily"})
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.DAILY
        Client().post(path, {"everything": "yes"})
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.OFF


class TestTheFormBelowAThread:
    def address(self, article: Article) -> str:
        return f"{article.address_path()}comments/follow/"

    def test_asks_a_guest_and_makes_it_known(self, article: Article) -> None:
        client = Client()
        response = client.post(self.address(article), {"email": ADDRESS, "frequency": "daily"})
        assert response.status_code == 200
        assert "a letter is on its way" in response.content.decode()
        assert client.cookies
        made = Subscription.objects.get()
        assert (made.article_id, made.frequency) == (article.pk, Frequency.DAILY)
        assert made.confirmed_at is None

    def test_takes_a_member_at_once(self, article: Article, ada: User) -> None:
        client = Client()
        client.force_login(ada)
        client.post(self.address(article), {"email": "ignored@home.example"})
        assert Subscription.objects.active().get().user == ada

    def test_follows_what_is_below_a_comment(self, article: Article) -> None:
        root = comment_on(article)
        reply = comment_on(article, answers=root)
        Client().post(self.address(article), {"email": ADDRESS, "comment": str(reply.uuid)})
        assert Subscription.objects.get().comment == root

    def test_gives_back_what_was_typed_with_what_is_amiss(self, article: Article) -> None:
        response = Client().post(
            self.address(article), {"email": 'no "address"', "frequency": "daily"}
        )
        page = response.content.decode()
        assert response.status_code == 422
        fields = document_fromstring(page).cssselect("[name=email]")
        assert 'no "address"' in [field.get("value") for field in fields]
        assert '<option value="daily" selected>' in page
        assert not Subscription.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"email": ADDRESS, "comment": "nonsense"}, 404),
            ({"email": ADDRESS, "comment": "00000000-0000-4000-8000-000000000000"}, 404),
            ({"email": f"{'a' * 5000}@home.example"}, 422),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, article: Article, sent: dict[str, str], status: int
    ) -> None:
        assert Client().post(self.address(article), sent).status_code == status
        assert not Subscription.objects.exists()

    def test_cannot_be_sent_by_another_site(self, article: Article) -> None:
        response = strict().post(
            self.address(article), {"email": ADDRESS}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert response.status_code == 403
        assert not Subscription.objects.exists()

    def test_is_not_there_where_comments_are_off(self, article: Article) -> None:
        Article.objects.filter(pk=article.pk).update(comments_mode="off")
        response = Client().post(self.address(article), {"email": ADDRESS})
        assert response.status_code == 403
