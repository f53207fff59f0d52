"""Who gets which letter about a comment, when, and who never does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from diurna.accounts.addresses import placeholder_address
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.digests import next_digest
from diurna.comments.models import (
    CommentSettings,
    CommentState,
    Frequency,
    Letter,
    LetterState,
    Subscription,
    SubscriptionKind,
)
from diurna.comments.sending import LETTERS_AN_HOUR
from diurna.comments.states import State
from diurna.comments.subscriptions import (
    follow,
    set_for_reader,
    set_frequency,
    stop_all,
    subscribe_author,
)
from diurna.comments.undoing import UNDO_WINDOW
from diurna.newsroom.models import Article, NewsroomSettings
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.letters import (
    follower,
    members_comment,
    named_member,
    post_of,
    say_yes,
    to,
)
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


def hold_newcomers() -> None:
    CommentSettings.objects.update(hold_newcomers=True)


class TestAnswers:
    def test_a_member_who_asked_hears_of_an_answer(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        answer = comment_on(article, "The *crane* is older.", answers=first, email="x@y.example")
        [letter] = post_of(LATER)
        assert letter.to == ["ada@members.example"]
        assert letter.subject == "An answer to your comment: The harbour crane"
        assert "> The crane is older." in letter.body
        assert f"/comments/{answer.uuid}/" in letter.body

    def test_nobody_hears_of_an_answer_who_did_not_ask(self, article: Article) -> None:
        first = comment_on(article, visitor=member(named_member("Ada Reader")))
        comment_on(article, answers=first)
        assert post_of(LATER) == []

    def test_an_answer_to_an_answer_is_not_the_first_ones(self, article: Article) -> None:
        first = members_comment(article, named_member("Ada Reader"))
        second = comment_on(article, answers=first)
        post_of(LATER)
        comment_on(article, answers=second)
        assert post_of(LATER) == []

    def test_nobody_hears_of_ones_own_answer(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        follow(visitor=member(ada), article=article, at=AT)
        comment_on(article, answers=first, visitor=member(ada))
        assert post_of(LATER) == []

    def test_an_account_without_a_confirmed_address_gets_nothing(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        ada.email = placeholder_address(ada.uuid)
        ada.save()
        comment_on(article, answers=first)
        assert post_of(LATER) == []
        assert not Letter.objects.exists()

    def test_a_closed_account_gets_nothing(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        comment_on(article, answers=first)
        ada.is_active = False
        ada.save()
        assert post_of(LATER) == []
        assert Letter.objects.get().state == LetterState.DROPPED


class TestMentions:
    @pytest.fixture
    def ann(self, article: Article) -> Any:
        ann = named_member("Ann Lee")
        comment_on(article, visitor=member(ann))
        set_for_reader(recipient=ann, kind=SubscriptionKind.MENTIONS, frequency=Frequency.AT_ONCE)
        return ann

    @pytest.mark.parametrize("text", ["@Ann Lee, look", "as @ann lee says", "(@ANN LEE)"])
    def test_a_member_of_the_thread_is_found_by_name(
        self, article: Article, ann: object, text: str
    ) -> None:
        comment_on(article, text)
        [letter] = post_of(LATER)
        assert letter.to == ["ann@members.example"]
        assert letter.subject == "You are mentioned: The harbour crane"

    @pytest.mark.parametrize("text", ["Ann Lee, look", "@Ann Leeway", "me@Ann Lee", "@Ann"])
    def test_other_words_name_nobody(self, article: Article, ann: object, text: str) -> None:
        comment_on(article, text)
        assert post_of(LATER) == []

    def test_the_longer_name_is_meant(self, article: Article, ann: object) -> None:
        short = named_member("Ann", email="short@members.example")
        comment_on(article, visitor=member(short))
        set_for_reader(recipient=short, kind=SubscriptionKind.MENTIONS, frequency=Frequency.AT_ONCE)
        comment_on(article, "@Ann Lee is right")
        assert to(post_of(LATER)) == ["ann@members.example"]
        comment_on(article, "@Ann is right")
        assert to(post_of(LATER)) == ["short@members.example"]

    def test_who_wrote_only_elsewhere_is_not_told(self, article: Article) -> None:
        ann = named_member("Ann Lee")
        comment_on(make_article("Another story"), visitor=member(ann))
        set_for_reader(recipient=ann, kind=SubscriptionKind.MENTIONS, frequency=Frequency.AT_ONCE)
        comment_on(article, "@Ann Lee, look")
        assert post_of(LATER) == []

    def test_a_guest_of_that_name_is_nobodys_address(self, article: Article) -> None:
        first = comment_on(article, visitor="Zoe Guest", email="zoe@guests.example")
        subscribe_author(comment=first, at=AT)
        say_yes("zoe@guests.example", AT)
        comment_on(article, "@Zoe Guest, look")
        assert "zoe@guests.example" not in [
            address for each in post_of(LATER) for address in each.to if "mention" in each.subject
        ]

    def test_asking_for_answers_asks_for_mentions_until_they_are_ended(
        self, article: Article
    ) -> None:
        eve = named_member("Eve Member")
        members_comment(article, eve)
        comment_on(article, "@Eve Member, look")
        assert len(post_of(LATER)) == 1
        set_for_reader(recipient=eve, kind=SubscriptionKind.MENTIONS, frequency=Frequency.OFF)
        members_comment(article, eve, body="Another of mine.")
        comment_on(article, "@Eve Member, look again")
        assert post_of(LATER) == []


class TestFollowing:
    def test_a_story_and_a_conversation(self, article: Article) -> None:
        root = comment_on(article)
        reply = comment_on(article, answers=root)
        follower(article, "all@guests.example")
        # Following a reply follows its conversation.
        follower(article, "part@guests.example", comment=reply)
        post_of(LATER)
        comment_on(article)
        assert to(post_of(LATER)) == ["all@guests.example"]
        comment_on(article, answers=root)
        assert to(post_of(LATER)) == ["all@guests.example", "part@guests.example"]

    def test_several_subscriptions_lead_to_one_letter_that_says_the_nearest(
        self, article: Article
    ) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        follow(visitor=member(ada), article=article, at=AT)
        follow(visitor=member(ada), article=article, comment=first, at=AT)
        # The same mailbox once more, as a guest's.
        follower(article, "ada@members.example")
        mail.outbox.clear()
        comment_on(article, "@Ada Reader: yes", answers=first, email="x@y.example")
        letters = [each for each in post_of(LATER) if "confirm" not in each.subject]
        assert [each.subject for each in letters] == [
            "An answer to your comment: The harbour crane"
        ]

    def test_another_article_is_another_thing(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        comment_on(make_article("Another story"))
        assert post_of(LATER) == []


class TestBeforeAndAfterPublication:
    def test_nothing_before_publication_and_one_letter_after(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        hold_newcomers()
        held = comment_on(article)
        assert held.state == CommentState.HELD
        assert post_of(LATER + timedelta(days=1)) == []
        decide(comment=held, to=State.PUBLISHED, moderator=moderator(), rule="read", at=LATER)
        assert to(post_of(LATER)) == ["all@guests.example"]
        assert post_of(LATER) == []

    @pytest.mark.parametrize("state", [State.SPAM, State.REMOVED])
    def test_what_is_refused_is_told_to_nobody(self, article: Article, state: State) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        hold_newcomers()
        held = comment_on(article)
        decide(comment=held, to=state, moderator=moderator(), rule="spam", at=LATER)
        assert post_of(LATER) == []

    @pytest.mark.parametrize("state", [State.HIDDEN, State.REMOVED])
    def test_what_is_gone_before_the_letter_is_not_sent(
        self, article: Article, state: State
    ) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        comment = comment_on(article)
        decide(comment=comment, to=state, moderator=moderator(), rule="tone", at=LATER)
        assert post_of(LATER) == []
        assert Letter.objects.get(comment=comment).state == LetterState.DROPPED

    def test_what_its_author_took_back_is_not_sent(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        comment = comment_on(article)
        delete_comment(comment=comment, by=Author(comment.pk), at=LATER)
        assert post_of(LATER) == []

    def test_a_story_that_was_withdrawn_sends_nothing(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        comment_on(article)
        Article.objects.filter(pk=article.pk).update(live=False)
        assert post_of(LATER) == []

    def test_hidden_and_shown_again_is_not_told_twice(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        comment = comment_on(article)
        assert len(post_of(LATER)) == 1
        for state in (State.HIDDEN, State.PUBLISHED):
            decide(comment=comment, to=state, moderator=moderator(), rule="look", at=LATER)
            comment.refresh_from_db()
        assert post_of(LATER) == []

    def test_who_has_ended_it_before_the_letter_gets_none(self, article: Article) -> None:
        subscription = follower(article, "all@guests.example")
        post_of(LATER)
        comment_on(article)
        set_frequency(subscription=subscription, frequency=Frequency.OFF)
        assert post_of(LATER) == []


class TestDailyLetters:
    def test_one_letter_at_seven_with_all_of_the_day(self, article: Article) -> None:
        follower(article, "daily@guests.example", frequency=Frequency.DAILY)
        post_of(LATER)
        for number in range(3):
            comment_on(article, f"Word number {number}.", at=AT + timedelta(minutes=number))
        assert post_of(AT + timedelta(hours=3)) == []
        [letter] = post_of(next_digest(AT))
        assert letter.to == ["daily@guests.example"]
        assert letter.subject.startswith("3 new comments at ")
        assert [f"Word number {number}." in letter.body for number in range(3)] == [True] * 3
        assert post_of(next_digest(AT) + timedelta(days=1)) == []

    def test_what_was_removed_meanwhile_is_left_out(self, article: Article) -> None:
        follower(article, "daily@guests.example", frequency=Frequency.DAILY)
        post_of(LATER)
        gone, _stays = comment_on(article, "Gone soon."), comment_on(article, "Here to stay.")
        decide(comment=gone, to=State.REMOVED, moderator=moderator(), rule="tone", at=LATER)
        [letter] = post_of(next_digest(AT))
        assert "Gone soon" not in letter.body
        assert "Here to stay" in letter.body

    @pytest.mark.parametrize(
        ("zone", "written", "sent"),
        [
            ("UTC", datetime(2026, 11, 8, 6, 59, tzinfo=UTC), datetime(2026, 11, 8, 7, tzinfo=UTC)),
            ("UTC", datetime(2026, 11, 8, 7, 0, tzinfo=UTC), datetime(2026, 11, 9, 7, tzinfo=UTC)),
            (
                "America/New_York",
                datetime(2026, 11, 8, 11, 59, tzinfo=UTC),
                datetime(2026, 11, 8, 12, tzinfo=UTC),
            ),
            # The night in which clocks go back: 7 o'clock is an hour later in UTC.
            (
                "Europe/Lisbon",
                datetime(2026, 10, 24, 12, tzinfo=UTC),
                datetime(2026, 10, 25, 7, tzinfo=UTC),
            ),
        ],
    )
    def test_seven_is_the_newsrooms_seven(
        self, article: Article, zone: str, written: datetime, sent: datetime
    ) -> None:
        NewsroomSettings.objects.update_or_create(pk=1, defaults={"time_zone": zone})
        assert next_digest(written) == sent

    def test_more_than_the_cap_comes_in_the_daily_letter(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(LATER)
        for number in range(LETTERS_AN_HOUR + 3):
            comment_on(article, at=AT + timedelta(seconds=number))
        assert len(post_of(LATER)) == LETTERS_AN_HOUR
        assert post_of(LATER + timedelta(minutes=30)) == []
        [letter] = post_of(next_digest(LATER))
        assert letter.subject.startswith("3 new comments at ")

    def test_after_an_hour_letters_come_at_once_again(self, article: Article) -> None:
        follower(article, "all@guests.example")
        for number in range(LETTERS_AN_HOUR):
            comment_on(article, at=AT + timedelta(seconds=number))
        post_of(LATER)
        afterwards = LATER + timedelta(hours=1)
        comment_on(article, at=afterwards)
        assert len(post_of(afterwards)) == 1


class TestDecisions:
    @pytest.fixture
    def held(self, article: Article) -> Any:
        hold_newcomers()
        return comment_on(article, visitor=member(named_member("Ada Reader")))

    @pytest.mark.parametrize(
        ("ways", "subject"),
        [
            ([State.PUBLISHED], "Your comment is published: The harbour crane"),
            ([State.REMOVED], "Your comment was removed: The harbour crane"),
            ([State.PUBLISHED, State.HIDDEN], "Your comment is hidden: The harbour crane"),
        ],
    )
    def test_the_author_is_told_with_the_reason(
        self, held: Any, ways: list[State], subject: str
    ) -> None:
        for state in ways:
            mail.outbox.clear()
            decide(
                comment=held, to=state, moderator=moderator(), rule="tone",
                reason="Please no\nnames.", at=LATER,
            )  # fmt: skip
            held.refresh_from_db()
            post_of(LATER + UNDO_WINDOW)
        [letter] = mail.outbox
        assert letter.to == ["ada@members.example"]
        assert letter.subject == subject
        assert "> Please no names." in letter.body

    def test_spam_is_told_to_nobody_whichever_way(self, held: Any) -> None:
        for state in (State.SPAM, State.PUBLISHED):
            decide(comment=held, to=state, moderator=moderator(), rule="spam", at=LATER)
            held.refresh_from_db()
        assert post_of(LATER + UNDO_WINDOW) == []

    def test_what_the_author_did_is_no_news_to_the_author(self, held: Any) -> None:
        delete_comment(comment=held, by=Author(held.pk, held.user), at=LATER)
        assert post_of(LATER + UNDO_WINDOW) == []

    def test_only_the_last_of_two_quick_decisions_is_told(self, held: Any) -> None:
        for state in (State.PUBLISHED, State.REMOVED):
            decide(comment=held, to=state, moderator=moderator(), rule="tone", at=LATER)
            held.refresh_from_db()
        assert [each.subject for each in post_of(LATER + UNDO_WINDOW)] == [
            "Your comment was removed: The harbour crane"
        ]

    def test_who_wants_none_gets_none(self, held: Any) -> None:
        stop_all(recipient=held.user, at=AT)
        decide(comment=held, to=State.PUBLISHED, moderator=moderator(), rule="read", at=LATER)
        assert post_of(LATER + UNDO_WINDOW) == []

    def test_a_guests_typed_address_hears_nothing_before_it_has_said_yes(
        self, article: Article
    ) -> None:
        comment = comment_on(article, email="typed@guests.example")
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="tone", at=LATER)
        assert post_of(LATER + UNDO_WINDOW) == []

    def test_a_guest_who_has_said_yes_is_told(self, article: Article) -> None:
        comment = comment_on(article, visitor="Zoe", email="Zoe@guests.example")
        subscribe_author(comment=comment, at=AT)
        say_yes("zoe@guests.example", AT)
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="tone", at=LATER)
        assert to(post_of(LATER + UNDO_WINDOW)) == ["zoe@guests.example"]

    def test_a_stranger_who_types_a_confirmed_address_reaches_nobody_with_it(
        self, article: Article
    ) -> None:
        follower(article, "owner@guests.example")
        post_of(LATER + UNDO_WINDOW)
        comment = published_comment(article, visitor="Stranger", email="owner@guests.example")
        post_of(LATER + UNDO_WINDOW)
        mail.outbox.clear()
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="tone", at=LATER)
        assert post_of(LATER + UNDO_WINDOW) == []


def test_a_notification_never_waits_for_a_reader_without_subscription(article: Article) -> None:
    make_person()
    comment_on(article, visitor=guest("nobody"))
    assert not Letter.objects.exists()
    assert not Subscription.objects.exists()
