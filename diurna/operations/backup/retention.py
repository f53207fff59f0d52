"""Which nightly backups are kept: the last of each of 7 days, 4 weeks and 6 months. Pure.

Only files that this module named are ever looked at, and the newest is always kept.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 6
_NAME: Final = re.compile(r"diurna-(\d{8}T\d{6}Z)\.backup", re.ASCII)
_STAMP: Final = "%Y%m%dT%H%M%SZ"


def name_for(at: datetime) -> str:
    """The name of the backup of this moment: `diurna-20261122T030000Z.backup`."""
    return f"diurna-{at.astimezone(UTC).strftime(_STAMP)}.backup"


def moment_of(name: str) -> datetime | None:
    """When the backup of this name was made (UTC); None for a file that is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def newest(names: Iterable[str]) -> datetime | None:
    """When the newest of these backups was made."""
    return max((at for name in names if (at := moment_of(name))), default=None)


def superfluous(names: Iterable[str]) -> list[str]:
    """Those of these files that may be deleted, oldest first."""
    found = sorted(
        ((at, name) for name in names if (at := moment_of(name)) is not None), reverse=True
    )
    kept: set[str] = set()
    for count, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        kept |= _last_of_each(found, count, period)
    return [name for _, name in reversed(found) if name not in kept]


def _last_of_each(
    found: list[tuple[datetime, str]], count: int, period: Callable[[datetime], object]
) -> set[str]:
    """The newest backup of each of the last `count` periods that have one."""
    last: dict[object, str] = {}
    for at, name in found:
        if len(last) == count and period(at) not in last:
            break
        last.setdefault(period(at), name)
    return set(last.values())


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month
