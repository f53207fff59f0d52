"""Comments in daily business, letters apart: by the clock, and told about by `diurna doctor`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import Error
from django.utils import timezone

from diurna.comments import away, closing
from diurna.comments.models import Comment, CommentSettings
from diurna.operations.findings import Finding

CLOSING_SECONDS: Final = 60.0
ABSENCE_SECONDS: Final = 60.0
# Five rounds: a clock that was held up misses none.
_LOOKED_BACK: Final = timedelta(seconds=5 * CLOSING_SECONDS)


def show_closed_threads() -> None:
    """Make pages again whose threads have closed by age."""
    closing.touch_closed(timezone.now(), within=_LOOKED_BACK)


def look_for_absence() -> None:
    """Close new threads while nobody moderates, and open them when somebody is back."""
    away.look(timezone.now())


def examine_absence() -> Iterator[Finding]:
    """D023: somebody decides about the comments that wait."""
    try:
        since = CommentSettings.current().away_since
        waiting = Comment.objects.waiting().count()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if since is None:
        sentence = f"{waiting} wait for a moderator." if waiting else "None waits for a moderator."
        yield Finding(code="D023", subject="comments", well=True, sentence=sentence)
        return
    sentence = (
        f"{waiting} wait, one of them too long: stories published since {since:%Y-%m-%d %H:%M} UTC"
        " take no comments until a moderator has been there (Moderation, at the desk)."
    )
    yield Finding(code="D023", subject="comments", well=False, sentence=sentence)
