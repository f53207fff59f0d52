"""A typed address is asked first, seldom, and by a letter without a word that anybody typed."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from diurna.accounts.erasure import erase_guest
from diurna.accounts.models import Guest
from diurna.comments import confirmations
from diurna.comments.confirmations import ASKED_BY_NETWORK, TooManyAsked, forget_unanswered
from diurna.comments.deciding import decide
from diurna.comments.models import (
    CommentSettings,
    CommentState,
    ConfirmationAsked,
    Frequency,
    Letter,
    LetterAddress,
    LetterKind,
    Subscription,
)
from diurna.comments.states import State
from diurna.comments.subscriptions import Followed, NoAddress, follow, stop_all, subscribe_author
from diurna.newsroom.models import Article
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in, moderator
from tests.factories.letters import confirmation_path, follower, post_of, say_yes, to
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
A_DAY = timedelta(days=1)
VICTIM = "victim@home.example"


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


def asks(
    article: Article, browser: str, email: str = VICTIM, *, after: timedelta = A_DAY * 0
) -> Followed:
    return follow(visitor=guest(browser), article=article, email=email, at=AT + after)


class TestTheLetterThatAsks:
    def test_holds_nothing_that_anybody_has_typed(self, article: Article) -> None:
        name, words = "Win A Prize", "Buy at evil.example now"
        first = comment_on(article, words, visitor=name, email=VICTIM)
        subscribe_author(comment=first, at=AT)
        [letter] = post_of(AT)
        assert isinstance(letter, EmailMultiAlternatives)
        whole = str(letter.message()) + letter.body + str(letter.alternatives)
        assert letter.to == [VICTIM]
        for typed in (name, words, "evil", "harbour crane"):
            assert typed not in whole
        assert "/account/notifications/confirm/" in letter.body
        assert "List-Unsubscribe" not in letter.extra_headers

    def test_comes_when_the_comment_is_published_and_not_before(self, article: Article) -> None:
        CommentSettings.objects.update(hold_newcomers=True)
        held = comment_on(article, visitor="Zoe", email=VICTIM)
        subscribe_author(comment=held, at=AT)
        assert post_of(AT + A_DAY) == []
        decide(comment=held, to=State.PUBLISHED, moderator=moderator(), rule="read", at=AT)
        assert to(post_of(AT)) == [VICTIM]

    @pytest.mark.parametrize("state", [State.SPAM, State.REMOVED])
    def test_never_comes_for_what_is_refused(self, article: Article, state: State) -> None:
        CommentSettings.objects.update(hold_newcomers=True)
        held = comment_on(article, visitor="Zoe", email=VICTIM)
        subscribe_author(comment=held, at=AT)
        decide(comment=held, to=state, moderator=moderator(), rule="spam", at=AT)
        assert post_of(AT + A_DAY) == []

    def test_comes_once_a_day_however_many_comments_and_browsers_name_the_address(
        self, article: Article
    ) -> None:
        others = [make_article(f"Story {number}") for number in range(3)]
        for number in range(12):
            comment = comment_on(
                others[number % 3], visitor=f"Browser {number}", email=VICTIM,
                at=AT + timedelta(minutes=number),
            )  # fmt: skip
            subscribe_author(comment=comment, at=AT + timedelta(minutes=number))
            asks(article, f"Browser {number}", after=timedelta(minutes=number))
            post_of(AT + timedelta(minutes=number))
        assert len(mail.outbox) == 1
        asks(article, "Another", after=A_DAY + timedelta(minutes=1))
        assert len(post_of(AT + A_DAY + timedelta(minutes=1))) == 1

    def test_comes_once_a_day_also_for_what_follows_a_plus_or_in_capitals(
        self, article: Article
    ) -> None:
        for number in range(5):
            asks(article, f"Browser {number}", f"Victim+{number}@HOME.example")
        assert len(post_of(AT)) == 1

    def test_comes_once_a_day_also_where_browsers_have_themselves_erased(
        self, article: Article
    ) -> None:
        for number in range(3):
            asks(article, f"Browser {number}")
            post_of(AT)
            erase_guest(guest=Guest.objects.get())
            assert not LetterAddress.objects.exists()
        assert len(mail.outbox) == 1

    def test_is_not_sent_for_many_addresses_from_one_network(self, article: Article) -> None:
        def ask(email: str, *, network: int, after: timedelta = A_DAY * 0) -> None:
            visitor = guest(email, network=network)
            follow(visitor=visitor, article=article, email=email, at=AT + after)

        for number in range(ASKED_BY_NETWORK):
            ask(f"victim{number}@home.example", network=7)
        with pytest.raises(TooManyAsked, match="in an hour"):
            ask("one-more@home.example", network=7)
        ask("one-more@home.example", network=8)
        ask("later@home.example", network=7, after=timedelta(hours=1))


class TestTheAnswer:
    def test_without_it_nothing_is_sent(self, article: Article) -> None:
        asks(article, "Zoe")
        post_of(AT)
        comment_on(article)
        assert post_of(AT + A_DAY) == []

    def test_counts_for_what_the_same_browser_asks_afterwards(self, article: Article) -> None:
        follower(article, VICTIM)
        other = make_article("Another story")
        follow(visitor=guest(VICTIM), article=other, email=VICTIM, at=AT)
        mail.outbox.clear()
        comment_on(other)
        assert "Another story" in post_of(AT)[-1].subject

    def test_counts_for_no_other_browser(self, article: Article) -> None:
        follower(article, VICTIM)
        other = make_article("Another story")
        made = asks(other, "Stranger").subscription
        assert made.confirmed_at is None
        post_of(AT)
        comment_on(other)
        assert post_of(AT) == []

    def test_of_one_for_two_browsers_makes_neither_of_them_known(self, article: Article) -> None:
        asks(article, "Stranger")
        asks(article, "Owner")
        say_yes(VICTIM, AT)
        made = asks(make_article("Another story"), "Stranger").subscription
        assert made.confirmed_at is None

    def test_is_worth_nothing_once_everything_was_ended(self, article: Article) -> None:
        subscription = follower(article, VICTIM)
        assert subscription.address is not None
        stop_all(recipient=subscription.address, at=AT)
        follow(visitor=guest(VICTIM), article=article, email=VICTIM, at=AT)
        post_of(AT)
        comment_on(article)
        assert post_of(AT) == []

    def test_leaves_out_what_was_not_chosen(self, article: Article) -> None:
        other = make_article("Another story")
        wanted = asks(article, "Owner").subscription
        asks(other, "Stranger")
        address = LetterAddress.objects.get()
        assert confirmations.confirm(address=address, chosen=[str(wanted.uuid)], at=AT) == 1
        assert list(Subscription.objects.values_list("article__title", flat=True)) == [
            "The harbour crane"
        ]

    def test_must_come_within_three_days(self, article: Article) -> None:
        with time_machine.travel(AT, tick=False):
            asks(article, "Zoe")
            post_of(AT)
            path = confirmation_path(VICTIM)
        with time_machine.travel(AT + timedelta(days=3, seconds=1), tick=False):
            assert Client().get(path).status_code == 404
        forget_unanswered(AT + timedelta(days=3))
        assert not Subscription.objects.exists()
        assert not LetterAddress.objects.exists()
        assert not ConfirmationAsked.objects.exists()

    def test_leaves_the_letters_about_something_else_alone(self, article: Article) -> None:
        with time_machine.travel(AT, tick=False):
            asks(article, "Zoe")
        address = LetterAddress.objects.get()
        Letter.objects.create(
            kind=LetterKind.NOTICE, address=address, about=uuid4(), made_at=AT, due_at=AT
        )
        forget_unanswered(AT + timedelta(days=3))
        assert not Subscription.objects.exists()
        assert LetterAddress.objects.get() == address
        assert Letter.objects.filter(kind=LetterKind.NOTICE).exists()

    def test_is_kept_for_good(self, article: Article) -> None:
        follower(article, VICTIM)
        forget_unanswered(AT + timedelta(days=400))
        assert Subscription.objects.active().count() == 1


class TestAStrangerWhoTypesAnAddress:
    def test_does_not_change_what_the_owner_has(self, article: Article) -> None:
        subscription = follower(article, VICTIM)
        follow(
            visitor=guest("Stranger"), article=article, email=VICTIM,
            frequency=Frequency.DAILY, at=AT,
        )  # fmt: skip
        subscription.refresh_from_db()
        assert subscription.frequency == Frequency.AT_ONCE
        assert subscription.confirmed_at is not None

    def test_is_told_the_same_whatever_the_address_has(self, article: Article) -> None:
        new = asks(article, "Stranger", "new@home.example").sentence
        follower(article, VICTIM)
        assert asks(article, "Stranger", VICTIM).sentence == new

    @pytest.mark.parametrize(
        "typed",
        ["", "nobody", "a@b", "a@b.example\nBcc: x@y.example", f"{'a' * 300}@home.example"],
    )
    def test_gets_what_is_no_address_back(self, article: Article, typed: str) -> None:
        with pytest.raises(NoAddress, match="e-mail address"):
            asks(article, "Stranger", typed)
        assert not Letter.objects.exists()


def test_a_member_is_not_asked(article: Article) -> None:
    who = member()
    assert who.user is not None
    follow(visitor=who, article=article, at=AT)
    assert post_of(AT) == []
    comment = comment_on(article)
    assert comment.state == CommentState.PUBLISHED
    assert to(post_of(AT)) == [who.user.email]
