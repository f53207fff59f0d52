"""A moderator's own decisions of the last minutes, each with the word that takes it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, Transition
from diurna.comments.undoing import UNDO_WINDOW, can_be_undone
from diurna.moderation.comment_views import writer_of
from diurna.moderation.error_reports import undo_word
from diurna.moderation.models import Report, ReportOutcome
from diurna.moderation.queue_decisions import words_of
from diurna.moderation.things import Thing
from diurna.newsroom.models import ErrorOutcome, ErrorReport
from diurna.points.models import Burst

MOST: Final = 20


@dataclass(frozen=True, kw_only=True)
class Recent:
    """A decision that can still be taken back: when, on what, in words, and `undo` for that."""

    at: datetime
    thing: Thing
    said: str
    about: str
    undo: str


def recent(moderator: User, at: datetime) -> list[Recent]:
    """What this moderator has just decided and may take back, the newest first; five queries."""
    since = at - UNDO_WINDOW
    found = [
        *_moves(moderator, since, at),
        *_kept(moderator, since),
        *_bursts(moderator, since),
        *_handed_on(moderator, since),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def _moves(moderator: User, since: datetime, at: datetime) -> list[Recent]:
    later = Transition.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    rows = Transition.objects.filter(~Exists(later), moderator=moderator, at__gt=since)
    with_comment = rows.select_related("comment__user").order_by("-at", "-pk")[:MOST]
    return [
        Recent(
            at=row.at,
            thing=Thing.of(row.comment),
            said=words_of(row),
            about=writer_of(row.comment),
            undo=f"move-{row.pk}",
        )
        for row in with_comment
        if can_be_undone(row, moderator, at)
    ]


def _kept(moderator: User, since: datetime) -> list[Recent]:
    """Comments that were reported and stay: nothing has moved."""
    rows = Report.objects.filter(
        decided_by=moderator,
        decided_at__gt=since,
        transition__isnull=True,
        outcome=ReportOutcome.REJECTED,
    )
    by_comment = {row.comment_id: row for row in rows.select_related("comment__user")[: MOST * 10]}
    return [
        Recent(
            at=row.decided_at or since,
            thing=Thing.of(row.comment),
            said=str(ReportOutcome.REJECTED.label),
            about=writer_of(row.comment),
            undo=str(Thing.of(row.comment)),
        )
        for row in by_comment.values()
    ]


def _bursts(moderator: User, since: datetime) -> list[Recent]:
    rows = Burst.objects.filter(decided_by=moderator, decided_at__gt=since)
    return [
        Recent(
            at=row.decided_at or since,
            thing=Thing.of(row),
            said=str(row.get_state_display()),
            about=row.tally.article.title if row.tally.article is not None else "",
            undo=str(Thing.of(row)),
        )
        for row in rows.select_related("tally__article")[:MOST]
    ]


def _handed_on(moderator: User, since: datetime) -> list[Recent]:
    """Comments that were made error reports and wait for an editor: nothing has moved."""
    waiting = ErrorReport.objects.filter(
        filed_by=moderator, at__gt=since, outcome=ErrorOutcome.OPEN, comment_uuid__isnull=False
    )
    filed = waiting.order_by("-at").values_list("comment_uuid", "at")[:MOST]
    at = {name: when for name, when in filed if name is not None}
    return [
        Recent(
            at=at[comment.uuid],
            thing=Thing.of(comment),
            said=_("An error report now"),
            about=writer_of(comment),
            undo=undo_word(comment),
        )
        for comment in Comment.objects.filter(uuid__in=at).select_related("user")
    ]
