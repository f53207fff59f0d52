"""What happens to the front by the clock: planned ones appear, and stories leave their places."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import Error
from django.utils import timezone

from diurna.newsroom import front_composing, section_leads
from diurna.newsroom.models import PlannedFront
from diurna.operations.findings import Finding

ENDS_SECONDS: Final = 10.0
# Six rounds: a clock that was held up misses none.
_LOOKED_BACK: Final = timedelta(seconds=6 * ENDS_SECONDS)
# The clock looks every two seconds.
_LATE: Final = timedelta(minutes=3)


def publish_planned() -> None:
    """Publish the fronts whose time has come."""
    front_composing.publish_planned(timezone.now())


def show_ended() -> None:
    """Draw front and sections again where the time of a story that was put there is over."""
    now = timezone.now()
    front_composing.touch_ended(now, within=_LOOKED_BACK)
    section_leads.touch_ended(now, within=_LOOKED_BACK)


def examine_fronts() -> Iterator[Finding]:
    """D032: every front that was planned has appeared."""
    try:
        due = PlannedFront.objects.filter(at__lt=timezone.now() - _LATE)
        late = list(due.values_list("at", "failure"))
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    sentence = "Each planned front has appeared, or is still to come."
    if late:
        at, failure = late[-1]
        sentence = (
            f"{len(late)} planned fronts have not appeared, the last that of {at:%Y-%m-%d %H:%M}"
            f" UTC ({failure or 'no clock has tried: start `diurna serve`'}); publish it on the"
            " desk under Front, or take it off the list there."
        )
    yield Finding(code="D032", subject="planned fronts", well=not late, sentence=sentence)
