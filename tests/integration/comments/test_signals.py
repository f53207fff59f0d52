"""What other rooms find out about a comment reaches the policy, for new and for edited words."""

from collections.abc import Iterator

import pytest

from diurna.comments import policy, signals
from diurna.comments.authors import Author
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment
from diurna.comments.policy import Facts, Refusal, Step, Verdict
from diurna.comments.refusals import Barred
from diurna.comments.signals import Sent
from diurna.comments.states import State
from diurna.newsroom.models import Article
from tests.factories.comments import comment_on, let_newcomers_in
from tests.factories.newsroom import make_article, make_front

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_front()
    let_newcomers_in()
    return make_article()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sent]]:
    """A signal that says how many words there are, and a step that goes by it."""
    seen: list[Sent] = []

    def count_words(sent: Sent) -> int:
        seen.append(sent)
        return len(sent.plain.split())

    def decide(facts: Facts) -> Verdict | None:
        if facts.signals["words here"] == 1:
            return Verdict("short", refusal=Refusal.BARRED, sentence="One word is too short.")
        return Verdict("short", state=State.HELD) if facts.signals["words here"] == 2 else None

    monkeypatch.setattr(signals, "_signals", dict(signals._signals))
    monkeypatch.setattr(policy, "_steps", list(policy._steps))
    signals.register("words here", count_words)
    policy.register(Step(15, "short", "Not too few words.", decide))
    return seen


def test_a_signal_decides_about_a_new_comment(article: Article, asked: list[Sent]) -> None:
    assert comment_on(article, "Three words here").state == State.PUBLISHED
    assert comment_on(article, "Two words").state == State.HELD
    assert [sent.plain for sent in asked] == ["Three words here", "Two words"]
    assert asked[0].edited is None
    assert asked[0].article == article


def test_only_the_step_knows_the_sentence(article: Article, asked: list[Sent]) -> None:
    with pytest.raises(Barred, match=r"^One word is too short\.$"):
        comment_on(article, "Word")
    assert not Comment.objects.exists()
    assert asked


def test_an_edit_is_looked_at_again(article: Article, asked: list[Sent]) -> None:
    comment = comment_on(article, "Three words here")
    edit_comment(comment=comment, by=Author(comment.pk), body="Two words")
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert asked[-1].edited == comment


def test_who_wrote_is_not_in_what_is_printed(article: Article, asked: list[Sent]) -> None:
    comment_on(article, "Three words here")
    assert asked[0].email
    assert asked[0].email not in repr(asked[0])
