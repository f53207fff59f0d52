"""What a newsroom knows of those who write comments: figures, never an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from diurna.comments.models import Comment, CommentState
from diurna.moderation.models import Measure, MeasureKind, Report, ReportOutcome

# What "removed" is for who counts: also what an appeal is about, or was upheld.
_TAKEN_AWAY: Final = (
    CommentState.REMOVED,
    CommentState.HIDDEN,
    CommentState.APPEALED,
    CommentState.UPHELD,
)
# An account's key, a guest's; one of the two is there, or neither.
_Key = tuple[int | None, int | None]


@dataclass(kw_only=True)
class History:
    """What became of a reader's comments here, and what was done about the reader.

    `upheld` is how many of the reader's comments were taken away because of reports; `warnings` how
    many the reader has got; `in_force` the suspensions and bans of now.
    """

    first_seen: datetime | None
    published: int = 0
    removed: int = 0
    spam: int = 0
    waiting: int = 0
    upheld: int = 0
    warnings: int = 0
    in_force: tuple[Measure, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing but what waits was ever decided about this reader."""
        return not (self.published or self.removed or self.spam or self.warnings or self.in_force)


def histories(comments: Iterable[Comment], at: datetime) -> dict[int, History]:
    """The history of each comment's writer, by the comment's key; three queries.

    The comments bring `user` and `guest`. Who left neither an account nor a browser has no history:
    such comments are missing.
    """
    every = [one for one in comments if _key(one) != (None, None)]
    found = {_key(one): History(first_seen=_first_seen(one)) for one in every}
    users = [user for user, _guest in found if user is not None]
    guests = [guest for _user, guest in found if guest is not None]
    if found:
        _count_comments(found, users, guests)
        _count_reports(found, users, guests)
        _add_measures(found, users, guests, at)
    return {one.pk: found[_key(one)] for one in every}


def _key(comment: Comment) -> _Key:
    return comment.user_id, comment.guest_id


def _first_seen(comment: Comment) -> datetime | None:
    if comment.user is not None:
        return comment.user.date_joined
    return comment.guest.created_at if comment.guest is not None else None


def _count_comments(found: dict[_Key, History], users: list[int], guests: list[int]) -> None:
    rows = Comment.objects.filter(Q(user__in=users) | Q(guest__in=guests)).order_by()
    for row in rows.values("user", "guest", "state").annotate(n=Count("pk")):
        history = found[row["user"], row["guest"]]
        if row["state"] == CommentState.PUBLISHED:
            history.published += row["n"]
        elif row["state"] == CommentState.SPAM:
            history.spam += row["n"]
        elif row["state"] == CommentState.HELD:
            history.waiting += row["n"]
        elif row["state"] in _TAKEN_AWAY:
            history.removed += row["n"]


def _count_reports(found: dict[_Key, History], users: list[int], guests: list[int]) -> None:
    by_writer = Q(comment__user__in=users) | Q(comment__guest__in=guests)
    rows = Report.objects.filter(by_writer, outcome=ReportOutcome.UPHELD).order_by()
    counted = rows.values("comment__user", "comment__guest").annotate(
        n=Count("comment", distinct=True)
    )
    for row in counted:
        found[row["comment__user"], row["comment__guest"]].upheld = row["n"]


def _add_measures(
    found: dict[_Key, History], users: list[int], guests: list[int], at: datetime
) -> None:
    about = Measure.objects.filter(Q(user__in=users) | Q(guest__in=guests))
    holds = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    for measure in about.filter(holds, lifted_at__isnull=True, began_at__lte=at):
        history = found[measure.user_id, measure.guest_id]
        if measure.kind == MeasureKind.WARNING:
            history.warnings += 1
        else:
            history.in_force += (measure,)
