"""Whatever readers and moderators do, in any order: what is not published is nowhere public."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from diurna.comments import publication
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentSettings, Thread, Transition
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State, is_allowed
from diurna.common.errors import DiurnaError
from diurna.ledger.models import PendingEntry
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator
from tests.factories.newsroom import make_article

VERBS = "post reply edit edit-with-links delete approve hide remove spam appeal uphold".split()
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 5)), min_size=3, max_size=14)
TARGETS = {
    "approve": State.PUBLISHED,
    "hide": State.HIDDEN,
    "remove": State.REMOVED,
    "spam": State.SPAM,
    "uphold": State.UPHELD,
}
LINKS = "http://a.example http://b.example http://c.example"


class RandomReaders(TestCase):
    """A story, three readers who were never here, and somebody who decides at random."""

    def setUp(self) -> None:
        CommentSettings.objects.create(email_required=False)
        self.article = make_article("The crane")
        self.comments: list[Comment] = []
        self.told: list[tuple[int, str]] = []
        self.listeners = publication._published[:]
        publication._published[:] = [self.hear]

    def tearDown(self) -> None:
        publication._published[:] = self.listeners

    def hear(self, comment: Comment, _at: object) -> None:
        state = Comment.objects.get(pk=comment.pk).state
        self.told.append((comment.pk, state))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_nothing_shows_that_is_not_published(self, steps: list[tuple[str, int]]) -> None:
        self.comments.clear()
        self.told.clear()
        for number, (step, choice) in enumerate(steps):
            # A refusal is an answer; `look` says whether it left something behind.
            with suppress(DiurnaError):
                self.take(step, choice, number)
        self.look()

    def take(self, step: str, choice: int, number: int) -> None:
        at = A_WEEK_LATER + timedelta(minutes=10 * number)
        if step == "post" or not self.comments:
            words = f"secret-{number} {'x' * choice}"
            self.comments.append(comment_on(self.article, words, visitor=f"R{choice % 3}", at=at))
            return
        comment = self.comments[choice % len(self.comments)]
        if step == "reply":
            words = f"secret-{number} says so"
            who = f"R{choice % 3}"
            reply = comment_on(self.article, words, visitor=who, answers=comment, at=at)
            self.comments.append(reply)
        elif step.startswith("edit"):
            words = f"secret-{number} edited {LINKS if 'links' in step else ''}"
            edit_comment(comment=comment, by=Author(comment.pk), body=words, at=at)
        elif step == "delete":
            delete_comment(comment=comment, by=Author(comment.pk), at=at)
        elif step == "appeal":
            comment.refresh_from_db()
            make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule="appeal", at=at))
        else:
            decide(comment=comment, to=TARGETS[step], moderator=moderator(), rule="test", at=at)

    def look(self) -> None:
        rows = list(Comment.objects.order_by("pk"))
        public = [row for row in rows if row.state == State.PUBLISHED]
        threads = Thread.objects.all()
        assert sum(thread.published for thread in threads) == len(public)
        for row in rows:
            self.look_at_trail(row)
        shown = b"".join(self.pages()).decode()
        for row in rows:
            for word in row.body.split():
                if word.startswith("secret-"):
                    shows = re.search(rf"{word}(?!\d)", shown) is not None
                    assert shows == (row.state == State.PUBLISHED), row.state

    def look_at_trail(self, row: Comment) -> None:
        moves = list(Transition.objects.filter(comment=row).order_by("pk"))
        assert [move.before for move in moves] == [
            State.SUBMITTED,
            *(move.after for move in moves[:-1]),
        ]
        assert moves[-1].after == row.state
        for move in moves:
            assert is_allowed(State(move.before), State(move.after), Actor(move.actor))
        entries = PendingEntry.objects.filter(type="moderation")
        of_row = [entry for entry in entries if str(row.uuid).encode() in bytes(entry.data)]
        assert len(of_row) == sum(move.logged for move in moves)
        was_public = [move.pk for move in moves if move.after == State.PUBLISHED]
        for move in moves:
            assert move.logged == bool(was_public and move.pk > was_public[0])
        told = [state for comment, state in self.told if comment == row.pk]
        assert told == ([State.PUBLISHED] if was_public else [])

    def pages(self) -> list[bytes]:
        client = Client()
        path = self.article.address_path()
        addresses = [
            path,
            "/",
            "/latest/",
            "/feed/",
            f"{path}comments/",
            f"{path}comments/feed/",
            "/comments/feed/",
            "/comments/feed.json",
            f"/api/v1/articles/{self.article.uuid}/comments",
            *(f"/api/v1/comments/{row.uuid}" for row in Comment.objects.all()),
            *(f"{path}comments/{row.uuid}/" for row in Comment.objects.all()),
        ]
        answers = [client.get(address) for address in addresses]
        assert all(answer.status_code < 500 for answer in answers)
        return [answer.content for answer in answers]


pytestmark = pytest.mark.django_db
