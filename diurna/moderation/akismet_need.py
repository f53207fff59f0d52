"""Whether Akismet has to be asked at all: not about what is refused without it.

What is refused is not stored, so no limit of the policy counts it: whoever sent the same words
again and again, or went on after being barred, would have us ask without end, at the newsroom's
cost. The questions here are the policy's own, asked a moment before it and without its lock.
"""

from datetime import timedelta
from typing import Final

from diurna.comments.draft import DUPLICATE_WINDOW, is_confirmed
from diurna.comments.models import Comment, CommentSettings, CommentState
from diurna.comments.models.comment import LONGEST_BODY
from diurna.comments.opening import opening
from diurna.comments.policy import (
    ACCOUNT_PER_HOUR,
    GUEST_PER_HOUR,
    NETWORK_PER_HOUR,
    WAITING_AT_MOST,
)
from diurna.comments.signals import Sent
from diurna.moderation import spam, standing

_AN_HOUR: Final = timedelta(hours=1)


def is_decided_without(sent: Sent) -> bool:
    """Whether a new comment is refused anyway, as far as a few quick queries can tell.

    That is: nothing to read or too much, comments closed, its writer barred, the same words there
    already, an answer to what is gone, as many comments in the last hour as one reader or one
    network may write, too many that wait, or spam by the newsroom's own filter. Where a network is
    at its limit Akismet is not asked about readers either whom the policy would let through.
    """
    return (
        not sent.plain.strip()
        or len(sent.body) > LONGEST_BODY
        or (sent.answers is not None and not sent.answers.is_public)
        or _is_closed(sent)
        or standing.find(sent) is not None
        or _is_repeated(sent)
        or _is_flood(sent)
        or _is_spam(sent)
    )


def _is_closed(sent: Sent) -> bool:
    open_for = opening(sent.article, CommentSettings.current(), sent.at)
    return open_for.refusal(is_member=_is_member(sent), is_staff=False) is not None


def _is_member(sent: Sent) -> bool:
    return sent.user is not None and is_confirmed(sent.user)


def _is_repeated(sent: Sent) -> bool:
    same = Comment.objects.filter(
        thread__article=sent.article,
        body_hash=sent.body_hash,
        created_at__gt=sent.at - DUPLICATE_WINDOW,
    )
    return same.exclude(state=CommentState.DELETED).exists()


def _is_flood(sent: Sent) -> bool:
    """Whether the reader, the network or everybody together has sent what is taken."""
    since = sent.at - _AN_HOUR
    network = sent.origin.network if sent.origin is not None else None
    if network is not None:
        there = Comment.objects.filter(network=network).written_since(since)
        if there.order_by()[:NETWORK_PER_HOUR].count() >= NETWORK_PER_HOUR:
            return True
    reader = sent.user or sent.guest
    if reader is not None:
        most = ACCOUNT_PER_HOUR if sent.user is not None else GUEST_PER_HOUR
        own = Comment.objects.of(reader)
        if own.written_since(since).order_by()[:most].count() >= most:
            return True
        if own.filter(state=CommentState.PUBLISHED).exists():
            return False
    waiting = Comment.objects.waiting().filter(imported=False).order_by()[:WAITING_AT_MOST]
    return waiting.count() >= WAITING_AT_MOST and not _is_member(sent)


def _is_spam(sent: Sent) -> bool:
    opinion = spam.find(sent)
    return opinion is not None and opinion.score > opinion.spam_above
