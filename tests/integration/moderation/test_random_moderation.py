"""Whatever readers and moderators do, in any order: what was removed is nowhere public.

And every move has its row and, where it had been public, its entry in the ledger; every
restriction its reasons, none for spam; nobody answers an appeal against the own decision while
there is somebody else; letters go to confirmed addresses alone.
"""

import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.conf import settings as conf
from django.core import mail
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from diurna.accounts.addresses import placeholder_address
from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments import sending
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentSettings, Transition
from diurna.comments.refusals import Barred
from diurna.comments.states import Actor, State, is_allowed, is_undo_allowed
from diurna.comments.undoing import UNDO_RULE, undo
from diurna.common.errors import DiurnaError
from diurna.ledger.models import PendingEntry
from diurna.moderation import appeals, statements
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.measures import impose, lift
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    Measure,
    MeasureKind,
    MeasureOn,
    Statement,
)
from diurna.moderation.reports import report
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator
from tests.factories.letters import named_member
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

READERS = 4
TARGETS = {
    "approve": State.PUBLISHED,
    "hide": State.HIDDEN,
    "remove": State.REMOVED,
    "spam": State.SPAM,
    "uphold": State.UPHELD,
}
OTHER_VERBS = "post edit delete report appeal grant deny undo suspend lift leave".split()
VERBS = [*TARGETS, *OTHER_VERBS]
# Ways that chance alone seldom finds; whatever is drawn stands between and after them.
WAYS = [
    ["remove", "appeal", "grant"],
    ["remove", "appeal", "deny"],
    ["remove", "appeal", "grant", "undo"],
    ["remove", "appeal", "approve"],
    ["suspend", "appeal", "grant"],
    ["hide", "remove", "undo"],
    ["approve", "report", "remove", "undo"],
]
# A verb, which comment or reader, and whether the second moderator does it.
STEPS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(VERBS).map(lambda verb: [verb]), st.sampled_from(WAYS)),
        st.integers(0, 5),
        st.lists(st.booleans(), min_size=4, max_size=4),
    ),
    min_size=3,
    max_size=9,
).map(
    lambda drawn: [
        step for verbs, n, who in drawn for step in zip(verbs, [n] * 4, who, strict=False)
    ]
)
STEP = timedelta(minutes=4)
RESTRICTIONS = {State.HIDDEN, State.REMOVED, State.UPHELD}


class RandomModeration(TestCase):
    """A story, two guests, a member, an account without a confirmed address, two moderators."""

    def setUp(self) -> None:
        CommentSettings.objects.create(email_required=False)
        ensure_rules()
        self.article = make_article("The crane")
        self.first = moderator()
        self.second = make_person("moderator", email="second@news.example")
        self.member = named_member("Ada Reader")
        self.unconfirmed = named_member("Una Reader")
        self.unconfirmed.email = placeholder_address(self.unconfirmed.uuid)
        self.unconfirmed.save()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_moderation_keeps_its_promises(self, steps: list[tuple[str, int, bool]]) -> None:
        mail.outbox.clear()
        self.comments: list[Comment] = []
        self.alone = False
        User.objects.filter(pk=self.second.pk).update(is_active=True)
        at = A_WEEK_LATER - STEP
        for number, choice in enumerate((0, 2), start=100):
            self.post(choice, number, at)
            self.take("approve", choice, self.first, number, at)
        for number, (step, choice, second) in enumerate(steps):
            at = A_WEEK_LATER + number * STEP
            answered = set(self.answered())
            # A refusal is an answer; what it left behind is looked at.
            with suppress(DiurnaError):
                self.take(step, choice, self.second if second else self.first, number, at)
            self.look_at_answers(set(self.answered()) - answered)
        sending.send_due(at + timedelta(days=1))
        self.look()

    def visitor(self, choice: int) -> Visitor:
        who = choice % READERS
        if who < 2:
            return guest(f"R{who}")
        return member(self.member if who == 2 else self.unconfirmed)

    def take(self, step: str, choice: int, who: User, number: int, at: datetime) -> None:
        if step == "leave":
            self.alone = not self.alone
            User.objects.filter(pk=self.second.pk).update(is_active=not self.alone)
            return
        if step == "post" or not self.comments:
            self.post(choice, number, at)
            return
        moderator = User.objects.get(pk=self.first.pk if self.alone else who.pk)
        comment = Comment.objects.get(pk=self.comments[choice // 2 % len(self.comments)].pk)
        author = Author(comment.pk)
        if step == "edit":
            edit_comment(comment=comment, by=author, body=f"secret-{number} edited", at=at)
        elif step == "delete":
            delete_comment(comment=comment, by=author, at=at)
        elif step == "report":
            report(comment=comment, visitor=self.visitor(choice), rule="insult", at=at)
        elif step == "appeal":
            self.appeal(comment, choice, at)
        elif step in ("grant", "deny"):
            for waiting in appeals.open_for(moderator):
                with suppress(DiurnaError):
                    appeals.answer(
                        appeal=waiting.appeal,
                        moderator=moderator,
                        reinstate=step == "grant",
                        reason="Looked at again.",
                        at=at,
                    )
        elif step == "undo":
            last = comment.transitions.select_related("comment").latest("pk")
            undo(decision=last, moderator=moderator, at=at)
        elif step == "suspend":
            self.suspend(choice, moderator, at)
        elif step == "lift":
            for measure in Measure.objects.filter(lifted_at=None):
                with suppress(DiurnaError):
                    lift(measure=measure, moderator=moderator, because="Enough.", at=at)
        else:
            rule = "spam" if step == "spam" else "insult"
            decide(comment=comment, to=TARGETS[step], moderator=moderator, rule=rule, at=at)

    def post(self, choice: int, number: int, at: datetime) -> None:
        visitor = self.visitor(choice)
        who = {"user": visitor.user} if visitor.user else {"guest__uuid": visitor.guest}
        is_barred = Measure.objects.filter(**who).in_force(at).exists()
        words = f"secret-{number} {'x' * choice}"
        try:
            made = comment_on(self.article, words, visitor=visitor, email="r@home.example", at=at)
        except Barred:
            assert is_barred
        else:
            assert not is_barred
            self.comments.append(made)

    def appeal(self, comment: Comment, choice: int, at: datetime) -> None:
        statement = statements.of_comment(comment)
        if statement is not None:
            appeals.appeal(statement=statement, by=Author(comment.pk), words="But.", at=at)
        for of_measure in Statement.objects.filter(measure__isnull=False, user=self.member):
            with suppress(DiurnaError):
                appeals.appeal(statement=of_measure, by=self.member, at=at)

    def suspend(self, choice: int, moderator: User, at: datetime) -> None:
        visitor = self.visitor(choice)
        row = None if visitor.user else Guest.objects.filter(uuid=str(visitor.guest)).first()
        impose(
            kind=MeasureKind.SUSPENSION,
            on=MeasureOn.ACCOUNT if visitor.user else MeasureOn.GUEST,
            user=visitor.user,
            guest=row,
            moderator=moderator,
            rule="insult",
            reason="Three in an hour.",
            days=1,
            at=at,
        )

    def answered(self) -> list[int]:
        closed = [AppealOutcome.UPHELD, AppealOutcome.REINSTATED]
        return list(Appeal.objects.filter(outcome__in=closed).values_list("pk", flat=True))

    def look_at_answers(self, new: set[int]) -> None:
        """Who answers is not who decided, unless nobody else was there; then it is said."""
        for appeal in Appeal.objects.filter(pk__in=new):
            decision = appeal.statement.transition or appeal.statement.measure
            assert decision is not None
            is_own = decision.moderator_id == appeal.answered_by_id
            assert appeal.had_no_other == is_own
            assert self.alone or not is_own

    def look(self) -> None:
        for row in Comment.objects.order_by("pk"):
            self.look_at_trail(row)
        self.look_at_statements()
        self.look_at_appeals()
        assert {address for letter in mail.outbox for address in letter.to} <= {self.member.email}
        shown = b"".join(self.pages()).decode()
        for row in Comment.objects.all():
            for word in re.findall(r"secret-\d+", row.body):
                shows = re.search(rf"{word}(?!\d)", shown) is not None
                assert shows == (row.state == State.PUBLISHED), row.state

    def look_at_trail(self, row: Comment) -> None:
        moves = list(Transition.objects.filter(comment=row).order_by("pk"))
        befores = [State.SUBMITTED, *(State(move.after) for move in moves[:-1])]
        assert [move.before for move in moves] == befores
        assert moves[-1].after == row.state
        seen = False
        for move in moves:
            before, after = State(move.before), State(move.after)
            is_undo = move.rule == UNDO_RULE and is_undo_allowed(before, after)
            assert is_undo or is_allowed(before, after, Actor(move.actor))
            assert move.logged == seen
            seen = seen or after == State.PUBLISHED
        entries = PendingEntry.objects.filter(type="moderation")
        of_row = [entry for entry in entries if str(row.uuid).encode() in bytes(entry.data)]
        assert len(of_row) == sum(move.logged for move in moves)

    def look_at_statements(self) -> None:
        owed = {
            move.pk
            for move in Transition.objects.all()
            if move.after in RESTRICTIONS
            and move.rule != UNDO_RULE
            and (move.rule != "spam" or move.logged)
        }
        about = Statement.objects.filter(transition__isnull=False)
        assert set(about.values_list("transition", flat=True)) == owed
        measures = Statement.objects.filter(measure__isnull=False)
        assert measures.count() == Measure.objects.count()

    def look_at_appeals(self) -> None:
        """An appeal is open just as long as its comment is appealed."""
        appealed = set(Comment.objects.filter(state=State.APPEALED).values_list("pk", flat=True))
        waiting = Appeal.objects.filter(
            outcome=AppealOutcome.OPEN, statement__transition__isnull=False
        )
        assert set(waiting.values_list("statement__transition__comment", flat=True)) == appealed

    def pages(self) -> list[bytes]:
        client = Client()
        path = self.article.address_path()
        addresses = [
            path,
            "/",
            "/moderation/",
            "/moderation/log/",
            "/moderation/log/feed/",
            f"{path}comments/",
            f"{path}comments/feed/",
            "/comments/feed.json",
            f"/api/v1/articles/{self.article.uuid}/comments",
            *(f"/api/v1/comments/{row.uuid}" for row in self.comments),
            *(f"{path}comments/{row.uuid}/" for row in self.comments),
        ]
        answers = [client.get(address) for address in addresses]
        # A form that is sent wrongly comes back, with the comment that it is about.
        for row in self.comments:
            for wrong in ({"rule": "nonsense"}, {"rule": "other"}):
                answers.append(client.post(f"{path}comments/{row.uuid}/report/", wrong))
        forger = Client()
        forger.cookies[conf.DIURNA_GUEST_COOKIE] = "forged"
        for row in self.comments:
            answers.append(forger.post(f"{path}comments/{row.uuid}/report/", {"rule": "insult"}))
        assert all(answer.status_code < 500 for answer in answers)
        return [answer.content for answer in answers]


pytestmark = pytest.mark.django_db
