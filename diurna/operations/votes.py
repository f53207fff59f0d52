"""What the clock does about votes."""

from django.utils import timezone

from diurna.points import bursts, comment_marks, traces


def look_for_bursts() -> None:
    """Open a burst where many votes came by one way in a few minutes."""
    bursts.look()


def show_points_of_comments() -> None:
    """Show the points of comments that have been public for an hour by now."""
    comment_marks.look()


def forget_traces() -> None:
    """Empty when and from where readers pressed, 30 days after."""
    traces.forget_traces(timezone.now())
