"""Letters leave at most once, whatever the mail server and the process do in between."""

from datetime import timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from diurna.accounts.roles import Role
from diurna.comments import sending
from diurna.comments.digests import next_digest
from diurna.comments.models import Frequency, Letter, LetterState
from diurna.comments.sending import LOST_AFTER, PAUSES
from diurna.comments.subscriptions import follow
from diurna.newsroom.models import Article
from diurna.operations import letters as daily_business
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in
from tests.factories.letters import follower, named_member, post_of
from tests.factories.newsroom import make_article
from tests.factories.votes import member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER


@pytest.fixture
def letter() -> Letter:
    """One that is due."""
    let_newcomers_in()
    article = make_article("The harbour crane")
    follow(visitor=member(named_member("Ada Reader")), article=article, at=AT)
    comment_on(article, "Words of the comment.")
    return Letter.objects.get()


def have_sending_fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)


class TestAMailServerThatFails:
    def test_is_tried_again_with_longer_and_longer_pauses_and_then_given_up(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        have_sending_fail(monkeypatch, SMTPServerDisconnected("reader@home.example"))
        at = AT
        for pause in PAUSES:
            sending.send_due(at)
            letter.refresh_from_db()
            assert (letter.state, letter.due_at) == (LetterState.WAITING, at + pause)
            assert sending.send_due(at + pause / 2).failed == 0
            at += pause
        sending.send_due(at)
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == (LetterState.FAILED, len(PAUSES) + 1)
        assert letter.error == "SMTPServerDisconnected"
        assert not sending.due(at + timedelta(days=30)).exists()

    def test_is_tried_again_with_success(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            have_sending_fail(broken, ConnectionRefusedError())
            sending.send_due(AT)
        assert len(post_of(AT + PAUSES[0])) == 1

    def test_that_knows_no_such_mailbox_is_not_asked_again(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        have_sending_fail(monkeypatch, SMTPRecipientsRefused({"a@b.example": (550, b"no such")}))
        sending.send_due(AT)
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == (LetterState.FAILED, 1)

    def test_that_says_later_is_asked_again(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        have_sending_fail(monkeypatch, SMTPRecipientsRefused({"a@b.example": (451, b"greylisted")}))
        sending.send_due(AT)
        letter.refresh_from_db()
        assert letter.state == LetterState.WAITING

    def test_does_not_lose_a_daily_letter(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Letter.objects.update(in_digest=True)
        with monkeypatch.context() as broken:
            have_sending_fail(broken, TimeoutError())
            sending.send_due(AT)
        assert len(post_of(AT + PAUSES[0])) == 1


class TestAProcessThatEnds:
    def test_between_marking_and_sending_loses_the_letter_and_sends_none_twice(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            have_sending_fail(broken, KeyboardInterrupt())
            with pytest.raises(KeyboardInterrupt):
                sending.send_due(AT)
        letter.refresh_from_db()
        assert letter.state == LetterState.SENDING
        assert post_of(AT + LOST_AFTER) == []
        letter.refresh_from_db()
        assert letter.state == LetterState.LOST
        assert post_of(AT + timedelta(days=2)) == []

    def test_after_the_hand_over_sends_none_twice(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def end(*args: Any, **kwargs: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(sending, "_settle", end)
            with pytest.raises(KeyboardInterrupt):
                sending.send_due(AT)
        assert len(mail.outbox) == 1
        assert post_of(AT + timedelta(days=2)) == []


def test_two_senders_send_one_letter(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sending._claim

    def after_another(letters: Any, at: Any) -> Any:
        monkeypatch.setattr(sending, "_claim", real)
        sending.send_due(at)
        return real(letters, at)

    monkeypatch.setattr(sending, "_claim", after_another)
    sending.send_due(AT)
    assert len(mail.outbox) == 1


class TestHeaders:
    def test_let_a_mail_program_end_it_and_put_it_with_the_story(self, letter: Letter) -> None:
        [sent] = post_of(AT)
        read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
        assert letter.comment is not None
        story = letter.comment.thread.article.uuid.hex
        assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/account/unsubscribe/" in read["List-Unsubscribe"].strip("<>")
        assert read["List-Id"].startswith("<comments.")
        assert read["Auto-Submitted"] == "auto-generated"
        assert story in read["In-Reply-To"]
        assert story in read["References"]
        assert letter.uuid.hex in read["Message-ID"]

    @pytest.mark.parametrize(
        "name",
        ["Eve\r\nBcc: x@evil.example", 'The Desk" <desk@news.example>', "=?utf-8?q?Desk?="],
    )
    def test_hold_nothing_of_what_readers_call_themselves(
        self, letter: Letter, name: str, settings: Any
    ) -> None:
        assert letter.comment is not None
        type(letter.comment).objects.update(name=name)
        [sent] = post_of(AT)
        message = sent.message()
        read = message_from_bytes(message.as_bytes(), policy=policy.default)
        assert read["From"].addresses[0].addr_spec == settings.DEFAULT_FROM_EMAIL
        assert read["Bcc"] is None
        head = message.as_bytes().partition(b"\n\n")[0]
        assert b"evil" not in head
        assert b"Desk" not in head
        assert b"Eve" not in head

    def test_hold_a_headline_in_one_line(self, letter: Letter) -> None:
        Article.objects.update(title="The crane\nBcc: x@evil.example")
        [sent] = post_of(AT)
        assert "\n" not in sent.subject
        assert sent.recipients() == ["ada@members.example"]


class TestWords:
    def test_of_readers_are_text_and_no_markup(self, letter: Letter) -> None:
        assert letter.comment is not None
        hostile = "<img src=x onerror=alert(1)>\n\nhttps://evil.example/\n\n    code"
        type(letter.comment).objects.update(body=hostile, name="<b>Eve</b>")
        [sent] = post_of(AT)
        assert isinstance(sent, EmailMultiAlternatives)
        page = str(sent.alternatives[0][0])
        assert "<img" not in page
        assert "<b>Eve" not in page
        assert 'href="https://evil.example' not in page

    def test_that_are_long_are_cut(self, letter: Letter) -> None:
        assert letter.comment is not None
        type(letter.comment).objects.update(body="word " * 900)
        [sent] = post_of(AT)
        assert sent.body.count("word") <= 81
        assert " …" in sent.body

    def test_of_a_daily_letter_end_somewhere(self, letter: Letter) -> None:
        article = Article.objects.get(title="The harbour crane")
        follower(article, "daily@guests.example", frequency=Frequency.DAILY)
        for number in range(33):
            comment_on(article, f"Comment {number:02}", at=AT + timedelta(seconds=number))
        sent = [each for each in post_of(next_digest(AT)) if "daily@guests.example" in each.to]
        assert "33 new comments" in sent[-1].subject
        assert "And 3 more" in sent[-1].body


class TestDailyBusiness:
    def test_the_worker_is_asked_once_while_something_is_due(self, letter: Letter) -> None:
        for _beat in range(3):
            daily_business.send_if_due()
        assert DBTaskResult.objects.filter(task_path__endswith="send_letters").count() == 1

    def test_the_worker_is_left_alone_while_nothing_is_due(self) -> None:
        daily_business.send_if_due()
        assert not DBTaskResult.objects.filter(task_path__endswith="send_letters").exists()

    def test_doctor_and_desk_tell_of_what_failed(self, letter: Letter) -> None:
        post_of(AT)
        [finding] = daily_business.examine_letters()
        assert (finding.code, finding.well) == ("D021", True)
        Letter.objects.update(state=LetterState.FAILED, made_at=AT)
        found = daily_business.trouble(AT + timedelta(days=1))
        assert (found.failed, found.has_stuck) == (1, True)
        assert not daily_business.trouble(AT + timedelta(days=8)).has_stuck

    def test_doctor_tells_of_what_waits_too_long(self, letter: Letter) -> None:
        assert daily_business.trouble(AT + timedelta(hours=2)).late == 1


class TestTheDesk:
    def said(self, client: Client) -> str:
        person = make_person(Role.PUBLISHER)
        enrol(person)
        client.force_login(person)
        return client.get("/newsroom/").content.decode()

    def test_says_when_mail_is_not_configured(self, client: Client, settings: Settings) -> None:
        make_article()
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        assert "Mail is not configured" in self.said(client)

    def test_says_how_many_letters_failed(self, letter: Letter, client: Client) -> None:
        Letter.objects.update(state=LetterState.FAILED, made_at=timezone.now())
        said = self.said(client)
        assert "1 could not be sent" in said
        assert "Mail is not configured" not in said

    def test_says_nothing_while_all_is_well(self, client: Client) -> None:
        make_article()
        assert "Letters to readers" not in self.said(client)
