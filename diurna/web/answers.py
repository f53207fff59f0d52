"""Answers to a member's own comments: how many are new, and the page that lists them.

When the page was last opened is kept in the session, so it ends with it: whoever signs in anew is
told of the answers of a month.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from diurna.accounts.models import User
from diurna.comments.models import Comment
from diurna.comments.reading import CommentQuerySet
from diurna.common.prepared import Prepared, Slot
from diurna.web.comment_own import personal
from diurna.web.comment_writing import name_of
from diurna.web.thread import permalink

# Nobody waits for an answer of last year; and what is counted with each page stays little.
NEW_FOR: Final = timedelta(days=30)
MOST_COUNTED: Final = 99
SHOWN: Final = 50
_SEEN: Final = "answers_seen"


def new_answers(user: User, session: SessionBase) -> int:
    """How many published answers to the member's comments came since they were last looked at.

    At most `MOST_COUNTED`, and of the last 30 days. One query.
    """
    since = timezone.now() - NEW_FOR
    if (seen := session.get(_SEEN)) is not None:
        since = max(since, datetime.fromtimestamp(float(seen), UTC))
    return len(_NEW.run(user=user.pk, since=since))


@require_GET
@personal
@login_required
def answers(request: HttpRequest) -> HttpResponse:
    """What others have answered to the member, the newest first; from now on it is not new."""
    assert isinstance(request.user, User)  # `login_required` asked for it
    found = _answers_to(request.user).filter(thread__article__live=True)
    newest = found.select_related("user", "thread__article").order_by("-published_at", "-pk")
    lines = [_line(answer) for answer in newest[:SHOWN]]
    request.session[_SEEN] = timezone.now().timestamp()
    return render(request, "account/answers.html", {"lines": lines})


def _answers_to(user: User) -> CommentQuerySet:
    return Comment.objects.published().filter(answers__user=user).exclude(user=user)


def _line(answer: Comment) -> dict[str, Any]:
    story = answer.thread.article
    return {
        "answer": answer,
        "name": name_of(answer),
        "story": story.title,
        "address": permalink(story, answer),
    }


def _new() -> QuerySet[Comment]:
    user = Slot("user", BigIntegerField())
    found = Comment.objects.published().filter(
        answers__user_id=user, published_at__gt=Slot("since", DateTimeField())
    )
    return found.exclude(user_id=user).only("pk")[:MOST_COUNTED]


_NEW: Final = Prepared(_new)
