"""Whether an article takes comments now, and from whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from wagtail.models import Page

from diurna.comments.models import Commenters, CommentSettings
from diurna.comments.policy import Refusal
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode


@dataclass(frozen=True)
class Opening:
    """What a thread takes: `mode` is open, members, closed or off.

    `closes_at` is when an open thread closes by itself, None for never; `closed_by_age` when it
    already has, `closed_by_absence` while nobody moderates.
    """

    mode: str
    closes_at: datetime | None = None
    closed_by_age: bool = False
    closed_by_absence: bool = False

    @property
    def takes_comments(self) -> bool:
        """Whether somebody may write."""
        return self.mode in (CommentsMode.OPEN, CommentsMode.MEMBERS)

    @property
    def is_shown(self) -> bool:
        """Whether there is a thread on the page at all."""
        return self.mode != CommentsMode.OFF

    def refusal(self, *, is_member: bool, is_staff: bool) -> Refusal | None:
        """Why this reader may not write here; None where they may."""
        if self.mode == CommentsMode.OFF:
            return Refusal.OFF
        if self.mode == CommentsMode.CLOSED:
            return Refusal.CLOSED
        if self.mode == CommentsMode.MEMBERS and not (is_member or is_staff):
            return Refusal.MEMBERS
        return None

    @property
    def sentence(self) -> str:
        """What the page says where not everybody may write; empty where everybody may."""
        if self.mode == CommentsMode.MEMBERS:
            return _("Members comment here: please sign in, and confirm your e-mail address.")
        if self.closed_by_age:
            return _("This story is some time old, so its comments are closed.")
        if self.closed_by_absence:
            return _(
                "No moderator is there at the moment, so this story takes no comments yet; please"
                " come back."
            )
        if self.mode == CommentsMode.CLOSED:
            return _("Comments on this story are closed.")
        return ""


def opening(
    article: Article,
    settings: CommentSettings,
    now: datetime,
    *,
    sections: Iterable[Page] | None = None,
    by_type: Mapping[str, str] | None = None,
) -> Opening:
    """What the article's thread takes at this moment.

    Who has read the live sections, or `WorkTypeRule.comments_by_type`, saves a query each.
    """
    mode = article.comments_rule(sections=sections, by_type=by_type)
    if mode == CommentsMode.OFF or not article.live:
        return Opening(CommentsMode.OFF)
    if mode == CommentsMode.CLOSED:
        return Opening(CommentsMode.CLOSED)
    if mode == CommentsMode.OPEN and settings.commenters == Commenters.MEMBERS:
        mode = CommentsMode.MEMBERS
    since = article.first_published_at
    if settings.away_since is not None and since is not None and since >= settings.away_since:
        return Opening(CommentsMode.CLOSED, closed_by_absence=True)
    if settings.close_after_days and since is not None:
        closes_at = since + timedelta(days=settings.close_after_days)
        if now >= closes_at:
            return Opening(CommentsMode.CLOSED, closes_at, closed_by_age=True)
        return Opening(mode, closes_at)
    return Opening(mode)
