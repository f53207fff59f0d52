"""Away mode: while nobody moderates, stories published since then take no comments.

`look` is called by the clock each minute, and after each decision about what waited. Whether an
article is closed by it is `comments.opening`'s to say.
"""

from datetime import datetime, timedelta

from django.db.models import F, Max, Q
from django.utils import timezone

from diurna.comments.models import Comment, CommentSettings, CommentState, Transition
from diurna.delivery.surrogate import touch


def look(at: datetime) -> bool:
    """Set or clear `CommentSettings.away_since` as of this moment; whether that changed anything.

    It is the moment from which the comment that had waited longest had waited too long, and stays
    so until none has: every story's page says it, so it must not move with each decision.
    """
    settings = CommentSettings.current()
    since = _away_since(settings, at)
    if (since is None) == (settings.away_since is None):
        return False
    if settings.pk is None:
        settings = CommentSettings.objects.create()
    # What another process or the desk changes meanwhile stays: this is one column.
    CommentSettings.objects.filter(pk=settings.pk).update(away_since=since)
    # Every story says whether it takes comments.
    touch("navigation")
    return True


def come_back(transition: Transition) -> None:
    """After a decision about what waited: somebody is there again, maybe."""
    if transition.before != CommentState.HELD:
        return
    if CommentSettings.objects.filter(away_since__isnull=False).exists():
        look(timezone.now())


def waits_since() -> datetime | None:
    """Since when the comment has waited that waits longest; None where none does.

    Of an import nobody promised anything. A comment that was held again after an edit waits since
    then.
    """
    held = Max("transitions__at", filter=Q(transitions__after=CommentState.HELD))
    waiting = Comment.objects.filter(state=CommentState.HELD, imported=False)
    return (
        waiting.annotate(since=held)
        .order_by(F("since").asc(nulls_last=True))
        .values_list("since", flat=True)
        .first()
    )


def _away_since(settings: CommentSettings, at: datetime) -> datetime | None:
    if not settings.away_after_hours:
        return None
    since = waits_since()
    if since is None:
        return None
    too_long = since + timedelta(hours=settings.away_after_hours)
    return too_long if too_long <= at else None
