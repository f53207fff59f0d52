"""Whose a statement of reasons is, what is left of it, and which decisions have one."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diurna.accounts.erasure import erase_account
from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.claiming import claim_comment
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, Letter, LetterAddress, Transition
from diurna.comments.states import State
from diurna.common.errors import Conflicting, Refused
from diurna.moderation import appeals, report_outcomes, statements
from diurna.moderation.answering import OwnDecision
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.measures import impose, lift
from diurna.moderation.models import (
    Measure,
    MeasureKind,
    MeasureOn,
    Notice,
    Statement,
)
from diurna.moderation.personal_data import HANDLER
from diurna.moderation.statement_words import said_of
from diurna.moderation.words import change_lists
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.letters import named_member
from tests.factories.newsroom import make_article
from tests.factories.reports import given_notice, reported
from tests.factories.votes import member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
HOUR = timedelta(hours=1)


@pytest.fixture(name="article")
def _article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


def appealed(article: Article) -> Comment:
    """A guest's comment that was removed, and the guest's appeal."""
    comment = published_comment(article)
    decide(
        comment=comment,
        to=State.REMOVED,
        moderator=moderator(),
        rule="insult",
        reason="You call her a fool.",
        at=AT,
    )
    comment.refresh_from_db()
    statement = Statement.objects.get()
    appeals.appeal(statement=statement, by=Author(comment.pk), words="I am Ana.", at=AT + HOUR)
    comment.refresh_from_db()
    return comment


class TestClaimed:
    """A comment that an account took over by its receipt: the statement was made for the guest."""

    def claimed(self, article: Article) -> User:
        comment, user = appealed(article), named_member("Ana")
        claim_comment(comment=comment, by=Author(comment.pk), user=user)
        return user

    def test_the_account_is_given_statement_and_appeal_the_guest_is_not(
        self, article: Article
    ) -> None:
        user = self.claimed(article)
        given = HANDLER.export(user)
        assert [each["reason"] for each in given["statements"]] == ["You call her a fool."]
        assert [each["words"] for each in given["appeals"]] == ["I am Ana."]
        guest = Statement.objects.get().guest
        assert guest is not None
        assert not HANDLER.export(guest)["statements"]

    def test_the_words_go_with_the_account(self, article: Article) -> None:
        erase_account(user=self.claimed(article))
        left = Statement.objects.get()
        assert (left.reason, left.appeals.get().words) == ("", "")

    def test_the_guest_takes_nothing_of_it_along(self, article: Article) -> None:
        self.claimed(article)
        guest = Statement.objects.get().guest
        assert guest is not None
        HANDLER.erase(guest)
        assert Statement.objects.get().reason == "You call her a fool."


def test_what_was_said_of_a_comment_goes_with_it(article: Article) -> None:
    comment = appealed(article)
    delete_comment(comment=comment, by=Author(comment.pk), at=AT + HOUR)
    left = Statement.objects.get()
    assert (left.reason, left.rule, left.appeals.get().words) == ("", "insult", "")


def test_letters_about_notices_go_with_who_gave_them() -> None:
    user = named_member("Ana")
    given_notice(email=user.email)
    assert Letter.objects.filter(address__email=user.email).exists()
    erase_account(user=user)
    assert not LetterAddress.objects.filter(email=user.email).exists()
    assert not Letter.objects.filter(about=Notice.objects.get().uuid).exists()


class TestHeldAfterAnEdit:
    def held(self, article: Article) -> Comment:
        change_lists(moderator=moderator(), banned=[], suspect=["crook"])
        comment = published_comment(article)
        edit_comment(comment=comment, by=Author(comment.pk), body="A crook.", at=AT)
        comment.refresh_from_db()
        return comment

    def test_it_has_reasons_and_no_appeal_yet(self, article: Article) -> None:
        comment = self.held(article)
        assert comment.state == CommentState.HELD
        found = statements.of_comment(comment)
        assert found is not None
        assert (found.action, found.automated) == ("hold", True)
        said = said_of(found, AT)
        assert "nobody can read it now" in said.what
        assert "A moderator looks at it" in said.appeal
        with pytest.raises(Refused, match="A moderator looks at it"):
            appeals.appeal(statement=found, by=Author(comment.pk), at=AT)


class TestOwnComments:
    """A moderator does not decide about an own comment, while there is somebody else."""

    def own(self, article: Article) -> Comment:
        comment = published_comment(article, visitor=member(moderator()))
        reported(comment, "somebody")
        return comment

    def test_somebody_else_decides(self, article: Article) -> None:
        comment = self.own(article)
        make_person("moderator", email="other@news.example")
        with pytest.raises(OwnDecision, match="your own comment"):
            report_outcomes.let_stand(comment=comment, moderator=moderator(), at=AT)
        with pytest.raises(OwnDecision, match="your own comment"):
            decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult", at=AT)

    def test_who_is_alone_decides_about_everything(self, article: Article) -> None:
        comment = self.own(article)
        assert report_outcomes.let_stand(comment=comment, moderator=moderator(), at=AT) == 1


class TestOneAfterTheOther:
    """What must not be so is looked for behind a lock, in the transaction of the change."""

    def ban(self, user: User) -> Measure:
        ensure_rules()
        return impose(
            kind=MeasureKind.BAN,
            on=MeasureOn.ACCOUNT,
            user=user,
            moderator=moderator(),
            rule="insult",
            reason="Again and again.",
            at=AT,
        )

    def looked_at(self, queries: CaptureQueriesContext) -> list[str]:
        """The tables that were read first in the transaction, one after the other."""
        ran = [each["sql"] for each in queries.captured_queries]
        began = next(i for i, sql in enumerate(ran) if sql.startswith("SAVEPOINT"))
        reads = [sql for sql in ran[began:] if sql.startswith("SELECT")]
        return [sql.partition("FROM ")[2].split()[0].strip('"') for sql in reads[:2]]

    def test_imposing(self) -> None:
        user = named_member("Ana")
        moderator()
        with CaptureQueriesContext(connection) as queries:
            self.ban(user)
        assert self.looked_at(queries) == ["accounts_user", "moderation_measure"]
        with pytest.raises(Conflicting, match="in force already"):
            self.ban(user)

    def test_lifting(self) -> None:
        measure = self.ban(named_member("Ana"))
        with CaptureQueriesContext(connection) as queries:
            lift(measure=measure, moderator=moderator(), because="Sorry.", at=AT + HOUR)
        assert self.looked_at(queries) == ["moderation_measure", "moderation_appeal"]


def test_what_was_removed_before_there_were_statements_gets_one(article: Article) -> None:
    comment, never = appealed(article), published_comment(article)
    Statement.objects.all().delete()
    migration = import_module("diurna.moderation.migrations.0001_moderation")
    migration.state_removals(apps, None)
    made = Statement.objects.get()
    assert made.transition is not None
    assert (made.transition.comment, made.action, made.rule) == (comment, "remove", "insult")
    assert (made.reason, made.guest) == ("You call her a fool.", comment.guest)
    assert made.appeal_until > timezone.now() + timedelta(days=183)
    assert made.appeals.get().outcome == "open"
    assert statements.of_comment(comment) == made
    assert statements.of_comment(never) is None


def test_neither_spam_nor_what_an_old_site_decided_gets_one_afterwards(article: Article) -> None:
    first, second = appealed(article), published_comment(article)
    Statement.objects.all().delete()
    Transition.objects.filter(comment=first).update(actor="import", moderator=None)
    decide(comment=second, to=State.REMOVED, moderator=moderator(), rule="spam", at=AT)
    Statement.objects.all().delete()
    Transition.objects.filter(comment=second).update(logged=False)
    import_module("diurna.moderation.migrations.0001_moderation").state_removals(apps, None)
    assert not Statement.objects.exists()
