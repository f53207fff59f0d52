"""When an address is looked at again: weekly at first, then rarer, and with patience. Pure."""

from datetime import datetime, timedelta
from typing import Final

_WEEK: Final = timedelta(days=7)
# (until this long after the first look, so often)
_RHYTHM: Final = (
    (timedelta(weeks=8), _WEEK),
    (timedelta(days=365), timedelta(days=30)),
)
_RARELY: Final = timedelta(days=90)
# What is gone may come back.
_DEAD: Final = timedelta(days=30)
# After the first, second, ... failure in a row.
_PATIENCE: Final = (
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    _WEEK,
)
# So many failures in a row make an address a dead one: with the patience above, a week of them.
FAILURES_UNTIL_DEAD: Final = 5
# A failure counts when it is so much later than the one before; pressing "check now" is none.
FAILURES_APART: Final = timedelta(hours=5)
# A server that asks for longer is asked again then all the same.
_LONGEST_WAIT: Final = timedelta(days=30)


def next_look(
    at: datetime,
    *,
    since: datetime,
    failures: int = 0,
    dead: bool = False,
    wait: float | None = None,
) -> datetime:
    """When to look again after a look at `at`.

    `since` is the first look of all, `failures` how many failed in a row by now, `wait` the seconds
    that the server asked for.
    """
    if dead:
        gap = _DEAD
    elif failures:
        gap = _PATIENCE[min(failures, len(_PATIENCE)) - 1]
    else:
        age = at - since
        gap = next((gap for until, gap in _RHYTHM if age < until), _RARELY)
    return at + max(gap, asked_for(wait))


def asked_for(wait: float | None) -> timedelta:
    """What the server asked for, within reason."""
    return min(timedelta(seconds=wait or 0.0), _LONGEST_WAIT)
