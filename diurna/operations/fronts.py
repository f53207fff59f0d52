"""What happens to the front by the clock: planned ones appear, and stories leave their places."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from diurna.newsroom import front_composing

ENDS_SECONDS: Final = 10.0
# Six rounds: a clock that was held up misses none.
_LOOKED_BACK: Final = timedelta(seconds=6 * ENDS_SECONDS)


def publish_planned() -> None:
    """Publish the fronts whose time has come."""
    front_composing.publish_planned(timezone.now())


def show_ended() -> None:
    """Draw the front again where the time of a story on it is over."""
    front_composing.touch_ended(timezone.now(), within=_LOOKED_BACK)
