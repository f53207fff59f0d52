"""Error reports: taken from anybody, answered once by who may publish, told, and forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from diurna.accounts.models import Guest, User
from diurna.accounts.networks import Origin
from diurna.accounts.personal_data import Handler
from diurna.accounts.visitors import Visitor
from diurna.comments import letter_room
from diurna.comments.models import Letter, LetterAddress, LetterState
from diurna.comments.sending import send_due
from diurna.common.erasures import ERASED
from diurna.common.errors import Conflicting, Invalid, Missing, Refused, TooMany
from diurna.newsroom import error_report_traces, error_reports
from diurna.newsroom.error_links import name_in, page_of, path_of, reference_of
from diurna.newsroom.error_report_fields import InvalidReport
from diurna.newsroom.error_reports import (
    UNDO_WINDOW,
    answerable_by,
    corrected,
    decline,
    may_answer,
    reopen,
)
from diurna.newsroom.models import Article, ErrorOutcome, ErrorReport
from diurna.newsroom.removal import remove_article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER
from tests.factories.errors import WRONG, noticed, reported_error
from tests.factories.letters import named_member, post_of, to
from tests.factories.newsroom import make_article, make_section
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db

LATER = A_WEEK_LATER + timedelta(hours=2)


@pytest.fixture
def article() -> Article:
    return make_article("Crane", section=make_section("Harbour"))


@pytest.fixture
def publisher() -> User:
    return make_person("publisher", email="pat@news.example")


class TestReporting:
    def test_needs_no_account_and_makes_no_guest(self, article: Article) -> None:
        report = reported_error(article, f"  {WRONG}  ")
        assert (report.words, report.explanation, report.outcome) == ("90 metres", WRONG, "open")
        assert (report.user, report.guest, report.at) == (None, None, A_WEEK_LATER)
        assert Guest.objects.count() == 0
        assert post_of(A_WEEK_LATER) == []

    def test_knows_a_guest_who_has_written_before_and_an_account(self, article: Article) -> None:
        known = guest("known")
        there = Guest.objects.create(uuid=known.guest)
        old = Visitor(user=None, guest=known.guest, is_new=False, origin=known.origin)
        assert reported_error(article, "One.", visitor=old).guest == there
        account = make_person()
        assert reported_error(article, "Two.", visitor=member(account)).user == account

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("explanation", "   "),
            ("explanation", "a" * 3001),
            ("words", "a" * 1001),
            ("email", "no address"),
            ("email", f"{'a' * 250}@home.example"),
        ],
    )
    def test_names_the_field_that_can_not_be_used(
        self, article: Article, field: str, typed: str
    ) -> None:
        typed_in = {"explanation": WRONG, field: typed}
        with pytest.raises(InvalidReport) as refused:
            reported_error(article, **typed_in)
        assert refused.value.field == field
        assert not ErrorReport.objects.exists()

    def test_letters_go_to_a_confirmed_account_only_where_it_is_signed_in(
        self, article: Article
    ) -> None:
        with pytest.raises(InvalidReport) as refused:
            reported_error(article, to_account=True)
        assert refused.value.field == "to_account"
        waits = make_person(email="0" * 32 + "@unconfirmed.invalid")
        with pytest.raises(InvalidReport):
            reported_error(article, to_account=True, visitor=member(waits))

    def test_a_story_that_is_not_public_takes_none(self, article: Article) -> None:
        article.unpublish()
        article.refresh_from_db()
        with pytest.raises(Missing):
            reported_error(article)

    def test_a_button_pressed_twice_makes_one(self, article: Article) -> None:
        first = reported_error(article)
        assert reported_error(article, at=A_WEEK_LATER + timedelta(minutes=1)) == first
        assert reported_error(article, "Something else.") != first
        assert reported_error(article, at=A_WEEK_LATER + timedelta(hours=1)) != first

    def test_one_network_and_those_not_known_have_a_limit_an_hour(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(error_reports, "NETWORK_PER_HOUR", 2)
        monkeypatch.setattr(error_reports, "UNKNOWN_PER_HOUR", 3)
        for number in range(2):
            reported_error(article, f"{number}", visitor=guest("a", network=7))
        with pytest.raises(TooMany):
            reported_error(article, "2", visitor=guest("b", network=7))
        reported_error(article, "3", visitor=guest("c", network=8))
        with pytest.raises(TooMany):
            reported_error(article, "4")
        earlier = Origin(network=9, earlier_network=7, address=9, referrer=None, rules_rest=False)
        with pytest.raises(TooMany):
            reported_error(
                article,
                "5",
                visitor=Visitor(user=None, guest=None, is_new=True, origin=earlier),
            )
        reported_error(article, "6", at=A_WEEK_LATER + timedelta(hours=1))


class TestTheReceipt:
    def test_goes_to_the_typed_address_without_a_typed_word(self, article: Article) -> None:
        report = reported_error(article, email=" Ines@Home.example ")
        [letter] = post_of(A_WEEK_LATER)
        assert letter.to == ["ines@home.example"]
        assert reference_of(report) in letter.subject
        assert page_of(report) in letter.body
        assert "metres" not in str(letter.message())
        report.refresh_from_db()
        assert report.acknowledged_at == A_WEEK_LATER

    def test_goes_to_the_account_where_that_is_wished(self, article: Article) -> None:
        account = named_member("Mara Member")
        reported_error(article, to_account=True, visitor=member(account))
        assert to(post_of(A_WEEK_LATER)) == ["mara@members.example"]

    def test_one_mailbox_gets_few_a_day_and_every_report_is_kept(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(letter_room, "RECEIPTS_A_DAY", 2)
        for number, email in enumerate(["v@home.example", "V+x@home.example", "v@home.example"]):
            reported_error(article, f"{number}", email=email)
        assert len(post_of(A_WEEK_LATER)) == 2
        assert ErrorReport.objects.count() == 3

    def test_a_mail_server_that_refuses_loses_no_report(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = reported_error(article, email="ines@home.example")

        def refuse(*_args: object, **_more: object) -> int:
            raise ConnectionRefusedError

        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
        assert send_due(A_WEEK_LATER).failed == 1
        report.refresh_from_db()
        assert (report.outcome, report.acknowledged_at) == ("open", None)
        assert Letter.objects.get().state == LetterState.WAITING

    def test_opens_by_its_own_token_alone(self, article: Article) -> None:
        report = reported_error(article)
        token = path_of(report).split("/")[-2]
        assert name_in(token) == report.uuid
        assert name_in(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
        assert name_in(report.uuid.hex) is None


class TestAnswering:
    def test_who_may_publish_the_story_answers_and_nobody_else(self, article: Article) -> None:
        other = make_section("Sport")
        here, there = make_person("editor"), make_person("editor")
        _only_in(here, article)
        report = reported_error(article)
        assert may_answer(here, article)
        assert list(answerable_by(here)) == [report]
        for nobody in (make_person("writer"), make_person("moderator"), make_person()):
            assert list(answerable_by(nobody)) == []
            with pytest.raises(Refused):
                decline(report=report, actor=nobody, answer="It is right.")
        assert there.groups.count() > 1
        assert other.pk

    def test_a_refusal_says_why_and_leaves_after_ten_minutes(
        self, article: Article, publisher: User
    ) -> None:
        report = reported_error(article, email="ines@home.example")
        post_of(A_WEEK_LATER)
        decline(report=report, actor=publisher, answer=" We measured it. ", at=LATER)
        assert (report.outcome, report.answer) == (ErrorOutcome.DECLINED, "We measured it.")
        assert (report.decided_by, report.decided_at) == (publisher, LATER)
        assert post_of(LATER + UNDO_WINDOW - timedelta(seconds=1)) == []
        [letter] = post_of(LATER + UNDO_WINDOW)
        assert letter.to == ["ines@home.example"]
        assert "> We measured it." in letter.body
        assert "stays as it is" in letter.body
        report.refresh_from_db()
        assert report.told_at == LATER + UNDO_WINDOW

    def test_needs_a_reason_of_a_length_that_is_read(
        self, article: Article, publisher: User
    ) -> None:
        report = reported_error(article)
        for answer in ("  ", "a" * 2001):
            with pytest.raises(Invalid):
                decline(report=report, actor=publisher, answer=answer)

    def test_a_refusal_taken_back_in_time_sends_nothing_and_one_given_anew_does(
        self, article: Article, publisher: User
    ) -> None:
        report = reported_error(article, email="ines@home.example")
        post_of(A_WEEK_LATER)
        decline(report=report, actor=publisher, answer="No.", at=LATER)
        assert reopen(report=report, actor=publisher).outcome == ErrorOutcome.OPEN
        assert post_of(LATER + timedelta(hours=1)) == []
        decline(report=report, actor=publisher, answer="No, again.", at=LATER)
        [letter] = post_of(LATER + UNDO_WINDOW)
        assert "> No, again." in letter.body
        reopen(report=report, actor=publisher)
        at = LATER + timedelta(days=2)
        corrected(reports=[report], correction=noticed(article), actor=publisher, at=at)
        [second] = post_of(at)
        assert "Corrected" in second.subject
        with pytest.raises(Conflicting):
            reopen(report=report, actor=publisher)

    def test_a_correction_answers_several_and_its_words_are_in_the_letter(
        self, article: Article, publisher: User
    ) -> None:
        one = reported_error(article, "One.", email="ines@home.example")
        two = reported_error(article, "Two.", email="otto@home.example")
        post_of(A_WEEK_LATER)
        notice = noticed(article)
        corrected(reports=[one, two], correction=notice, actor=publisher, at=LATER)
        letters = post_of(LATER)
        assert to(letters) == ["ines@home.example", "otto@home.example"]
        assert "> An earlier version had the height wrong." in letters[0].body
        one.refresh_from_db()
        assert (one.outcome, one.correction) == (ErrorOutcome.CORRECTED, notice)

    def test_only_one_answer_and_only_by_a_notice_of_this_story(
        self, article: Article, publisher: User
    ) -> None:
        report = reported_error(article)
        stale = ErrorReport.objects.get(pk=report.pk)
        with pytest.raises(Invalid):
            corrected(reports=[report], correction=noticed(make_article("Other")), actor=publisher)
        decline(report=report, actor=publisher, answer="No.")
        for again in (report, stale):
            with pytest.raises(Conflicting):
                decline(report=again, actor=publisher, answer="Still no.")

    def test_the_database_knows_an_answer_by_its_time(self, article: Article) -> None:
        report = reported_error(article)
        for wrong in ({"outcome": "declined"}, {"decided_at": LATER}, {"outcome": "lost"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ErrorReport.objects.filter(pk=report.pk).update(**wrong)


class TestWhatIsHeldOfReaders:
    def test_an_account_gets_its_reports_and_those_of_its_address(self, article: Article) -> None:
        account = named_member("Mara Member")
        reported_error(article, "Signed in.", visitor=member(account))
        reported_error(article, "Not signed in.", email="mara@members.example")
        reported_error(article, "Somebody else.", email="ines@home.example")
        found = _handler().export(account)["error_reports"]
        assert [each["explanation"] for each in found] == ["Signed in.", "Not signed in."]

    def test_an_erasure_keeps_the_words_of_what_waits_and_of_nothing_else(
        self, article: Article, publisher: User
    ) -> None:
        account = named_member("Mara Member")
        waits = reported_error(article, "Waits.", to_account=True, visitor=member(account))
        done = reported_error(article, "Done.", email="mara@members.example")
        other = reported_error(article, "Other.", email="ines@home.example")
        decline(report=done, actor=publisher, answer="No.")
        _handler().erase(account)
        waits.refresh_from_db()
        done.refresh_from_db()
        assert (waits.explanation, waits.user, waits.to_account) == ("Waits.", None, False)
        assert (done.explanation, done.words, done.email) == (ERASED, "", "")
        assert done.answer == "No."
        left = Letter.objects.values_list("about", flat=True)
        assert set(left) == {other.uuid}
        assert [each.email for each in LetterAddress.objects.all()] == ["ines@home.example"]

    def test_an_erasure_takes_letters_that_lie_as_files(
        self,
        article: Article,
        settings: Any,
        tmp_path: Path,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        settings.EMAIL_FILE_PATH = str(tmp_path)
        known = guest("known")
        there = Guest.objects.create(uuid=known.guest)
        old = Visitor(user=None, guest=known.guest, is_new=False, origin=known.origin)
        named_member("Mara Member")
        reported_error(article, "Mine.", email="ines@home.example", visitor=old)
        reported_error(article, "Hers.", email="mara@members.example", visitor=old)
        for name in ("ines@home.example", "mara@members.example"):
            (tmp_path / f"{name}.log").write_text(f"To: {name}")
        with django_capture_on_commit_callbacks(execute=True):
            _handler().erase(there)
        assert [path.name for path in tmp_path.iterdir()] == ["mara@members.example.log"]

    def test_what_a_guest_has_reported_becomes_the_accounts(self, article: Article) -> None:
        known = guest("known")
        there = Guest.objects.create(uuid=known.guest)
        old = Visitor(user=None, guest=known.guest, is_new=False, origin=known.origin)
        report = reported_error(article, visitor=old)
        account = make_person()
        _handler().merge(guest=there, user=account)
        report.refresh_from_db()
        assert (report.guest, report.user) == (None, account)

    def test_networks_go_after_thirty_days_and_words_a_year_after_the_answer(
        self, article: Article, publisher: User
    ) -> None:
        report = reported_error(article, email="ines@home.example", visitor=guest("a", network=7))
        decline(report=report, actor=publisher, answer="No.", at=LATER)
        month = A_WEEK_LATER + timedelta(days=30)
        assert error_report_traces.forget_networks(month - timedelta(seconds=1)) == 0
        assert error_report_traces.forget_networks(month) == 1
        year = LATER + timedelta(days=365)
        assert error_report_traces.forget_reporters(year - timedelta(seconds=1)) == 0
        assert error_report_traces.forget_reporters(year) == 1
        report.refresh_from_db()
        assert (report.network, report.email, report.explanation) == (None, "", ERASED)
        assert error_report_traces.forget_reporters(year) == 0
        assert not LetterAddress.objects.exists()

    def test_a_legal_removal_takes_the_reports_with_their_letters(
        self, article: Article, publisher: User
    ) -> None:
        reported_error(article, email="ines@home.example")
        remove_article(article=article, actor=publisher, reason="A court has ordered it.")
        assert not ErrorReport.objects.exists()
        assert post_of(A_WEEK_LATER) == []
        assert not Letter.objects.exists()


def _handler() -> Handler:
    return error_report_traces.HANDLER


def _only_in(editor: User, article: Article) -> Any:
    """Leave the editor the section of this story alone."""
    from diurna.accounts.roles import section_group

    section = article.get_parent()
    keep = {
        section_group(section).pk,
        *editor.groups.filter(name="Editors").values_list("pk", flat=True),
    }
    editor.groups.set(keep)
