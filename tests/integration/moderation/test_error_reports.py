"""Comments that moderators hand on as error reports: taken back, answered, shown, forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.comments import as_error_reports
from diurna.comments.as_error_reports import hand_on, handed_on, take_back
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, Letter
from diurna.comments.states import State
from diurna.common.erasures import ERASED
from diurna.common.errors import Conflicting, Invalid, Missing, Refused
from diurna.delivery.surrogate import touched
from diurna.moderation.error_reports import undo_word
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.queue_decisions import take_back as take_back_word
from diurna.moderation.recent_decisions import recent
from diurna.newsroom import error_reports
from diurna.newsroom.canonical import recompute
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.error_reports import UNDO_WINDOW, decline
from diurna.newsroom.models import Article, Correction, ErrorOutcome, ErrorReport, PublicRevision
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.desk import at_desk
from tests.factories.letters import members_comment, named_member, post_of
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db

LATER = A_WEEK_LATER + timedelta(hours=1)
NOTICE = NoticeWords(kind="correction", text="The crane is 60 metres high.", found_by="reader")


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    made = make_article("Crane", section=make_section("Harbour"))
    ensure_rules()
    return made


@pytest.fixture
def comment(article: Article) -> Comment:
    return published_comment(article, "It is **60** metres, not 90.")


@pytest.fixture
def publisher() -> User:
    return make_person("publisher", email="pat@news.example")


def corrected(
    article: Article, report: ErrorReport, actor: User, notice: NoticeWords = NOTICE
) -> Correction:
    return correct(
        article=article,
        actor=actor,
        notice=notice,
        reports=[report],
        publish_draft=False,
        at=LATER,
    )


def shown(client: Client, article: Article) -> Any:
    return html.fromstring(client.get(article.address_path()).content)


class TestHandingOn:
    def test_takes_the_words_and_the_writer_along(self, comment: Comment) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        assert report.explanation == "It is 60 metres, not 90."
        assert (report.guest, report.user) == (comment.guest, None)
        assert (report.filed_by, report.comment_uuid) == (moderator(), comment.uuid)
        comment.refresh_from_db()
        assert comment.state == State.PUBLISHED

    def test_is_done_once_and_by_who_may(self, comment: Comment) -> None:
        for nobody in (make_person("writer"), make_person("editor"), make_person()):
            with pytest.raises(Refused):
                hand_on(comment=comment, moderator=nobody)
        hand_on(comment=comment, moderator=moderator())
        with pytest.raises(Conflicting):
            hand_on(comment=comment, moderator=make_person("publisher"))

    def test_pressed_twice_is_one_report(self, comment: Comment) -> None:
        first = hand_on(comment=comment, moderator=moderator(), at=LATER)
        assert hand_on(comment=comment, moderator=moderator(), at=LATER) == first
        with pytest.raises(Conflicting):
            hand_on(comment=comment, moderator=moderator(), at=LATER + UNDO_WINDOW)

    def test_needs_words_and_cuts_those_that_are_too_many(
        self, article: Article, comment: Comment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(as_error_reports, "LONGEST_EXPLANATION", 12)
        assert hand_on(comment=comment, moderator=moderator()).explanation == "It is 60 m …"
        empty = published_comment(article, "Something.")
        Comment.objects.filter(pk=empty.pk).update(body="")
        empty.refresh_from_db()
        with pytest.raises(Invalid):
            hand_on(comment=empty, moderator=moderator())

    def test_can_be_taken_back_for_ten_minutes_by_who_did_it(
        self, comment: Comment, publisher: User
    ) -> None:
        hand_on(comment=comment, moderator=moderator(), at=LATER)
        last = LATER + UNDO_WINDOW - timedelta(seconds=1)
        assert handed_on([comment.uuid], moderator=moderator(), at=last)[comment.uuid].can_be_undone
        with pytest.raises(Refused):
            take_back(comment=comment, moderator=publisher, at=last)
        with pytest.raises(Refused):
            take_back(comment=comment, moderator=moderator(), at=LATER + UNDO_WINDOW)
        take_back(comment=comment, moderator=moderator(), at=last)
        assert not ErrorReport.objects.exists()
        with pytest.raises(Missing):
            take_back(comment=comment, moderator=moderator(), at=last)

    def test_is_not_taken_back_once_it_is_answered(self, comment: Comment, publisher: User) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        decline(report=report, actor=publisher, answer="No.", at=LATER)
        with pytest.raises(Conflicting):
            take_back(comment=comment, moderator=moderator(), at=LATER)

    def test_stands_among_the_last_decisions_until_it_is_late(self, comment: Comment) -> None:
        hand_on(comment=comment, moderator=moderator(), at=LATER)
        [line] = recent(moderator(), LATER)
        assert line.undo == undo_word(comment) == f"error-{comment.uuid}"
        assert recent(moderator(), LATER + UNDO_WINDOW) == []
        take_back_word(undo=line.undo, moderator=moderator(), at=LATER)
        assert not ErrorReport.objects.exists()
        with pytest.raises(Invalid):
            take_back_word(undo="error-1", moderator=moderator(), at=LATER)


class TestTheQueue:
    def test_offers_it_beside_a_comment_and_shows_what_became_of_it(self, article: Article) -> None:
        held = comment_on(
            article, "Not 90 metres. https://a.example https://b.example https://c.example"
        )
        assert held.state == State.HELD
        desk, user = at_desk(Role.MODERATOR)
        page = html.fromstring(desk.get(reverse("diurna_queue")).content)
        [button] = page.xpath("//form[@data-queue-error-form]//button")
        assert button.get("data-key") == "e"
        answer = desk.post(
            reverse("diurna_queue_error"),
            {"thing": f"comment-{held.uuid}"},
            headers={"accept": "application/json"},
        )
        told = answer.json()
        assert told["undo"] == f"error-{held.uuid}"
        assert "Being looked at" in told["html"]
        assert "data-queue-undo-form" in told["html"]
        held.refresh_from_db()
        assert held.state == State.HELD
        taken = desk.post(
            reverse("diurna_queue_undo"),
            {"undo": told["undo"]},
            headers={"accept": "application/json"},
        ).json()
        assert "no error report" in taken["said"]
        assert "data-queue-error-form" in taken["html"]
        assert not ErrorReport.objects.exists()
        assert user.pk

    def test_works_as_plain_forms_there_and_on_the_comments_own_page(
        self, comment: Comment
    ) -> None:
        desk, _user = at_desk(Role.MODERATOR)
        queue = desk.post(reverse("diurna_queue_error"), {"thing": f"comment-{comment.uuid}"})
        assert queue.status_code == 302
        page = reverse("diurna_comment", args=[comment.uuid])
        assert "is an error report: Being looked at" in desk.get(page).content.decode()
        desk.post(page, {"error": "undo"})
        assert not ErrorReport.objects.exists()
        desk.post(page, {"error": "make"})
        assert ErrorReport.objects.get().comment_uuid == comment.uuid

    def test_refuses_what_is_no_comment_and_who_may_not(self, comment: Comment) -> None:
        desk, _user = at_desk(Role.MODERATOR)
        wrong = desk.post(
            reverse("diurna_queue_error"), {"thing": "x"}, headers={"accept": "application/json"}
        )
        assert wrong.status_code == 422
        editor, _other = at_desk(Role.EDITOR)
        editor.post(reverse("diurna_queue_error"), {"thing": f"comment-{comment.uuid}"})
        editor.post(reverse("diurna_comment", args=[comment.uuid]), {"error": "make"})
        assert not ErrorReport.objects.exists()


class TestTheCorrection:
    def test_is_said_under_the_comment_and_the_notice_leads_back(
        self, client: Client, article: Article, comment: Comment, publisher: User
    ) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        row = corrected(article, report, publisher)
        comment.refresh_from_db()
        report.refresh_from_db()
        assert (comment.correction, report.outcome) == (row, ErrorOutcome.CORRECTED)
        page = shown(client, article)
        [link] = page.xpath("//p[@class='comment__changed']/a")
        assert link.text == "Your comment changed this article"
        assert link.get("href") == f"{article.address_path()}#correction-{row.number}"
        assert page.xpath(f"//*[@id='correction-{row.number}']")
        back = f"{article.url}comments/{comment.uuid}/"
        assert page.xpath(f"//*[@id='correction-{row.number}']//a[@href='{back}']")
        # What leads there and back is no word of the story.
        last = PublicRevision.objects.filter(article=article).latest("number")
        whole = client.get(article.address_path()).content.decode()
        assert recompute(whole) == last.text

    def test_is_not_said_of_a_comment_that_readers_do_not_see(
        self, client: Client, article: Article, comment: Comment, publisher: User
    ) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        corrected(article, report, publisher)
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER)
        page = shown(client, article)
        assert not page.xpath("//p[@class='comment__changed']")
        assert not page.xpath(
            f"//section[contains(@class, 'correction')]//a[contains(@href, '{comment.uuid}')]"
        )

    def test_makes_the_pages_of_the_thread_again(
        self,
        django_capture_on_commit_callbacks: Any,
        article: Article,
        comment: Comment,
        publisher: User,
    ) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        key = f"thread-{article.uuid}"
        before = touched().get(key, 0)
        with django_capture_on_commit_callbacks(execute=True):
            corrected(article, report, publisher)
        assert touched()[key] > before

    def test_costs_no_query_more(
        self,
        client: Client,
        article: Article,
        comment: Comment,
        publisher: User,
        django_assert_max_num_queries: Any,
    ) -> None:
        corrected(
            article,
            hand_on(comment=published_comment(article), moderator=moderator(), at=LATER),
            publisher,
        )
        shown(client, article)
        with CaptureQueriesContext(connection) as few:
            shown(client, article)
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        corrected(article, report, publisher, replace(NOTICE, text="And it is red."))
        shown(client, article)
        with CaptureQueriesContext(connection) as more:
            shown(client, article)
        assert len(more) <= len(few) <= 12

    def test_is_told_to_the_author_who_wants_to_hear_of_decisions(
        self, article: Article, publisher: User
    ) -> None:
        author = named_member("Mara Member")
        comment = members_comment(article, author, body="It is 60 metres.")
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        assert post_of(LATER) == []
        corrected(article, report, publisher)
        [letter] = [each for each in post_of(LATER) if "mara@members.example" in each.to]
        assert "Your comment changed this article" in letter.body
        assert "> The crane is 60 metres high." in letter.body
        assert "List-Unsubscribe" in letter.extra_headers

    def test_that_is_declined_is_told_with_the_reason(
        self, article: Article, publisher: User
    ) -> None:
        author = named_member("Mara Member")
        comment = members_comment(article, author, body="It is 60 metres.")
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        decline(report=report, actor=publisher, answer="It is 90.", at=LATER)
        [letter] = post_of(LATER + UNDO_WINDOW)
        assert letter.to == ["mara@members.example"]
        assert "> It is 90." in letter.body

    def test_is_told_to_no_guest_whose_address_has_never_said_yes(
        self, article: Article, comment: Comment, publisher: User
    ) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        corrected(article, report, publisher)
        assert not Letter.objects.filter(kind="error_told").exists()


class TestADeletedComment:
    def test_takes_its_words_along(self, comment: Comment) -> None:
        hand_on(comment=comment, moderator=moderator(), at=LATER)
        delete_comment(comment=comment, by=Author(comment.pk), at=LATER)
        assert not ErrorReport.objects.exists()

    def test_leaves_the_answer_that_was_given(
        self, article: Article, comment: Comment, publisher: User
    ) -> None:
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        corrected(article, report, publisher)
        with time_machine.travel(LATER, tick=False):
            delete_comment(comment=comment, by=Author(comment.pk), at=LATER)
        report.refresh_from_db()
        assert report.explanation == ERASED
        assert report.outcome == ErrorOutcome.CORRECTED


class TestARemovedComment:
    def test_loses_its_words_once_the_report_is_answered(
        self, article: Article, comment: Comment, publisher: User
    ) -> None:
        other = published_comment(article)
        open_one = hand_on(comment=other, moderator=moderator(), at=LATER)
        report = hand_on(comment=comment, moderator=moderator(), at=LATER)
        corrected(article, report, publisher)
        for each in (comment, other):
            decide(comment=each, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER)
        report.refresh_from_db()
        assert (report.explanation, report.outcome) == (ERASED, ErrorOutcome.CORRECTED)
        assert ErrorReport.objects.get(pk=open_one.pk).explanation != ERASED


def test_the_limits_of_readers_are_not_for_moderators(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_reports, "UNKNOWN_PER_HOUR", 0)
    hand_on(comment=published_comment(article), moderator=moderator())
    assert ErrorReport.objects.count() == 1
