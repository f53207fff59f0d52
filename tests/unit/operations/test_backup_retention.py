"""Which nightly backups stay: 7 days, 4 weeks, 6 months, the newest always."""

from datetime import UTC, datetime, timedelta

import pytest

from diurna.operations.backup.nightly import is_due
from diurna.operations.backup.retention import moment_of, name_for, newest, superfluous

NIGHT = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)


def nights(count: int) -> list[str]:
    return [name_for(NIGHT - timedelta(days=ago)) for ago in range(count)]


def kept_after(count: int) -> list[datetime]:
    names = nights(count)
    gone = set(superfluous(names))
    return sorted(at for name in names if name not in gone and (at := moment_of(name)))


def test_a_week_of_nights_is_kept_whole() -> None:
    assert superfluous(nights(7)) == []


def test_after_a_year_there_are_days_weeks_and_months() -> None:
    kept = [f"{at:%m-%d}" for at in kept_after(365)]
    # Six months' last nights, the last of two earlier weeks (the 15th and the 22nd are Sundays),
    # and the last seven nights.
    assert kept == [
        "06-30", "07-31", "08-31", "09-30", "10-31", "11-01", "11-08", "11-15",
        "11-16", "11-17", "11-18", "11-19", "11-20", "11-21", "11-22",
    ]  # fmt: skip


def test_deleting_every_night_leaves_the_same_as_deleting_once() -> None:
    kept: set[str] = set()
    for ago in reversed(range(365)):
        kept.add(name_for(NIGHT - timedelta(days=ago)))
        kept -= set(superfluous(kept))
    assert sorted(kept) == sorted(name_for(at) for at in kept_after(365))


def test_the_newest_stays_however_old_it_is() -> None:
    alone = name_for(NIGHT - timedelta(days=4000))
    assert superfluous([alone]) == []


def test_of_one_day_the_last_is_kept() -> None:
    early, late = (name_for(NIGHT + timedelta(hours=hours)) for hours in (0, 5))
    assert superfluous([late, early]) == [early]


@pytest.mark.parametrize(
    "name",
    [
        "letters.txt",
        "diurna.backup",
        "diurna-20261122T030000Z.backup.part",
        "diurna-20261399T030000Z.backup",
    ],
)
def test_files_that_others_named_are_never_deleted(name: str) -> None:
    assert moment_of(name) is None
    assert name not in superfluous([name, *nights(60)])


def test_the_newest_of_none_is_none() -> None:
    assert newest(["letters.txt"]) is None
    assert newest(nights(3)) == NIGHT.replace(microsecond=0)


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        (None, "2026-11-22T12:00", True),
        ("2026-11-21T03:00", "2026-11-22T02:59", False),
        ("2026-11-21T03:00", "2026-11-22T03:00", True),
        ("2026-11-22T03:00", "2026-11-22T23:00", False),
        ("2026-11-22T02:00", "2026-11-22T03:01", True),
        ("2026-11-19T03:00", "2026-11-22T01:00", True),
    ],
)
def test_a_backup_is_due_once_after_the_quiet_hour(made: str | None, now: str, due: bool) -> None:
    moment = datetime.fromisoformat(made).replace(tzinfo=UTC) if made else None
    assert is_due(moment, datetime.fromisoformat(now).replace(tzinfo=UTC)) is due
