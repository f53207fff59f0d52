"""What the clock does about votes."""

from typing import Final

from django.utils import timezone

from diurna.points import bursts, comment_marks, ranked_editions, standings, traces

# So that the clock's other jobs go on: after an import there are a hundred thousand.
_MOST_STANDINGS: Final = 2000


def look_for_bursts() -> None:
    """Open a burst where many votes came by one way in a few minutes."""
    bursts.look()


def show_points_of_comments() -> None:
    """Show the points of comments that have been public for an hour by now."""
    comment_marks.look()


def forget_traces() -> None:
    """Empty when and from where readers pressed, 30 days after."""
    traces.forget_traces(timezone.now())


def keep_standings() -> None:
    """Make standings of stories again where somebody voted, commented or published."""
    standings.keep(timezone.now(), most=_MOST_STANDINGS)


def forget_old_editions() -> None:
    """Delete editions of lists that nobody pages through any more."""
    ranked_editions.forget_old(timezone.now())
