"""A typed comment on its way: stored, and its writer told of answers where that was asked for."""

from django.db import transaction

from diurna.accounts.visitors import Visitor
from diurna.comments.models import Comment
from diurna.comments.posting import Posted, post_comment
from diurna.comments.states import State
from diurna.comments.subscriptions import subscribe_author
from diurna.newsroom.models import Article
from diurna.web.comment_writing import Typed


def send_comment(
    *, visitor: Visitor, article: Article, typed: Typed, answers: Comment | None
) -> Posted:
    """Post what was typed, and subscribe its writer to the answers, in one transaction.

    Raises what `post_comment` does; then nothing is stored.
    """
    with transaction.atomic():
        posted = post_comment(
            visitor=visitor,
            article=article,
            body=typed.body,
            name=typed.name,
            email=typed.email,
            website=typed.website,
            answers=answers,
            gif=typed.gif,
        )
        if typed.wants_letters and posted.state in (State.PUBLISHED, State.HELD):
            subscribe_author(comment=posted.comment)
    return posted


def answered(article: Article, typed: Typed) -> Comment | None:
    """The comment of this article that is replied to; None where there is no such one.

    One that is gone by now is the action's to refuse.
    """
    if typed.answers is None:
        return None
    found = Comment.objects.select_related("user")
    return found.filter(thread__article=article, uuid=typed.answers).first()
