"""Reports of readers: made once, weighed, hiding what is heavy, and answered by decisions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from diurna.accounts.addresses import placeholder_address
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, CommentState, Frequency, Letter
from diurna.comments.moves import Move, make
from diurna.comments.notifications import decisions_of
from diurna.comments.states import Actor, State
from diurna.comments.subscriptions import follow, set_frequency
from diurna.comments.undoing import UNDO_WINDOW, undo
from diurna.common.errors import Conflicting, Invalid, Missing, Refused, TooMany
from diurna.delivery.surrogate import touched
from diurna.ledger.models import PendingEntry
from diurna.moderation import appeals, reports, statements
from diurna.moderation.models import HouseRule, ModerationSettings, Report, ReportOutcome
from diurna.moderation.traces import WORDS_KEPT, forget_reports
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, moderator, published_comment
from tests.factories.letters import post_of, say_yes, to
from tests.factories.newsroom import make_article
from tests.factories.reports import LATER, as_member, members, reported
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


@pytest.fixture
def comment(article: Article) -> Comment:
    return published_comment(article, "You are all idiots.")


def state(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def outcomes(comment: Comment) -> set[str]:
    return set(comment.reports.values_list("outcome", flat=True))


class TestMakingOne:
    def test_it_is_stored_with_rule_words_weight_and_network(self, comment: Comment) -> None:
        made = reported(comment, guest("ada", network=5), words="  That is\nrude. ")
        assert made.is_new
        row = comment.reports.get()
        assert (row.rule, row.words, row.weight, row.network) == ("insult", "That is rude.", 0.5, 5)
        assert row.user is None
        assert row.guest is not None
        assert row.guest.uuid == guest("ada").guest

    def test_a_member_weighs_one_and_an_account_without_address_a_half(
        self, comment: Comment
    ) -> None:
        assert reported(comment, member()).report.weight == 1.0
        nobody = make_person()
        nobody.email = placeholder_address(nobody.uuid)
        nobody.save()
        assert reported(comment, member(nobody)).report.weight == 0.5

    def test_a_second_press_finds_it_there_and_changes_nothing(self, comment: Comment) -> None:
        first = reported(comment, words="Rude.")
        again = reported(comment, rule="hate", words="Worse.")
        assert not again.is_new
        assert again.report == first.report
        assert comment.reports.get().words == "Rude."

    def test_other_needs_words(self, comment: Comment) -> None:
        with pytest.raises(reports.WordsMissing):
            reported(comment, rule="other", words=" \n ")
        assert reported(comment, rule="other", words="It is a riddle.").is_new

    @pytest.mark.parametrize("rule", ["", "no_such_rule", "insult\x00", "'; --", "off_topic"])
    def test_a_rule_is_one_of_those_in_use(self, comment: Comment, rule: str) -> None:
        reported(published_comment(comment.thread.article))
        HouseRule.objects.filter(word="off_topic").update(is_offered=False)
        with pytest.raises(Invalid):
            reported(comment, rule=rule)
        assert not comment.reports.exists()

    def test_words_have_an_end(self, comment: Comment) -> None:
        with pytest.raises(Invalid, match="500"):
            reported(comment, words="x" * 501)

    def test_nobody_reports_an_own_comment(self, article: Article) -> None:
        by_guest = published_comment(article, visitor="Bo")
        user = make_person()
        by_member = published_comment(article, visitor=member(user))
        for own, who in ((by_guest, guest("Bo")), (by_member, member(user))):
            with pytest.raises(reports.OwnComment):
                reported(own, who)

    def test_what_readers_do_not_see_is_not_reported(self, comment: Comment) -> None:
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
        with pytest.raises(Conflicting):
            reported(comment)

    def test_a_reader_and_a_network_have_so_many_an_hour(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reports, "GUEST_PER_HOUR", 2)
        monkeypatch.setattr(reports, "NETWORK_PER_HOUR", 3)
        several = [published_comment(article) for _number in range(5)]
        for comment in several[:2]:
            reported(comment, guest("eager", network=1))
        with pytest.raises(TooMany):
            reported(several[2], guest("eager", network=1))
        reported(several[2], guest("another", network=1))
        with pytest.raises(TooMany) as refused:
            reported(several[3], guest("third", network=1))
        assert refused.value.retry_after == 3600
        # The rules about networks rest: behind an unnamed proxy all come from one.
        resting = guest("fourth", network=1)
        resting = replace(resting, origin=replace(resting.origin, rules_rest=True))
        assert reported(several[3], resting).is_new
        assert reported(several[4], guest("eager", network=1), at=LATER + timedelta(hours=2)).is_new

    def test_the_database_holds_one_for_a_reader(self, comment: Comment) -> None:
        row = reported(comment, member()).report
        row.pk, row.uuid = None, uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_the_database_holds_that_a_decision_has_a_time(self, comment: Comment) -> None:
        reported(comment)
        with pytest.raises(IntegrityError), transaction.atomic():
            comment.reports.update(outcome=ReportOutcome.UPHELD)


class TestTakingBack:
    def test_an_open_one_is_deleted(self, comment: Comment) -> None:
        made = reported(comment)
        reports.take_back(report=made.report, visitor=guest("a reader"))
        assert not comment.reports.exists()

    def test_somebody_elses_is_not_found(self, comment: Comment) -> None:
        made = reported(comment)
        with pytest.raises(Missing):
            reports.take_back(report=made.report, visitor=guest("another"))
        assert comment.reports.exists()

    def test_a_decided_one_stays(self, comment: Comment) -> None:
        made = reported(comment)
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        with pytest.raises(Conflicting):
            reports.take_back(report=made.report, visitor=guest("a reader"))


class TestHiding:
    def test_eight_members_of_three_networks_hide_and_seven_do_not(self, comment: Comment) -> None:
        eight = members(8)
        for who in eight[:7]:
            assert not reported(comment, who).hidden
        assert state(comment) == CommentState.PUBLISHED
        assert reported(comment, eight[7]).hidden
        assert state(comment) == CommentState.HIDDEN
        move = comment.transitions.order_by("-pk").first()
        assert move is not None
        assert (move.actor, move.rule, move.automated) == ("policy", "reports", True)
        assert outcomes(comment) == {ReportOutcome.OPEN}
        entry = PendingEntry.objects.order_by("-pk").first()
        assert entry is not None
        assert entry.type == "moderation"

    def test_two_networks_hide_nothing(self, comment: Comment) -> None:
        for who in members(12, networks=2):
            reported(comment, who)
        assert state(comment) == CommentState.PUBLISHED
        reported(comment, guest("from a third", network=9))
        assert state(comment) == CommentState.HIDDEN

    def test_one_network_under_two_keys_is_one(self, comment: Comment) -> None:
        for who in members(12, networks=2):
            reported(comment, who)
        moved = guest("after the key changed", network=500)
        moved = replace(moved, origin=replace(moved.origin, earlier_network=100))
        reported(comment, moved)
        assert state(comment) == CommentState.PUBLISHED

    def test_the_desk_says_at_which_weight(self, comment: Comment) -> None:
        ModerationSettings.objects.create(hide_at_weight=1, hide_from_networks=2)
        reported(comment, guest("a", network=1))
        assert state(comment) == CommentState.PUBLISHED
        reported(comment, guest("b", network=2))
        assert state(comment) == CommentState.HIDDEN

    def test_who_is_mostly_wrong_weighs_little(self, article: Article, comment: Comment) -> None:
        eager = make_person()
        for _number in range(14):
            wrong = published_comment(article)
            reported(wrong, as_member(eager))
            reports.let_stand(comment=wrong, moderator=moderator(), at=LATER)
        assert reported(comment, as_member(eager)).report.weight == 0.125
        for who in members(7):
            reported(comment, who)
        assert state(comment) == CommentState.PUBLISHED

    def test_what_its_author_deleted_counts_neither_way(self, article: Article) -> None:
        reader, gone = make_person(), published_comment(article)
        reported(gone, as_member(reader))
        delete_comment(comment=gone, by=Author(gone.pk), at=LATER)
        assert reported(published_comment(article), as_member(reader)).report.weight == 1.0

    def test_what_a_moderator_kept_needs_new_reports(self, comment: Comment) -> None:
        for who in members(7):
            reported(comment, who)
        assert reports.let_stand(comment=comment, moderator=moderator(), at=LATER) == 7
        for who in members(7):
            assert not reported(comment, who).hidden
        assert reported(comment, guest("a", network=101)).hidden is False
        assert reported(comment, guest("b", network=102)).hidden


class TestOutcomes:
    @pytest.mark.parametrize("to_state", [State.REMOVED, State.HIDDEN])
    def test_taken_away_by_a_moderator_is_upheld(self, comment: Comment, to_state: State) -> None:
        reported(comment)
        move = decide(comment=comment, to=to_state, moderator=moderator(), rule="insult", at=LATER)
        row = comment.reports.get()
        assert (row.outcome, row.transition, row.decided_at) == (ReportOutcome.UPHELD, move, LATER)
        assert row.decided_by == moderator()

    def test_kept_is_rejected(self, comment: Comment) -> None:
        reported(comment)
        assert reports.let_stand(comment=comment, moderator=moderator(), at=LATER) == 1
        row = comment.reports.get()
        assert (row.outcome, row.transition) == (ReportOutcome.REJECTED, None)
        assert state(comment) == CommentState.PUBLISHED
        assert comment.transitions.count() == 1

    def test_published_again_after_reports_hid_it_is_rejected(self, comment: Comment) -> None:
        for who in members(8):
            reported(comment, who)
        decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="moderator")
        assert outcomes(comment) == {ReportOutcome.REJECTED}

    def test_its_authors_deletion_is_moot(self, comment: Comment) -> None:
        reported(comment)
        delete_comment(comment=comment, by=Author(comment.pk), at=LATER)
        assert outcomes(comment) == {ReportOutcome.MOOT}

    def test_a_decision_that_is_undone_opens_them_again(self, comment: Comment) -> None:
        reported(comment)
        move = decide(
            comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER
        )
        undo(decision=move, moderator=moderator(), at=LATER + timedelta(minutes=1))
        row = comment.reports.get()
        assert (row.outcome, row.decided_at, row.transition) == (ReportOutcome.OPEN, None, None)
        assert row.decided_by is None

    def test_keeping_can_be_taken_back_for_ten_minutes_by_who_kept(self, comment: Comment) -> None:
        reported(comment)
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        with pytest.raises(Refused):
            reports.ask_again(comment=comment, moderator=make_person("moderator"), at=LATER)
        with pytest.raises(Refused):
            reports.ask_again(comment=comment, moderator=moderator(), at=LATER + UNDO_WINDOW)
        soon = LATER + UNDO_WINDOW - timedelta(seconds=1)
        assert reports.ask_again(comment=comment, moderator=moderator(), at=soon) == 1
        assert outcomes(comment) == {ReportOutcome.OPEN}

    def test_an_appeal_that_succeeds_makes_them_wrong(self, comment: Comment) -> None:
        reported(comment)
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
        comment.refresh_from_db()
        make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule="author", at=LATER))
        assert outcomes(comment) == {ReportOutcome.UPHELD}
        decide(
            comment=comment,
            to=State.PUBLISHED,
            moderator=make_person("moderator"),
            rule="moderator",
        )
        assert outcomes(comment) == {ReportOutcome.REJECTED}

    def test_what_was_kept_and_then_taken_away_makes_its_reporters_right(
        self, comment: Comment
    ) -> None:
        eager = make_person()
        reported(comment, as_member(eager))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        reported(comment, "a later reader")
        other = make_person("moderator")
        soon = LATER + timedelta(minutes=1)
        removal = decide(comment=comment, to=State.REMOVED, moderator=other, rule="insult", at=soon)
        assert outcomes(comment) == {ReportOutcome.UPHELD}
        with pytest.raises(Conflicting):
            reports.ask_again(comment=comment, moderator=moderator(), at=soon)
        elsewhere = published_comment(comment.thread.article)
        assert reported(elsewhere, as_member(eager)).report.weight == 1.0
        # A slip: each is what it was, and who let it stand can still think again.
        undo(decision=removal, moderator=other, at=soon)
        first, second = comment.reports.all()
        assert (first.outcome, first.decided_by) == (ReportOutcome.REJECTED, moderator())
        assert second.outcome == ReportOutcome.OPEN
        assert reports.ask_again(comment=comment, moderator=moderator(), at=soon) == 1
        assert outcomes(comment) == {ReportOutcome.OPEN}

    def test_what_a_rule_took_away_after_an_edit_makes_nobody_right_who_was_wrong(
        self, comment: Comment
    ) -> None:
        reported(comment)
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        comment.refresh_from_db()
        make(comment, Move(to=State.REMOVED, actor=Actor.POLICY, rule="words", at=LATER))
        assert outcomes(comment) == {ReportOutcome.REJECTED}

    def test_letting_stand_is_taken_back_only_while_readers_see_it(self, comment: Comment) -> None:
        reported(comment)
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        delete_comment(comment=comment, by=Author(comment.pk), at=LATER)
        with pytest.raises(Conflicting):
            reports.ask_again(comment=comment, moderator=moderator(), at=LATER)
        assert outcomes(comment) == {ReportOutcome.REJECTED}

    def test_an_undone_reinstatement_leaves_them_right(self, comment: Comment) -> None:
        reported(comment)
        removal = decide(
            comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER
        )
        comment.refresh_from_db()
        make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule="author", at=LATER))
        other = make_person("moderator")
        for _again in range(2):
            given_back = decide(
                comment=comment, to=State.PUBLISHED, moderator=other, rule="appeal", at=LATER
            )
            assert outcomes(comment) == {ReportOutcome.REJECTED}
            undo(decision=given_back, moderator=other, at=LATER)
            row = comment.reports.get()
            assert (row.outcome, row.transition) == (ReportOutcome.UPHELD, removal)
            assert (row.decided_by, row.decided_at) == (moderator(), LATER)

    @pytest.mark.parametrize("by_reports", [True, False])
    def test_hidden_again_by_an_undo_they_are_what_hiding_had_made_of_them(
        self, comment: Comment, by_reports: bool
    ) -> None:
        reported(comment)
        who = None if by_reports else moderator()
        actor = Actor.POLICY if by_reports else Actor.MODERATOR
        comment.refresh_from_db()
        make(comment, Move(to=State.HIDDEN, actor=actor, rule="reports", at=LATER, moderator=who))
        hidden = ReportOutcome.OPEN if by_reports else ReportOutcome.UPHELD
        for _again in range(2):
            shown = decide(
                comment=comment,
                to=State.PUBLISHED,
                moderator=moderator(),
                rule="moderator",
                at=LATER,
            )
            assert outcomes(comment) == {ReportOutcome.REJECTED}
            undo(decision=shown, moderator=moderator(), at=LATER)
            assert outcomes(comment) == {hidden}

    def test_the_numbers_are_made_again_whatever_becomes_of_one(
        self, comment: Comment, django_capture_on_commit_callbacks: Any
    ) -> None:
        def grows(act: Callable[[], object]) -> bool:
            before = touched().get("moderation-numbers", 0)
            with django_capture_on_commit_callbacks(execute=True):
                act()
            return touched().get("moderation-numbers", 0) > before

        assert grows(lambda: reported(comment))
        assert not grows(lambda: reported(comment))
        own = comment.reports.get()
        assert grows(lambda: reports.take_back(report=own, visitor=guest("a reader")))
        reported(comment)
        who = moderator()
        assert grows(lambda: reports.let_stand(comment=comment, moderator=who, at=LATER))
        assert grows(lambda: reports.ask_again(comment=comment, moderator=who, at=LATER))
        assert grows(lambda: delete_comment(comment=comment, by=Author(comment.pk), at=LATER))

    def test_only_moderators_keep_and_only_what_is_reported(self, comment: Comment) -> None:
        with pytest.raises(Conflicting):
            reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        reported(comment)
        with pytest.raises(Refused):
            reports.let_stand(comment=comment, moderator=make_person("editor"), at=LATER)
        assert outcomes(comment) == {ReportOutcome.OPEN}

    def test_what_open_reports_say_is_told_without_names(self, comment: Comment) -> None:
        for number, who in enumerate(members(3)):
            reported(comment, who, words=f"word {number}" if number else "")
        reported(comment, rule="other", words="strange")
        told = reports.told([comment.pk])[comment.pk]
        assert told.rules == [("Insults somebody", 3), ("Something else", 1)]
        assert told.words == ["word 1", "word 2", "strange"]
        assert (told.count, told.weight, told.networks) == (4, 3.5, 3)
        assert reports.told([comment.pk + 1]) == {}


class TestLetters:
    def test_a_member_hears_after_the_time_to_undo_and_once(self, comment: Comment) -> None:
        ada = make_person(email="ada@members.example")
        reported(comment, as_member(ada), words="My name is Ada.")
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER)
        assert to(post_of(LATER + UNDO_WINDOW - timedelta(seconds=1))) == []
        [letter] = post_of(LATER + UNDO_WINDOW)
        assert letter.to == ["ada@members.example"]
        assert letter.subject == "What became of your report: The harbour crane"
        assert "was taken away" in letter.body
        assert "/account/reports/" in letter.body
        # Neither what was reported nor what was typed: a letter is read by others, too.
        assert "idiots" not in letter.body
        assert "Ada" not in letter.body
        assert "List-Unsubscribe" in letter.extra_headers
        assert post_of(LATER + timedelta(days=1)) == []

    def test_that_it_stays_is_told_as_well(self, comment: Comment) -> None:
        reported(comment, as_member(make_person(email="ada@members.example")))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        [letter] = post_of(LATER + UNDO_WINDOW)
        assert "the comment stays" in letter.body

    def test_a_slip_is_told_to_nobody(self, comment: Comment) -> None:
        reported(comment, as_member(make_person(email="ada@members.example")))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        reports.ask_again(comment=comment, moderator=moderator(), at=LATER)
        assert post_of(LATER + timedelta(days=1)) == []
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER + timedelta(days=1))
        assert len(post_of(LATER + timedelta(days=2))) == 1

    def test_who_wants_no_letters_about_decisions_gets_none(self, comment: Comment) -> None:
        ada = make_person(email="ada@members.example")
        set_frequency(subscription=decisions_of(ada, A_WEEK_LATER), frequency=Frequency.OFF)
        reported(comment, as_member(ada))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        assert not Letter.objects.filter(kind="report").exists()

    def test_switched_off_in_between_it_is_dropped(self, comment: Comment) -> None:
        ada = make_person(email="ada@members.example")
        reported(comment, as_member(ada))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        set_frequency(subscription=decisions_of(ada, LATER), frequency=Frequency.OFF)
        assert post_of(LATER + UNDO_WINDOW) == []

    def test_a_guest_hears_only_at_an_address_that_said_yes_to_this_browser(
        self, article: Article, comment: Comment
    ) -> None:
        for name in ("known", "unknown"):
            follow(
                visitor=guest(name), article=article, email=f"{name}@home.example", at=A_WEEK_LATER
            )
            reported(comment, guest(name))
        say_yes("known@home.example", A_WEEK_LATER)
        post_of(A_WEEK_LATER + timedelta(minutes=1))
        reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
        assert to(post_of(LATER + UNDO_WINDOW)) == ["known@home.example"]


def test_an_appeal_has_the_numbers_made_again(
    comment: Comment, django_capture_on_commit_callbacks: Any
) -> None:
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=LATER)
    comment.refresh_from_db()
    statement = statements.of_comment(comment)
    assert statement is not None
    before = touched().get("moderation-numbers", 0)
    with django_capture_on_commit_callbacks(execute=True):
        appeals.appeal(statement=statement, by=Author(comment.pk), at=LATER)
    assert touched()["moderation-numbers"] > before


def test_reports_of_who_is_erased_have_no_reporter(comment: Comment) -> None:
    from diurna.moderation.personal_data import HANDLER

    reader = make_person()
    reported(comment, as_member(reader), words="I live next door.")
    assert HANDLER.export(reader)["reports"][0]["words"] == "I live next door."
    HANDLER.erase(reader)
    row = Report.objects.get()
    assert (row.user, row.guest, row.words, row.network) == (None, None, "", None)


def test_words_of_a_report_go_a_year_after_its_decision(comment: Comment) -> None:
    reported(comment, words="Rude.")
    assert forget_reports(LATER + 2 * WORDS_KEPT) == 0
    reports.let_stand(comment=comment, moderator=moderator(), at=LATER)
    assert forget_reports(LATER + WORDS_KEPT - timedelta(seconds=1)) == 0
    assert forget_reports(LATER + WORDS_KEPT) == 1
    assert Report.objects.get().words == ""
