"""Statements of reasons, appeals against them, and who may answer."""

from datetime import timedelta

import pytest

from diurna.accounts.erasure import erase_account
from diurna.accounts.guests import Guest
from diurna.accounts.merging import merge_guest
from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, LetterState, Transition
from diurna.comments.states import State
from diurna.comments.undoing import UNDO_WINDOW, undo
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.ledger.models import PendingEntry
from diurna.moderation import appeals, measure_traces, statements
from diurna.moderation.answering import OwnDecision
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.measures import impose, lift
from diurna.moderation.models import Appeal, AppealOutcome, MeasureKind, MeasureOn, Statement
from diurna.moderation.statement_words import said_of
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.letters import named_member, post_of, to
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
HOUR = timedelta(hours=1)


@pytest.fixture(name="article")
def _article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


@pytest.fixture(name="other")
def _other() -> User:
    return make_person("moderator", email="other@news.example")


def remove(comment: Comment, *, rule: str = "insult", reason: str = "", at: object = AT) -> None:
    """The tests' moderator removes a comment."""
    decide(
        comment=comment,
        to=State.REMOVED,
        moderator=moderator(),
        rule=rule,
        reason=reason,
        at=at,  # type: ignore[arg-type]  # a moment
    )
    comment.refresh_from_db()


def removed(article: Article, **how: object) -> Comment:
    """A comment that stood and was removed."""
    comment = published_comment(article, None, **how)
    remove(comment, reason="You call her a fool.")
    return comment


def appealed(comment: Comment, words: str = "I meant the crane.") -> Appeal:
    """Its author appeals."""
    statement = statements.of_comment(comment)
    assert statement is not None
    made = appeals.appeal(statement=statement, by=Author(comment.pk), words=words, at=AT + HOUR)
    comment.refresh_from_db()
    return made


class TestStatements:
    def test_each_restriction_has_one(self, article: Article) -> None:
        comment = published_comment(article)
        decide(
            comment=comment,
            to=State.HIDDEN,
            moderator=moderator(),
            rule="insult",
            reason="Wait.",
            at=AT,
        )
        comment.refresh_from_db()
        remove(comment, reason="You call her a fool.", at=AT + HOUR)
        hidden, gone = Statement.objects.order_by("pk")
        assert (hidden.action, hidden.reason) == ("hide", "Wait.")
        assert (gone.action, gone.rule, gone.reason) == ("remove", "insult", "You call her a fool.")
        assert gone.guest == comment.guest
        assert not gone.automated
        assert gone.made_at == AT + HOUR
        assert gone.appeal_until - gone.made_at >= timedelta(days=184)

    def test_the_rules_words_stay_as_they_were(self, article: Article) -> None:
        from diurna.moderation.models import HouseRule

        ensure_rules()
        comment = removed(article)
        words = Statement.objects.get().rule_words
        HouseRule.objects.filter(word="insult").update(title="Something else")
        found = statements.of_comment(comment)
        assert found is not None
        assert found.rule_words == words
        assert words in said_of(found, AT).rule

    def test_none_for_spam_nor_for_what_is_published(self, article: Article) -> None:
        from diurna.comments.models import CommentSettings

        CommentSettings.objects.update(hold_newcomers=True)
        spam = comment_on(article)
        decide(comment=spam, to=State.SPAM, moderator=moderator(), rule="spam", at=AT)
        unread = comment_on(article)
        decide(comment=unread, to=State.REMOVED, moderator=moderator(), rule="spam", at=AT)
        published_comment(article)
        assert not Statement.objects.exists()

    def test_what_readers_have_seen_has_one_even_as_spam(self, article: Article) -> None:
        comment = published_comment(article)
        remove(comment, rule="spam")
        assert Statement.objects.get().rule == "spam"

    def test_undoing_makes_none_and_the_one_before_holds(self, article: Article) -> None:
        comment = published_comment(article)
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult", at=AT)
        comment.refresh_from_db()
        back = decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="x", at=AT)
        undo(decision=back, moderator=moderator(), at=AT)
        comment.refresh_from_db()
        assert comment.state == CommentState.HIDDEN
        statement = Statement.objects.get()
        assert statements.holds(statement, AT)

    def test_an_undone_removal_holds_no_longer(self, article: Article) -> None:
        comment = published_comment(article)
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="x", at=AT)
        comment.refresh_from_db()
        remove(comment)
        undo(decision=Transition.objects.latest("pk"), moderator=moderator(), at=AT)
        hidden, gone = Statement.objects.order_by("pk")
        assert statements.holds(hidden, AT)
        assert not statements.holds(gone, AT)


class TestAppealing:
    def test_the_author_appeals_once_with_or_without_words(self, article: Article) -> None:
        comment = removed(article)
        made = appealed(comment, "")
        assert comment.state == CommentState.APPEALED
        assert made.outcome == AppealOutcome.OPEN
        with pytest.raises(Refused, match="already"):
            appealed(comment)

    def test_the_public_log_has_it_where_it_was_public(self, article: Article) -> None:
        comment = removed(article)
        appealed(comment)
        entries = [bytes(one.data) for one in PendingEntry.objects.filter(type="moderation")]
        mine = [one for one in entries if str(comment.uuid).encode() in one]
        assert b'"appeal"' in mine[-1]

    def test_account_and_guest_may_strangers_may_not(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        first, second = removed(article, visitor=member(ada)), removed(article, visitor="Bob")
        of_ada, of_bob = (statements.of_comment(each) for each in (first, second))
        assert of_ada is not None
        assert of_bob is not None
        bob = Guest.objects.get(uuid=str(guest("Bob").guest))
        wrong: list[tuple[Statement, User | Guest | Author]]
        wrong = [(of_ada, bob), (of_bob, ada), (of_ada, Author(second.pk))]
        for statement, by in wrong:
            with pytest.raises(appeals.NotYours):
                appeals.appeal(statement=statement, by=by, at=AT)
        assert appeals.appeal(statement=of_ada, by=ada, at=AT)
        assert appeals.appeal(statement=of_bob, by=bob, at=AT)

    def test_not_while_hidden_since_somebody_looks_anyway(self, article: Article) -> None:
        comment = published_comment(article)
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult", at=AT)
        comment.refresh_from_db()
        with pytest.raises(Refused, match="looked at by a moderator anyway"):
            appealed(comment)

    def test_for_six_months(self, article: Article) -> None:
        comment = removed(article)
        statement = statements.of_comment(comment)
        assert statement is not None
        late = statement.appeal_until
        with pytest.raises(Refused, match="until 11 May 2027"):
            appeals.appeal(statement=statement, by=Author(comment.pk), at=late)
        assert not said_of(statement, late).may_appeal

    def test_too_many_words(self, article: Article) -> None:
        comment = removed(article)
        with pytest.raises(Invalid, match="2,000"):
            appealed(comment, "x" * 2001)
        assert not Appeal.objects.exists()

    def test_deleting_withdraws(self, article: Article) -> None:
        comment = removed(article)
        made = appealed(comment)
        delete_comment(comment=comment, by=Author(comment.pk), at=AT + 2 * HOUR)
        made.refresh_from_db()
        assert made.outcome == AppealOutcome.WITHDRAWN
        with pytest.raises(Conflicting):
            appeals.answer(appeal=made, moderator=moderator(), reinstate=True)

    def test_an_automated_removal(self, article: Article) -> None:
        comment = published_comment(article)
        from diurna.comments.moves import Move, make
        from diurna.comments.states import Actor

        make(comment, Move(to=State.REMOVED, actor=Actor.POLICY, rule="banned_words", at=AT))
        made = appealed(comment)
        assert made.statement.automated
        # Nobody has decided before, so anybody answers.
        appeals.answer(appeal=made, moderator=moderator(), reinstate=False, at=AT + HOUR)
        made.refresh_from_db()
        assert (made.outcome, made.had_no_other) == (AppealOutcome.UPHELD, False)

    def test_what_was_removed_again_can_be_appealed_again(
        self, article: Article, other: User
    ) -> None:
        comment = removed(article)
        appeals.answer(appeal=appealed(comment), moderator=other, reinstate=True, at=AT + HOUR)
        comment.refresh_from_db()
        remove(comment, at=AT + 2 * HOUR)
        assert appealed(comment)


def test_the_words_of_an_appeal_go_a_year_after_its_answer(article: Article, other: User) -> None:
    made = appealed(removed(article))
    year = timedelta(days=365)
    assert measure_traces.forget_appeals(AT + 2 * year) == 0
    appeals.answer(appeal=made, moderator=other, reinstate=True, at=AT)
    assert measure_traces.forget_appeals(AT + year) == 1
    made.refresh_from_db()
    assert (made.words, made.outcome) == ("", AppealOutcome.REINSTATED)


class TestAnswering:
    def test_another_moderator_reinstates(self, article: Article, other: User) -> None:
        comment = removed(article)
        made = appeals.answer(
            appeal=appealed(comment),
            moderator=other,
            reinstate=True,
            reason="It is about the crane.",
            at=AT + HOUR,
        )
        comment.refresh_from_db()
        assert comment.state == CommentState.PUBLISHED
        assert made.outcome == AppealOutcome.REINSTATED
        assert (made.answered_by, made.answer) == (other, "It is about the crane.")
        assert not made.had_no_other
        assert made.transition == Transition.objects.latest("pk")

    def test_another_moderator_upholds_with_a_statement_of_its_own(
        self, article: Article, other: User
    ) -> None:
        comment = removed(article)
        appeals.answer(appeal=appealed(comment), moderator=other, reinstate=False, at=AT + HOUR)
        comment.refresh_from_db()
        assert comment.state == CommentState.UPHELD
        statement = statements.of_comment(comment)
        assert statement is not None
        assert (statement.action, statement.rule) == ("uphold", "insult")
        said = said_of(statement, AT + HOUR)
        assert not said.may_appeal
        assert "no further one here" in said.appeal
        assert "a court" in said.redress

    def test_who_decided_does_not_while_there_is_another(
        self, article: Article, other: User
    ) -> None:
        made = appealed(removed(article))
        with pytest.raises(OwnDecision):
            appeals.answer(appeal=made, moderator=moderator(), reinstate=False)
        made.refresh_from_db()
        assert made.outcome == AppealOutcome.OPEN

    def test_nor_by_the_desks_other_buttons(self, article: Article, other: User) -> None:
        comment = removed(article)
        made = appealed(comment)
        for state in (State.PUBLISHED, State.UPHELD):
            with pytest.raises(OwnDecision):
                decide(comment=comment, to=state, moderator=moderator(), rule="read")
        # Somebody else's press there is an answer like any other.
        decide(comment=comment, to=State.UPHELD, moderator=other, rule="read", reason="Still.")
        made.refresh_from_db()
        assert (made.outcome, made.answer) == (AppealOutcome.UPHELD, "Still.")
        assert made.answered_by == other

    def test_alone_one_answers_oneself_and_it_is_said(self, article: Article) -> None:
        comment = removed(article)
        made = appeals.answer(
            appeal=appealed(comment), moderator=moderator(), reinstate=True, at=AT + HOUR
        )
        assert made.had_no_other
        assert "nobody else" in said_of(made.statement, AT + HOUR).appeal

    @pytest.mark.parametrize("gone", ["is_active", "is_staff"])
    def test_who_has_left_is_nobody_else(self, article: Article, other: User, gone: str) -> None:
        setattr(other, gone, False)
        other.save()
        made = appealed(removed(article))
        assert appeals.answer(appeal=made, moderator=moderator(), reinstate=True).had_no_other

    def test_nobody_decides_about_themselves(self, article: Article, other: User) -> None:
        comment = published_comment(article, visitor=member(other))
        remove(comment)
        made = appealed(comment)
        with pytest.raises(OwnDecision):
            appeals.answer(appeal=made, moderator=other, reinstate=True)
        # The only other one is the reader, so who decided answers.
        assert appeals.answer(appeal=made, moderator=moderator(), reinstate=False).had_no_other

    def test_a_role_without_the_right(self, article: Article) -> None:
        made = appealed(removed(article))
        for role in ("writer", "editor", "administrator"):
            with pytest.raises(Refused):
                appeals.answer(appeal=made, moderator=make_person(role), reinstate=True)

    def test_twice(self, article: Article, other: User) -> None:
        made = appealed(removed(article))
        appeals.answer(appeal=made, moderator=other, reinstate=True)
        with pytest.raises(Conflicting):
            appeals.answer(appeal=made, moderator=other, reinstate=False)

    def test_undoing_opens_it_again(self, article: Article, other: User) -> None:
        comment = removed(article)
        made = appeals.answer(appeal=appealed(comment), moderator=other, reinstate=True, at=AT)
        assert made.transition is not None
        undo(decision=made.transition, moderator=other, at=AT)
        made.refresh_from_db()
        comment.refresh_from_db()
        assert (made.outcome, comment.state) == (AppealOutcome.OPEN, CommentState.APPEALED)
        assert made.answered_by is None
        assert appeals.answer(appeal=made, moderator=other, reinstate=False, at=AT)

    def test_the_queue_says_which_are_not_ones_own_to_answer(
        self, article: Article, other: User
    ) -> None:
        made = appealed(removed(article))
        [mine], [theirs] = appeals.open_for(moderator()), appeals.open_for(other)
        assert mine.appeal == theirs.appeal == made
        assert not mine.is_theirs
        assert "somebody else" in mine.because
        assert theirs.is_theirs


class TestMeasures:
    def banned(self, user: User) -> Statement:
        """The statement of a ban by the tests' moderator."""
        ensure_rules()
        measure = impose(
            kind=MeasureKind.BAN,
            on=MeasureOn.ACCOUNT,
            user=user,
            moderator=moderator(),
            rule="insult",
            reason="Again.",
            at=AT,
        )
        return measure.statement

    def test_reinstating_lifts(self, other: User) -> None:
        ada = named_member("Ada Reader")
        statement = self.banned(ada)
        made = appeals.appeal(statement=statement, by=ada, words="Sorry.", at=AT)
        with pytest.raises(OwnDecision):
            appeals.answer(appeal=made, moderator=moderator(), reinstate=False, at=AT)
        post_of(AT)
        appeals.answer(appeal=made, moderator=other, reinstate=True, reason="Once more.", at=AT)
        statement.measure.refresh_from_db()  # type: ignore[union-attr]  # it is about one
        assert not statements.holds(Statement.objects.get(), AT)
        [letter] = post_of(AT)
        assert letter.subject.startswith("Your appeal is answered")
        assert "Once more." in letter.body

    def test_upholding_leaves_it(self, other: User) -> None:
        ada = named_member("Ada Reader")
        made = appeals.appeal(statement=self.banned(ada), by=ada, at=AT)
        appeals.answer(appeal=made, moderator=other, reinstate=False, at=AT)
        assert statements.holds(Statement.objects.get(), AT)

    def test_while_an_appeal_is_open_it_is_answered_and_not_lifted(self, other: User) -> None:
        ada = named_member("Ada Reader")
        statement = self.banned(ada)
        appeals.appeal(statement=statement, by=ada, at=AT)
        with pytest.raises(Refused, match="answer the appeal"):
            lift(measure=statement.measure, moderator=other, because="Well.", at=AT)  # type: ignore[arg-type]

    def test_what_was_lifted_is_not_appealed_against(self, other: User) -> None:
        ada = named_member("Ada Reader")
        statement = self.banned(ada)
        lift(measure=statement.measure, moderator=other, because="Well.", at=AT)  # type: ignore[arg-type]
        fresh = Statement.objects.get()
        with pytest.raises(Refused, match="holds no longer"):
            appeals.appeal(statement=fresh, by=ada, at=AT)


class TestLetters:
    def test_a_removal_brings_the_reasons_and_the_way_to_appeal(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        comment = removed(article, visitor=member(ada))
        assert post_of(AT) == []
        [letter] = post_of(AT + UNDO_WINDOW)
        assert letter.to == ["ada@members.example"]
        for words in (
            "You call her a fool.",
            "A person decided.",
            "You can appeal until 11 May 2027",
            f"/account/comments/{comment.uuid}/appeal/",
            "a court",
        ):
            assert words in letter.body

    def test_the_outcome_is_told(self, article: Article, other: User) -> None:
        comment = removed(article, visitor=member(named_member("Ada Reader")))
        made = appealed(comment)
        post_of(AT + UNDO_WINDOW)
        appeals.answer(appeal=made, moderator=other, reinstate=False, reason="It is.", at=AT + HOUR)
        [letter] = post_of(AT + HOUR + UNDO_WINDOW)
        assert "stays removed" in letter.subject
        assert "It is." in letter.body
        assert "/appeal/" not in letter.body

    def test_only_confirmed_addresses(self, article: Article) -> None:
        removed(article, visitor="Bob", email="bob@home.example")
        assert "bob@home.example" not in to(post_of(AT + UNDO_WINDOW))

    def test_removed_undone_and_removed_again_is_one_letter(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        comment = published_comment(article, visitor=member(ada))
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="x", at=AT)
        comment.refresh_from_db()
        remove(comment, at=AT)
        undo(decision=Transition.objects.latest("pk"), moderator=moderator(), at=AT)
        comment.refresh_from_db()
        remove(comment, at=AT)
        assert to(post_of(AT + UNDO_WINDOW)) == ["ada@members.example"]
        states = list(comment.letters.values_list("state", flat=True))
        assert states.count(LetterState.SENT) == 1

    def test_an_edited_comment_can_not_be_edited_into_a_new_chance(self, article: Article) -> None:
        comment = removed(article)
        with pytest.raises(Refused):
            edit_comment(comment=comment, by=Author(comment.pk), body="Nicer.", at=AT)


class TestPersonalData:
    def test_signing_in_brings_decisions_along(self, article: Article) -> None:
        comment = removed(article, visitor="Bob")
        bob = Guest.objects.get(uuid=str(guest("Bob").guest))
        ensure_rules()
        ban = impose(
            kind=MeasureKind.BAN,
            on=MeasureOn.GUEST,
            guest=bob,
            moderator=moderator(),
            rule="insult",
            reason="Again.",
            at=AT,
        )
        ada = named_member("Ada Reader")
        merge_guest(guest=bob.uuid, user=ada)
        ban.refresh_from_db()
        assert (ban.on, ban.user) == (MeasureOn.ACCOUNT, ada)
        told = statements.to_reader(ada)
        assert {each.transition is None for each in told} == {True, False}
        of_comment = statements.of_comment(comment)
        assert of_comment is not None
        assert appeals.appeal(statement=of_comment, by=ada, at=AT)

    def test_an_erasure_withdraws_and_empties(self, article: Article, other: User) -> None:
        ada = named_member("Ada Reader")
        made = appealed(removed(article, visitor=member(ada)))
        ensure_rules()
        impose(
            kind=MeasureKind.BAN,
            on=MeasureOn.ACCOUNT,
            user=ada,
            moderator=moderator(),
            rule="insult",
            reason="Ada again.",
            at=AT,
        )
        erase_account(user=ada)
        made.refresh_from_db()
        assert (made.outcome, made.words) == (AppealOutcome.WITHDRAWN, "")
        for told in Statement.objects.all():
            assert (told.user, told.guest, told.reason) == (None, None, "")
        assert appeals.open_for(other) == []
