"""The newsroom's own spam filter: what teaches it, what it forgets, what it says of a comment."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from diurna.accounts.erasure import erase_account
from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, Transition
from diurna.comments.states import State
from diurna.comments.undoing import undo
from diurna.common.errors import Refused
from diurna.moderation import spam
from diurna.moderation.bayes import Seen
from diurna.moderation.models import ModerationSettings, SpamLesson, SpamToken
from diurna.moderation.tokens import Post
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.newsroom import make_article, make_front
from tests.factories.spam import HAM, SPAM, teach_filter
from tests.factories.votes import member

pytestmark = pytest.mark.django_db
SOON = A_WEEK_LATER + timedelta(minutes=1)


@pytest.fixture
def article() -> Article:
    make_front()
    return make_article()


def decided(comment: Comment, to: State, rule: str = "read") -> Transition:
    return decide(comment=comment, to=to, moderator=moderator(), rule=rule, at=A_WEEK_LATER)


def taught() -> bool | None:
    """What the one lesson says; None without one. Its words are counted, and no others."""
    lesson = SpamLesson.objects.first()
    counted = {row.token: (row.spam, row.ham) for row in SpamToken.objects.all()}
    if lesson is None:
        assert counted in ({}, {"*": (0, 0)})
        return None
    share = (1, 0) if lesson.is_spam else (0, 1)
    assert counted == dict.fromkeys([*lesson.tokens, "*"], share)
    return lesson.is_spam


@pytest.mark.parametrize(
    ("ways", "lesson"),
    [
        ([(State.SPAM, "spam")], True),
        ([(State.PUBLISHED, "read")], False),
        ([(State.REMOVED, "insult")], None),
        ([(State.REMOVED, "moderator")], None),
        ([(State.REMOVED, "advertising")], True),
        ([(State.SPAM, "spam"), (State.PUBLISHED, "read")], False),
        ([(State.PUBLISHED, "read"), (State.REMOVED, "advertising")], True),
        ([(State.PUBLISHED, "read"), (State.REMOVED, "insult")], None),
        ([(State.PUBLISHED, "read"), (State.HIDDEN, "insult")], False),
        ([(State.PUBLISHED, "a"), (State.HIDDEN, "b"), (State.PUBLISHED, "c")], False),
    ],
)
def test_moderators_teach_and_only_about_spam(
    article: Article, ways: list[tuple[State, str]], lesson: bool | None
) -> None:
    comment = comment_on(article, SPAM)
    for to, rule in ways:
        decided(comment, to, rule)
    assert taught() is lesson


def test_the_policy_does_not_teach_itself(article: Article) -> None:
    let_newcomers_in()
    assert comment_on(article, HAM).state == State.PUBLISHED
    teach_filter()
    before = spam.lessons()
    assert comment_on(article, SPAM).state == State.SPAM
    assert (spam.lessons(), SpamLesson.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("before", "last", "lesson"),
    [
        ([], (State.SPAM, "spam"), None),
        ([], (State.PUBLISHED, "read"), None),
        ([(State.PUBLISHED, "read")], (State.REMOVED, "advertising"), False),
        ([(State.PUBLISHED, "read")], (State.REMOVED, "insult"), False),
        ([(State.PUBLISHED, "read")], (State.HIDDEN, "insult"), False),
    ],
)
def test_what_is_undone_is_unlearned_and_what_was_before_holds_again(
    article: Article,
    before: list[tuple[State, str]],
    last: tuple[State, str],
    lesson: bool | None,
) -> None:
    comment = comment_on(article, SPAM)
    for to, rule in before:
        decided(comment, to, rule)
    decision = decided(comment, *last)
    undo(decision=decision, moderator=moderator(), at=SOON)
    assert taught() is lesson


def test_of_a_comment_that_its_author_deletes_no_word_is_left(
    article: Article, django_capture_on_commit_callbacks: Any
) -> None:
    stays, goes = comment_on(article, HAM), comment_on(article, f"{SPAM} Hortensia Quill")
    decided(stays, State.PUBLISHED)
    decided(goes, State.SPAM)
    with django_capture_on_commit_callbacks(execute=True):
        delete_comment(comment=goes, by=Author(goes.pk), at=SOON)
    assert taught() is False
    assert not SpamToken.objects.filter(token="hortensia").exists()


@pytest.mark.django_db(transaction=True)
def test_of_an_account_that_is_erased_no_word_is_left(article: Article) -> None:
    reader = User.objects.create_user(email="reader@home.example", display_name="Q")
    decided(
        comment_on(article, "Hortensia Quill was here", visitor=member(reader)), State.PUBLISHED
    )
    assert taught() is False
    erase_account(user=reader)
    assert taught() is None


def test_what_is_deleted_is_unlearned_after_the_commit_and_else_by_the_clock(
    article: Article,
) -> None:
    comment = comment_on(article, SPAM)
    decided(comment, State.SPAM)
    with CaptureQueriesContext(connection) as asked:
        delete_comment(comment=comment, by=Author(comment.pk), at=SOON)
    assert not [each for each in asked if SpamToken._meta.db_table in each["sql"]]
    # The process ended before it came to it.
    assert spam.forget_old() == 1
    assert taught() is None


def test_what_was_edited_or_is_gone_is_unlearned_by_the_clock(article: Article) -> None:
    comments = [comment_on(article, f"{HAM} Number {n}.") for n in "abc"]
    for comment in comments:
        decided(comment, State.PUBLISHED)
    edit_comment(comment=comments[0], by=Author(comments[0].pk), body="Other words.", at=SOON)
    Comment.objects.filter(pk=comments[1].pk).delete()
    assert spam.lessons() == Seen(ham=3)
    assert spam.forget_old() == 2
    assert taught() is False
    assert SpamLesson.objects.get().comment == comments[2]
    assert spam.forget_old() == 0


def test_the_oldest_lessons_are_forgotten_beyond_the_most_of_each_kind(article: Article) -> None:
    comments = [comment_on(article, f"{HAM} Number {n}.") for n in "abc"]
    for comment in comments:
        decided(comment, State.PUBLISHED)
    decided(comment_on(article, SPAM), State.SPAM)
    assert spam.forget_old(most=1) == 2
    kept = SpamLesson.objects.order_by("pk").values_list("comment__pk", "is_spam")
    assert kept[0] == (comments[2].pk, False)
    assert spam.lessons() == Seen(spam=1, ham=1)


def test_below_twenty_lessons_of_each_kind_it_says_nothing() -> None:
    teach_filter(spam=[SPAM] * 19, ham=[HAM] * 40)
    assert spam.score_of(Post(text=SPAM)) is None
    assert spam.scores_of([Post(text=SPAM)]) == [None]


def test_it_tells_what_it_has_learned_apart(article: Article) -> None:
    teach_filter()
    for text, least, most in ((SPAM, 0.999, 1), (HAM, 0, 0.001), ("Unheard", 0.1, 0.3)):
        judged = spam.score_of(Post(text=text))
        assert judged is not None
        assert least <= judged.score <= most
        assert spam.scores_of([Post(text=HAM), Post(text=text)])[1] == judged


@pytest.mark.parametrize(
    ("limits", "state", "rule"),
    [
        ({"hold_above": 0.7, "spam_above": 0.99}, State.SPAM, "spam"),
        ({"hold_above": 0.7, "spam_above": 1.0}, State.HELD, "spam"),
        ({"spam_filter": False}, State.PUBLISHED, "none"),
    ],
)
def test_sure_spam_is_filed_and_likely_spam_waits(
    article: Article, limits: dict[str, Any], state: State, rule: str
) -> None:
    let_newcomers_in()
    teach_filter()
    ModerationSettings.objects.update_or_create(pk=1, defaults=limits)
    comment = comment_on(article, SPAM)
    assert comment.state == state
    assert comment.transitions.get().rule == rule
    assert comment_on(article, HAM).state == State.PUBLISHED


def test_the_spam_of_newcomers_does_not_wait_and_what_they_have_to_say_does(
    article: Article,
) -> None:
    teach_filter()
    assert comment_on(article, SPAM).state == State.SPAM
    newcomer = comment_on(article, HAM)
    assert (newcomer.state, newcomer.transitions.get().rule) == (State.HELD, "newcomer")


def test_staff_are_not_judged(article: Article) -> None:
    teach_filter()
    editor = make_person("publisher")
    assert comment_on(article, SPAM, visitor=member(editor)).state == State.PUBLISHED


def test_what_was_public_and_is_edited_into_spam_waits_for_somebody(article: Article) -> None:
    comment = published_comment(article, HAM)
    teach_filter_more()
    edited = edit_comment(comment=comment, by=Author(comment.pk), body=SPAM, at=SOON)
    assert edited.state == State.HELD
    assert edited.transitions.last().rule == "spam"  # type: ignore[union-attr]  # just made


def teach_filter_more() -> None:
    SpamLesson.objects.all().delete()
    SpamToken.objects.all().delete()
    teach_filter()


def test_a_comment_costs_two_queries() -> None:
    teach_filter()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ModerationSettings.current()
        spam.score_of(Post(text=f"{SPAM} {HAM} " + " ".join(f"word{n}x" for n in range(500))))
    assert len(asked) == 2


def test_reset_forgets_everything_and_moderators_may(article: Article) -> None:
    decided(comment_on(article, SPAM), State.SPAM)
    ModerationSettings.objects.create()
    with pytest.raises(Refused):
        spam.reset(moderator=make_person("writer"))
    assert taught() is True
    counted_in = SpamToken.objects.get(token="*").pk
    spam.reset(moderator=moderator())
    assert taught() is None
    assert SpamToken.objects.get().pk == counted_in
    assert ModerationSettings.current().spam_version == 1
    comment = Comment.objects.get()
    decided(comment, State.PUBLISHED)
    assert taught() is False


@pytest.mark.django_db(transaction=True)
def test_who_learn_the_same_words_at_once_lose_none_and_do_not_block_each_other() -> None:
    words = [f"word{n}" for n in range(40)]
    lists = [words, words[::-1], words[::2], words[1::2]]
    start = threading.Barrier(len(lists))
    errors: list[Exception] = []

    def learn(tokens: list[str]) -> None:
        start.wait()
        try:
            for _ in range(5):
                with transaction.atomic():
                    spam.take_in(SpamLesson(is_spam=True, tokens=tokens))
        except Exception as error:  # noqa: BLE001  (told below, in the test's own thread)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=learn, args=(tokens,)) for tokens in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert spam.lessons() == Seen(spam=20)
    assert set(spam.seen(words).values()) == {Seen(spam=15)}
    assert spam.forget_old() == 20
    assert spam.lessons() == Seen()
    assert not SpamToken.objects.exclude(token="*").exists()
