"""What the clock does about votes."""

from django.utils import timezone

from diurna.points import bursts, traces


def look_for_bursts() -> None:
    """Open a burst where many votes came by one way in a few minutes."""
    bursts.look()


def forget_traces() -> None:
    """Empty when and from where readers pressed, 30 days after."""
    traces.forget_traces(timezone.now())
