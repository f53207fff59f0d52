"""The comments of the last 90 days as a try-out looks at them; reads only."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Final

from django.db.models import Min, Q, QuerySet

from diurna.comments.models import Comment, CommentSettings, CommentState
from diurna.comments.states import State
from diurna.moderation import spam, words
from diurna.moderation.models import ModerationSettings
from diurna.moderation.tokens import Post
from diurna.moderation.tryout import Change, Past, Rules, replay

WINDOW: Final = timedelta(days=90)
# The newest; what more would say is no other.
MOST_COMMENTS: Final = 20_000
AT_A_TIME: Final = 500
# A page takes no longer; what is left is looked at when somebody goes on.
SECONDS: Final = 6.0
MOST_LISTED: Final = 100
_BREAKS: Final = re.compile(r"<(?:br|/p|/li|/pre|/blockquote|p|li|pre|blockquote|ul|ol)\b[^>]*>")
_MARKS: Final = re.compile(r"<[^>]*>")
_HREF: Final = re.compile(r'<a href="([^"]*)"')


@dataclass
class Tried:
    """A try-out so far: `more` says from which comment to go on, None when it is through.

    `stopped` and `freed` count, by rule, what would no longer be published at once, or would be;
    `other` what would be stopped in another way. `standing` of those stopped are published today.
    """

    seen: int = 0
    whole: int = 0
    stopped: dict[str, int] = field(default_factory=dict)
    freed: dict[str, int] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    standing: int = 0
    listed: list[Change] = field(default_factory=list)
    more: int | None = None


def rules_in_force() -> Rules:
    """What is in force now."""
    comments, moderation = CommentSettings.current(), ModerationSettings.current()
    return Rules(
        words=words.current(),
        links_without_look=comments.links_without_look,
        hold_newcomers=comments.hold_newcomers,
        spam_filter=moderation.spam_filter,
        hold_above=moderation.hold_above,
        spam_above=moderation.spam_above,
    )


def recent(at: datetime) -> QuerySet[Comment]:
    """What was written here in the last 90 days and has its words still, the newest first."""
    # Imported comments were judged elsewhere; a deleted one has no words.
    return (
        Comment.objects.filter(created_at__gt=at - WINDOW, created_at__lte=at, imported=False)
        .exclude(state=CommentState.DELETED)
        .order_by("-pk")
    )


def try_out(
    tried: Rules,
    *,
    at: datetime,
    so_far: Tried | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Tried:
    """Replay the newest comments, at most 20,000, by these rules; goes on with `so_far`.

    It ends early after some seconds: then `more` is set, and calling it again goes on from there.
    """
    result = so_far or Tried()
    now = rules_in_force()
    result.whole = min(recent(at).order_by().count(), MOST_COMMENTS)
    begun = clock()
    for part in _parts(at, result):
        outcome = replay(pasts(part), now=now, tried=tried)
        result.seen += outcome.seen
        for change in outcome.changes:
            _count(result, change)
        result.more = part[-1].pk
        if clock() - begun > SECONDS:
            break
    if result.seen >= result.whole:
        result.more = None
    return result


def pasts(comments: list[Comment]) -> list[Past]:
    """Stored comments as a replay takes them; a few queries for all of them."""
    posts = [_post_of(comment) for comment in comments]
    scores = spam.scores_of(posts)
    known = _first_standing(comments)
    return [
        Past(
            key=comment.pk,
            texts=words.texts_of(post),
            links=comment.links,
            is_staff=comment.user is not None and comment.user.is_staff,
            is_known=_is_earlier(known, comment),
            score=judged.score if judged is not None else None,
            state=State(comment.state),
            at=comment.created_at,
        )
        for comment, post, judged in zip(comments, posts, scores, strict=True)
    ]


def _parts(at: datetime, result: Tried) -> Iterator[list[Comment]]:
    while result.seen < result.whole:
        rows = recent(at).select_related("user")
        if result.more is not None:
            rows = rows.filter(pk__lt=result.more)
        part = list(rows[: min(AT_A_TIME, result.whole - result.seen)])
        if not part:
            # Some were deleted since they were counted.
            result.whole = result.seen
            return
        yield part


def _count(result: Tried, change: Change) -> None:
    was_free = change.before.state == State.PUBLISHED
    is_free = change.after.state == State.PUBLISHED
    if was_free and not is_free:
        result.stopped[change.after.rule] = result.stopped.get(change.after.rule, 0) + 1
        result.standing += change.past.state == State.PUBLISHED
    elif is_free:
        result.freed[change.before.rule] = result.freed.get(change.before.rule, 0) + 1
    else:
        result.other[change.after.rule] = result.other.get(change.after.rule, 0) + 1
    if len(result.listed) < MOST_LISTED:
        result.listed.append(change)


def _post_of(comment: Comment) -> Post:
    """Read from the HTML that is shown, which is ours and simple: to render again takes seconds."""
    lines = _BREAKS.sub("\n", comment.html)
    name = comment.user.display_name if comment.user is not None else comment.name
    return Post(
        text=unescape(_MARKS.sub("", lines)).strip(),
        name=name,
        website=comment.website,
        links=tuple(unescape(link) for link in _HREF.findall(comment.html)),
    )


_Author = tuple[str, int | None]


def _first_standing(comments: list[Comment]) -> dict[_Author, datetime]:
    """When the first comment of each of these readers was published that still stands."""
    users = {comment.user_id for comment in comments if comment.user_id}
    guests = {comment.guest_id for comment in comments if comment.guest_id}
    found: dict[_Author, datetime] = {}
    standing = Comment.objects.published().order_by()
    for field_name, keys in (("user", users), ("guest", guests)):
        rows = standing.filter(Q(**{f"{field_name}__in": keys})).values_list(field_name)
        found |= {(field_name, key): first for key, first in rows.annotate(Min("published_at"))}
    return found


def _is_earlier(first: dict[_Author, datetime], comment: Comment) -> bool:
    author = ("user", comment.user_id) if comment.user_id else ("guest", comment.guest_id)
    standing = first.get(author)
    return standing is not None and standing < comment.created_at
