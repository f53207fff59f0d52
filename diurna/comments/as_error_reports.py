"""Comments that say that the story is wrong: a moderator hands them on to its editors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.draft import own_hosts
from diurna.comments.models import Comment
from diurna.common.comment_text import render
from diurna.common.errors import Missing
from diurna.newsroom import error_reports
from diurna.newsroom.models import ErrorOutcome, ErrorReport
from diurna.newsroom.models.error_report import LONGEST_EXPLANATION

_CUT: Final = " …"


@dataclass(frozen=True, kw_only=True)
class HandedOn:
    """An error report that was made of a comment: what became of it, and whose slip it may be."""

    report: ErrorReport
    can_be_undone: bool

    @property
    def state(self) -> str:
        """What became of it, in words."""
        return str(ErrorOutcome(self.report.outcome).label)


def hand_on(*, comment: Comment, moderator: User, at: datetime | None = None) -> ErrorReport:
    """Make an error report of a comment; the comment itself is decided about as any other.

    Raises Refused for who may not, Conflicting where a colleague has made it one, Invalid without
    words.
    """
    words = render(comment.body, own_hosts=own_hosts()).plain
    if len(words) > LONGEST_EXPLANATION:
        words = words[: LONGEST_EXPLANATION - len(_CUT)].rstrip() + _CUT
    return error_reports.report_from_comment(
        article=comment.thread.article,
        comment_uuid=comment.uuid,
        explanation=words,
        user=comment.user,
        guest=comment.guest,
        moderator=moderator,
        at=at,
    )


def take_back(*, comment: Comment, moderator: User, at: datetime | None = None) -> None:
    """Delete the report that this moderator has just made of the comment.

    Raises Missing where there is none, Refused where it is somebody else's or too late, Conflicting
    once an editor has answered.
    """
    report = ErrorReport.objects.filter(comment_uuid=comment.uuid).first()
    if report is None:
        raise Missing(_("This comment is no error report (any more)."))
    error_reports.take_back_from_comment(report=report, moderator=moderator, at=at)


def handed_on(
    comments: Iterable[UUID], *, moderator: User, at: datetime | None = None
) -> dict[UUID, HandedOn]:
    """The error reports made of these comments, by the comment; one query."""
    at = at or timezone.now()
    found: dict[UUID, HandedOn] = {}
    for report in ErrorReport.objects.filter(comment_uuid__in=list(comments)):
        if report.comment_uuid is not None:
            can_be_undone = error_reports.can_be_taken_back(report, moderator, at)
            found[report.comment_uuid] = HandedOn(report=report, can_be_undone=can_be_undone)
    return found
