"""A moderator takes back a decision: for ten minutes, the own last one, with its trail."""

from datetime import timedelta

import pytest

from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, Thread, Transition
from diurna.comments.moves import NotAllowed
from diurna.comments.states import State
from diurna.comments.undoing import UNDO_RULE, UNDO_WINDOW, can_be_undone, undo
from diurna.common.errors import Conflicting, Refused
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator
from tests.factories.newsroom import make_article, make_front

pytestmark = pytest.mark.django_db
SOON = A_WEEK_LATER + timedelta(minutes=1)


@pytest.fixture
def article() -> Article:
    make_front()
    return make_article()


@pytest.fixture
def held(article: Article) -> Comment:
    comment = comment_on(article)
    assert comment.state == State.HELD
    return comment


def decided(comment: Comment, *ways: State) -> Transition:
    last = None
    for way in ways:
        last = decide(
            comment=comment, to=way, moderator=moderator(), rule="insult", at=A_WEEK_LATER
        )
    assert last is not None
    return last


def moderation_entries() -> int:
    return PendingEntry.objects.filter(type="moderation").count()


@pytest.mark.parametrize(
    "ways",
    [
        [State.PUBLISHED],
        [State.REMOVED],
        [State.SPAM],
        [State.PUBLISHED, State.HIDDEN],
        [State.PUBLISHED, State.REMOVED],
        [State.PUBLISHED, State.HIDDEN, State.PUBLISHED],
        [State.PUBLISHED, State.HIDDEN, State.REMOVED],
    ],
)
def test_every_decision_has_a_way_back(held: Comment, ways: list[State]) -> None:
    last = decided(held, *ways)
    back = undo(decision=last, moderator=moderator(), at=SOON)
    held.refresh_from_db()
    assert held.state == last.before == back.after
    assert (back.rule, back.actor, back.moderator) == (UNDO_RULE, "moderator", moderator())
    assert back.logged == held.has_been_public
    assert Thread.objects.get().published == (held.state == State.PUBLISHED)


def test_a_decision_is_undone_once(held: Comment) -> None:
    last = decided(held, State.REMOVED)
    back = undo(decision=last, moderator=moderator(), at=SOON)
    with pytest.raises(Conflicting):
        undo(decision=last, moderator=moderator(), at=SOON)
    with pytest.raises(Refused):
        undo(decision=back, moderator=moderator(), at=SOON)


def test_after_ten_minutes_it_stands(held: Comment) -> None:
    last = decided(held, State.REMOVED)
    assert can_be_undone(last, moderator(), A_WEEK_LATER + UNDO_WINDOW - timedelta(seconds=1))
    with pytest.raises(Refused, match="ten minutes"):
        undo(decision=last, moderator=moderator(), at=A_WEEK_LATER + UNDO_WINDOW)
    held.refresh_from_db()
    assert held.state == State.REMOVED


def test_nobody_undoes_what_somebody_else_decided(held: Comment) -> None:
    other = make_person("moderator", email="other@news.example")
    with pytest.raises(Refused):
        undo(decision=decided(held, State.REMOVED), moderator=other, at=SOON)


def test_what_the_author_did_since_stands_in_the_way(held: Comment) -> None:
    last = decided(held, State.PUBLISHED)
    held.refresh_from_db()
    links = " ".join(f"https://shop{number}.example/" for number in range(5))
    edit_comment(comment=held, by=Author(held.pk), body=f"Now with {links}", at=SOON)
    with pytest.raises(Conflicting):
        undo(decision=last, moderator=moderator(), at=SOON)


def test_what_readers_have_seen_is_no_spam_any_more(held: Comment) -> None:
    decided(held, State.PUBLISHED)
    held.refresh_from_db()
    links = " ".join(f"https://shop{number}.example/" for number in range(5))
    edit_comment(comment=held, by=Author(held.pk), body=f"Now with {links}", at=SOON)
    held.refresh_from_db()
    assert (held.state, held.has_been_public) == (State.HELD, True)
    with pytest.raises(NotAllowed, match="remove it"):
        decide(comment=held, to=State.SPAM, moderator=moderator(), rule="spam", at=SOON)
    decided(held, State.REMOVED)


def test_the_way_from_spam_is_closed_again_once_readers_have_seen_it(held: Comment) -> None:
    last = decided(held, State.SPAM, State.PUBLISHED)
    assert not can_be_undone(last, moderator(), SOON)


def test_the_log_has_what_readers_could_see_and_nothing_else(held: Comment) -> None:
    before = moderation_entries()
    undo(decision=decided(held, State.REMOVED), moderator=moderator(), at=SOON)
    assert moderation_entries() == before
    held.refresh_from_db()
    undo(decision=decided(held, State.PUBLISHED), moderator=moderator(), at=SOON)
    assert moderation_entries() == before + 1
