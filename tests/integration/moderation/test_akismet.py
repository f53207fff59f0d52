"""Akismet: asked about new comments, told of moderators' decisions, and never in anybody's way."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments import policy
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, Contact
from diurna.comments.posting import post_comment
from diurna.comments.states import State
from diurna.comments.undoing import UNDO_WINDOW, undo
from diurna.common.errors import Conflicting, DiurnaError, Refused, TooMany
from diurna.delivery.surrogate import touch
from diurna.moderation import akismet, akismet_lessons, akismet_need
from diurna.moderation.akismet import Told
from diurna.moderation.measures import impose
from diurna.moderation.models import (
    AkismetAsked,
    AkismetCheck,
    AkismetVerdict,
    MeasureKind,
    MeasureOn,
    ModerationSettings,
)
from diurna.moderation.spam_steps import AKISMET_STEP, Answer
from diurna.newsroom.models import Article
from diurna.operations.findings import Finding
from diurna.operations.spam import examine_spam
from tests.factories.accounts import make_person
from tests.factories.akismet_stub import KEY, PATIENCE_SECONDS, Stub, akismet_stub
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, moderator
from tests.factories.newsroom import make_article, make_front
from tests.factories.spam import HAM, SPAM, teach_filter
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
ADDRESS, AGENT, EMAIL = "192.0.2.77", "Mozilla/5.0 (Test)", "ada@home.example"


@pytest.fixture
def stub(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with akismet_stub() as server:
        settings.DIURNA_AKISMET_KEY = KEY
        settings.DIURNA_AKISMET_API = server.address
        monkeypatch.setattr(akismet, "_client", server.client)
        monkeypatch.setattr(policy, "_steps", [*policy.steps()])
        policy.register(AKISMET_STEP)
        akismet.breaker.reset()
        yield server
        akismet.breaker.reset()


@pytest.fixture
def article() -> Article:
    make_front()
    let_newcomers_in()
    return make_article()


def sent_by(visitor: Visitor, article: Article, body: str = HAM, **how: Any) -> Comment:
    seen = replace(visitor, address=how.pop("address", ADDRESS), agent=AGENT)
    return post_comment(
        visitor=seen,
        article=article,
        body=body,
        name="Ada",
        email=EMAIL,
        website="https://ada.example",
        at=A_WEEK_LATER,
        **how,
    ).comment


def rule_of(comment: Comment) -> str:
    first = comment.transitions.order_by("pk").first()
    assert first is not None
    return first.rule


@pytest.mark.parametrize(
    ("answers", "state", "rule"),
    [
        ("ham", State.PUBLISHED, "none"),
        ("spam", State.HELD, "akismet"),
        ("sure", State.SPAM, "akismet"),
    ],
)
def test_what_it_calls_spam_waits_and_the_worst_is_filed(
    stub: Stub, article: Article, answers: str, state: State, rule: str
) -> None:
    stub.answers = answers
    comment = sent_by(guest("Ada"), article)
    assert (comment.state, rule_of(comment)) == (state, rule)
    assert akismet.trouble() is None
    assert akismet.works()


def test_it_is_sent_the_comment_and_who_wrote_it(stub: Stub, article: Article) -> None:
    sent_by(guest("Ada"), article)
    ((path, fields),) = stub.sent
    assert path == "/1.1/comment-check"
    assert fields == {
        "api_key": KEY,
        "blog": "http://localhost:8000/",
        "blog_lang": "en",
        "blog_charset": "UTF-8",
        "user_ip": ADDRESS,
        "user_agent": AGENT,
        "permalink": f"http://localhost:8000{article.address_path()}",
        "comment_type": "comment",
        "comment_author": "Ada",
        "comment_author_email": EMAIL,
        "comment_author_url": "https://ada.example",
        "comment_content": HAM,
        "comment_date_gmt": "2026-11-08T09:00:00Z",
    }


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ("bad key", AkismetVerdict.BAD_KEY),
        ("refused", AkismetVerdict.BAD_KEY),
        ("over quota", AkismetVerdict.OVER_QUOTA),
        ("slow", AkismetVerdict.SILENT),
        ("down", AkismetVerdict.SILENT),
        ("broken", AkismetVerdict.WRONG),
        ("hotel", AkismetVerdict.WRONG),
    ],
)
def test_whatever_goes_wrong_there_the_comment_is_taken_and_the_desk_is_told(
    stub: Stub, article: Article, answers: str, verdict: AkismetVerdict
) -> None:
    stub.answers = answers
    assert sent_by(guest("Ada"), article).state == State.PUBLISHED
    trouble = akismet.trouble()
    assert trouble is not None
    assert (trouble.verdict, trouble.failed) == (verdict, 1)
    sentence = akismet.sentence_about(trouble)
    assert str(verdict.label) in sentence
    assert KEY not in sentence


def test_nobody_there_is_silence(stub: Stub, article: Article, settings: LazySettings) -> None:
    settings.DIURNA_AKISMET_API = "http://127.0.0.1:9"
    assert akismet.call("comment-check", {}, client=stub.client()) == Told(AkismetVerdict.SILENT)
    assert sent_by(guest("Ada"), article).state == State.PUBLISHED


def test_a_service_that_hangs_holds_up_three_readers_and_no_more(
    stub: Stub, article: Article
) -> None:
    stub.answers = "slow"
    for name in ("Ada", "Ben", "Cleo", "Dora", "Emil"):
        sent_by(guest(name), article, f"{HAM} So says {name}.")
    assert len(stub.sent) == akismet.FAILURES_IN_A_ROW
    assert AkismetCheck.objects.get().failed == akismet.FAILURES_IN_A_ROW


def test_when_it_works_again_nothing_is_wrong(stub: Stub, article: Article) -> None:
    stub.answers = "down"
    sent_by(guest("Ada"), article)
    stub.answers = "ham"
    sent_by(guest("Ben"), article, f"{HAM} Again.")
    assert akismet.trouble() is None
    assert (AkismetCheck.objects.get().verdict, AkismetCheck.objects.get().failed) == ("works", 0)


def test_another_key_has_no_past(stub: Stub, article: Article, settings: LazySettings) -> None:
    stub.answers = "bad key"
    sent_by(guest("Ada"), article)
    settings.DIURNA_AKISMET_KEY = "another1"
    assert akismet.trouble() is None
    assert not akismet.works()


def test_nothing_is_asked_without_a_key_by_a_copy_or_when_switched_off(
    stub: Stub, article: Article, settings: LazySettings
) -> None:
    settings.DIURNA_COPY = True
    sent_by(guest("Ada"), article)
    settings.DIURNA_COPY = False
    settings.DIURNA_AKISMET_KEY = None
    sent_by(guest("Ben"), article, f"{HAM} Two.")
    settings.DIURNA_AKISMET_KEY = KEY
    ModerationSettings.objects.create(akismet=False)
    sent_by(guest("Cleo"), article, f"{HAM} Three.")
    assert stub.sent == []


def test_it_is_not_asked_about_staff_edits_unknown_addresses_or_what_is_refused_anyway(
    stub: Stub, article: Article
) -> None:
    teach_filter()
    stub.answers = "sure"
    published = sent_by(member(make_person("publisher")), article)
    without = sent_by(guest("Ada"), article, f"{HAM} Two.", address="")
    edit_comment(comment=without, by=Author(without.pk), body=f"{HAM} Other.", at=A_WEEK_LATER)
    assert sent_by(guest("Ben"), article, SPAM).state == State.SPAM
    article.comments_mode = "closed"
    article.save()
    with pytest.raises(Refused, match="closed"):
        sent_by(guest("Cleo"), article, f"{HAM} Three.")
    assert published.state == without.state == State.PUBLISHED
    assert stub.sent == []


def test_who_sends_too_much_does_not_have_it_asked_any_more(
    stub: Stub, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (policy, akismet_need):
        monkeypatch.setattr(module, "GUEST_PER_HOUR", 1)
        monkeypatch.setattr(module, "ACCOUNT_PER_HOUR", 2)
        monkeypatch.setattr(module, "NETWORK_PER_HOUR", 3)
    reader = member(network=7)
    sent_by(guest("Ada", network=7), article)
    for number in "ab":
        sent_by(reader, article, f"{HAM} Number {number}.")
    assert len(stub.sent) == 3
    for words, visitor in (("x", guest("Ada")), ("y", reader), ("z", guest("Ben", network=7))):
        with pytest.raises(TooMany):
            sent_by(visitor, article, f"{HAM} One more, {words}.")
    assert len(stub.sent) == 3


def test_it_is_not_asked_about_the_same_words_again(stub: Stub, article: Article) -> None:
    sent_by(guest("Ada"), article)
    for name in ("Ada", "Ben"):
        with pytest.raises(DiurnaError, match="already"):
            sent_by(guest(name), article, f"  {HAM.upper()}")
    assert len(stub.sent) == 1


def test_it_is_not_asked_about_whom_is_barred(stub: Stub, article: Article) -> None:
    reader = member()
    impose(
        kind=MeasureKind.BAN,
        on=MeasureOn.ACCOUNT,
        moderator=moderator(),
        rule="insult",
        reason="Enough.",
        user=reader.user,
        at=A_WEEK_LATER - timedelta(hours=1),
    )
    with pytest.raises(Refused, match="banned"):
        sent_by(reader, article)
    assert stub.sent == []


def test_it_is_not_asked_about_guests_while_too_many_comments_wait_already(
    stub: Stub, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sent_by(guest("Ada"), article)
    Comment.objects.filter(pk=first.pk).update(state=State.HELD, published_at=None)
    for module in (policy, akismet_need):
        monkeypatch.setattr(module, "WAITING_AT_MOST", 1)
    with pytest.raises(TooMany):
        sent_by(guest("Ben"), article, f"{HAM} Two.")
    assert len(stub.sent) == 1
    sent_by(member(), article, f"{HAM} Three.")
    assert len(stub.sent) == 2


def test_it_is_not_asked_about_answers_to_what_is_gone(stub: Stub, article: Article) -> None:
    gone = sent_by(guest("Ada"), article)
    delete_comment(comment=gone, by=Author(gone.pk), at=A_WEEK_LATER)
    gone.refresh_from_db()
    with pytest.raises(Conflicting):
        sent_by(guest("Ben"), article, f"{HAM} Two.", answers=gone)
    assert len(stub.sent) == 1


def test_two_who_agree_are_surer_than_one(stub: Stub, article: Article) -> None:
    teach_filter()
    ModerationSettings.objects.create(hold_above=0.7, spam_above=1.0)
    likely = "Cheap pills and casino bonus, order now"
    assert sent_by(guest("Ada"), article, likely).state == State.HELD
    stub.answers = "spam"
    comment = sent_by(guest("Ben"), article, f"{likely} please")
    assert (comment.state, rule_of(comment)) == (State.SPAM, "spam")


def test_no_word_of_a_comment_is_logged(
    stub: Stub, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stub.answers = "bad key"
    sent_by(guest("Ada"), article)
    assert "Akismet is left alone" in caplog.text
    for secret in (KEY, ADDRESS, AGENT, EMAIL, "harbour crane"):
        assert secret not in caplog.text


def lesson(comment: Comment, to: State, rule: str = "read") -> list[tuple[int, bool]]:
    """What a decision has Akismet told later: comment and whether it is spam."""
    queued: list[tuple[int, bool]] = []

    class Queue:
        def enqueue(self, pk: int, is_spam: bool) -> None:
            queued.append((pk, is_spam))

    class Task:
        def using(self, **how: Any) -> Queue:
            assert how["run_after"] is not None
            return Queue()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(akismet_lessons, "tell_akismet", Task())
        decide(comment=comment, to=to, moderator=moderator(), rule=rule, at=A_WEEK_LATER)
    return queued


@pytest.mark.parametrize(
    ("answers", "to", "rule", "told"),
    [
        ("spam", State.PUBLISHED, "read", False),
        ("spam", State.SPAM, "spam", None),
        ("ham", State.REMOVED, "advertising", True),
        ("ham", State.REMOVED, "insult", None),
    ],
)
def test_it_is_told_only_where_it_was_wrong(
    stub: Stub, article: Article, answers: str, to: State, rule: str, told: bool | None
) -> None:
    stub.answers = answers
    comment = sent_by(guest("Ada"), article)
    assert lesson(comment, to, rule) == ([] if told is None else [(comment.pk, told)])


def test_it_is_told_by_the_worker_once_the_decision_can_not_be_taken_back(
    stub: Stub, article: Article
) -> None:
    stub.answers = "spam"
    comment = sent_by(guest("Ada"), article)
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read")
    (queued,) = DBTaskResult.objects.filter(task_path=akismet_lessons.tell_akismet.module_path)
    assert queued.run_after > timezone.now() + UNDO_WINDOW
    assert [path for path, _fields in stub.sent] == ["/1.1/comment-check"]


def test_what_it_is_told_has_no_address_of_the_network_and_no_browser(
    stub: Stub, article: Article
) -> None:
    stub.answers = "spam"
    comment = sent_by(guest("Ada"), article)
    lesson(comment, State.PUBLISHED)
    stub.sent.clear()
    assert akismet_lessons.tell_akismet.func(comment.pk, False) == "works"
    ((path, fields),) = stub.sent
    assert path == "/1.1/submit-ham"
    assert fields["comment_content"] == HAM
    assert fields["comment_author_email"] == EMAIL
    assert ADDRESS not in fields.values()
    assert AGENT not in fields.values()


def test_it_is_told_nothing_of_comments_about_which_it_was_never_asked(
    stub: Stub, article: Article, settings: LazySettings
) -> None:
    settings.DIURNA_AKISMET_KEY = None
    without_key = sent_by(guest("Ada"), article)
    settings.DIURNA_AKISMET_KEY = KEY
    stub.answers = "down"
    unanswered = sent_by(guest("Ben"), article, f"{HAM} Two.")
    stub.answers = "ham"
    by_staff = sent_by(member(make_person("publisher")), article, f"{HAM} Three.")
    stub.sent.clear()
    for comment in (without_key, unanswered, by_staff):
        assert lesson(comment, State.REMOVED, "advertising") == []
        assert akismet_lessons.tell_akismet.func(comment.pk, True) == "never asked"
    assert stub.sent == []


def test_it_is_not_told_other_words_than_it_was_asked_about(stub: Stub, article: Article) -> None:
    comment = sent_by(guest("Ada"), article)
    assert lesson(comment, State.REMOVED, "advertising") == [(comment.pk, True)]
    Comment.objects.filter(pk=comment.pk).update(body="Other words.", edited_at=A_WEEK_LATER)
    stub.sent.clear()
    assert akismet_lessons.tell_akismet.func(comment.pk, True) == "never asked"
    edited = sent_by(guest("Ben"), article, f"{HAM} Two.")
    edit_comment(comment=edited, by=Author(edited.pk), body="Other words.", at=A_WEEK_LATER)
    edited.refresh_from_db()
    assert lesson(edited, State.REMOVED, "advertising") == []


def test_no_address_is_told_that_was_not_in_the_question(stub: Stub, article: Article) -> None:
    reader = make_person(None)
    by_account = sent_by(member(reader), article)
    assert stub.sent[-1][1]["comment_author_email"] == reader.email
    User.objects.filter(pk=reader.pk).update(email="new@home.example")
    later = sent_by(guest("Ada"), article, f"{HAM} Two.")
    given = A_WEEK_LATER + timedelta(hours=1)
    Contact.objects.filter(comment=later).update(email="new@home.example", given_at=given)
    stub.sent.clear()
    for comment in (by_account, later):
        lesson(comment, State.REMOVED, "advertising")
        assert akismet_lessons.tell_akismet.func(comment.pk, True) == "works"
    assert len(stub.sent) == 2
    assert not any("comment_author_email" in fields for _path, fields in stub.sent)


def test_of_a_comment_that_is_deleted_not_even_stays_that_it_was_asked(
    stub: Stub, article: Article
) -> None:
    comment = sent_by(guest("Ada"), article)
    assert AkismetAsked.objects.get().comment == comment
    delete_comment(comment=comment, by=Author(comment.pk), at=A_WEEK_LATER)
    assert not AkismetAsked.objects.exists()


def test_a_decision_that_was_taken_back_is_not_told(stub: Stub, article: Article) -> None:
    comment = sent_by(guest("Ada"), article)
    lesson(comment, State.REMOVED, "advertising")
    decision = comment.transitions.order_by("pk").last()
    assert decision is not None
    undo(decision=decision, moderator=moderator(), at=A_WEEK_LATER + timedelta(minutes=1))
    stub.sent.clear()
    assert akismet_lessons.tell_akismet.func(comment.pk, True) == "decided otherwise"
    assert akismet_lessons.tell_akismet.func(0, True) == "gone"
    assert stub.sent == []


def test_a_lesson_that_does_not_arrive_is_noted_and_given_up(stub: Stub, article: Article) -> None:
    comment = sent_by(guest("Ada"), article)
    lesson(comment, State.REMOVED, "advertising")
    stub.answers = "down"
    assert akismet_lessons.tell_akismet.func(comment.pk, True) == "silent"
    assert akismet.trouble() is not None


def test_an_answer_takes_no_longer_than_the_patience(stub: Stub) -> None:
    stub.answers = "slow"
    begun = time.monotonic()
    assert akismet.call("comment-check", {}) == Told(AkismetVerdict.SILENT)
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2


def test_every_answer_is_read(stub: Stub) -> None:
    for answers, answer in (
        ("ham", Answer(is_spam=False)),
        ("spam", Answer(is_spam=True)),
        ("sure", Answer(is_spam=True, is_sure=True)),
    ):
        stub.answers = answers
        assert akismet.call("comment-check", {}) == Told(AkismetVerdict.WORKS, answer)


def test_the_form_says_so_while_akismet_is_asked_and_only_then(
    stub: Stub, article: Article, settings: LazySettings, client: Client
) -> None:
    def page() -> str:
        return client.get(article.address_path()).content.decode()

    assert "this newsroom has Akismet look at new comments" in page()
    desk = ModerationSettings(akismet=False)
    desk.save()
    assert "Akismet" not in page()
    desk.akismet = True
    desk.save()
    assert "Akismet" in page()
    settings.DIURNA_AKISMET_KEY = None
    touch("navigation")
    assert "Akismet" not in page()


def test_doctor_says_what_is_wrong_and_what_is_on(
    stub: Stub, article: Article, settings: LazySettings
) -> None:
    def finding() -> Finding:
        (found,) = examine_spam()
        assert found.code == "D022"
        return found

    assert "was not asked yet" in finding().sentence
    stub.answers = "over quota"
    sent_by(guest("Ada"), article)
    assert not finding().well
    assert "over its quota" in finding().sentence
    settings.DIURNA_AKISMET_KEY = None
    assert (finding().well, finding().optional) == (True, True)
    teach_filter()
    assert not finding().optional
    assert "30 lessons of spam" in finding().sentence
    ModerationSettings.objects.create(spam_filter=False)
    assert "switched off" in finding().sentence
