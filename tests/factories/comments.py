"""Comments for tests, written and decided through the same actions as real life."""

from datetime import UTC, datetime
from itertools import count

from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.posting import post_comment
from diurna.comments.states import State
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.votes import guest

# A week after the day on which the factories publish their articles.
A_WEEK_LATER = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
_numbers = count(1)


def let_newcomers_in() -> None:
    """Have first comments published at once, for tests that are about something else."""
    CommentSettings.objects.update_or_create(
        pk=1, defaults={"hold_newcomers": False, "email_required": False}
    )


def comment_on(
    article: Article,
    body: str | None = None,
    *,
    visitor: Visitor | str | None = None,
    answers: Comment | None = None,
    at: datetime = A_WEEK_LATER,
    email: str = "reader@home.example",
) -> Comment:
    """A comment of a guest (of this name) or an account, in the state that the policy gives it."""
    number = next(_numbers)
    who = visitor if visitor is not None else f"Reader {number}"
    return post_comment(
        visitor=guest(who) if isinstance(who, str) else who,
        article=article,
        body=body or f"I saw it too, number {number}.",
        name=who if isinstance(who, str) else f"Reader {number}",
        email=email,
        answers=answers,
        at=at,
    ).comment


def published_comment(article: Article, body: str | None = None, **how: object) -> Comment:
    """A comment that readers see."""
    comment = comment_on(article, body, **how)  # type: ignore[arg-type]  # the same words as above
    if comment.state == State.HELD:
        at = how.get("at", A_WEEK_LATER)
        assert isinstance(at, datetime)
        decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read", at=at)
    comment.refresh_from_db()
    return comment


def moderator() -> User:
    """Somebody who may decide about comments; always the same account within a test."""
    known = User.objects.filter(email="moderator@news.example").first()
    return known or make_person("moderator", email="moderator@news.example")
