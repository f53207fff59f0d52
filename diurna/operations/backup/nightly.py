"""The backup of every night: started by the clock, in a process of its own.

    python -m diurna.operations.backup.nightly

So a long backup keeps neither the clock nor readers waiting. A failure is kept in a note in the
home, for doctor and metrics, until a backup succeeds.
"""

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from diurna.common.starting import set_up_django
from diurna.operations.backup import retention

logger = logging.getLogger(__name__)

# A quiet hour in Europe and America; who wants another one calls `diurna backup` by cron.
QUIET_HOUR: Final = 3
# A night that was missed shows before the next one is.
LATE: Final = timedelta(hours=26)
FAILURE_FILE: Final = "backup.failed"
LOCK_FILE: Final = "backup.lock"
PART: Final = ".part"
# Readers come first.
_NICENESS: Final = 10


@dataclass(frozen=True, kw_only=True)
class NightlyState:
    """What is known of the nightly backups: when the newest was made, what the last try said."""

    newest: datetime | None
    failure: str


_running: "subprocess.Popen[bytes] | None" = None


def start_if_due() -> None:
    """Start a backup if BACKUP_DIR is set, the night's is not there, and none is running."""
    from django.conf import settings
    from django.utils import timezone

    global _running
    if settings.DIURNA_BACKUP_DIR is None or (_running is not None and _running.poll() is None):
        return
    if not is_due(_newest(settings.DIURNA_BACKUP_DIR), timezone.now()):
        return
    _running = subprocess.Popen(
        [sys.executable, "-m", "diurna.operations.backup.nightly"],
        env={**os.environ, "DIURNA_HOME": str(settings.DIURNA_HOME)},
        stdin=subprocess.DEVNULL,
    )


def is_due(newest: datetime | None, now: datetime) -> bool:
    """Whether the newest backup is from before the last quiet hour."""
    last_quiet = now.replace(hour=QUIET_HOUR, minute=0, second=0, microsecond=0)
    if last_quiet > now:
        last_quiet -= timedelta(days=1)
    return newest is None or newest < last_quiet


def state() -> NightlyState | None:
    """What is known of the nightly backups; None where they are off."""
    from django.conf import settings

    if settings.DIURNA_BACKUP_DIR is None:
        return None
    note = Path(settings.DIURNA_HOME) / FAILURE_FILE
    failure = note.read_text(encoding="utf-8").strip() if note.is_file() else ""
    return NightlyState(newest=_newest(settings.DIURNA_BACKUP_DIR), failure=failure)


def back_up(folder: Path, now: datetime) -> Path:
    """Make the backup of this moment in this folder, then delete those that need not be kept."""
    from django.conf import settings

    from diurna.operations.backup.sealing import seal_for
    from diurna.operations.backup.writing import write_backup

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for leftover in folder.glob(f"*{PART}"):
        if retention.moment_of(leftover.name.removesuffix(PART)):
            leftover.unlink()
    made = write_backup(
        folder / retention.name_for(now),
        seal=seal_for(settings.DIURNA_BACKUP_RECIPIENTS, None),
        at=now,
    )
    for name in retention.superfluous(_names(folder)):
        (folder / name).unlink()
    return made.path


def main() -> int:
    """Make tonight's backup; 1 after a failure, which is noted in the home."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
    set_up_django()
    from django.conf import settings
    from django.utils import timezone

    os.nice(_NICENESS)
    home, folder = Path(settings.DIURNA_HOME), settings.DIURNA_BACKUP_DIR
    with _only_one(home) as first:
        if not first or folder is None:
            return 0
        return make_and_note(home, folder, timezone.now())


def make_and_note(home: Path, folder: Path, now: datetime) -> int:
    """Make the backup of this moment; 0, or 1 after a failure, which is noted in the home."""
    note = home / FAILURE_FILE
    try:
        back_up(folder, now)
    except Exception as error:  # whatever it was, doctor and metrics tell it
        logger.exception("The nightly backup failed; it is tried again.")
        note.write_text(f"{error or type(error).__name__}\n", encoding="utf-8")
        return 1
    note.unlink(missing_ok=True)
    return 0


def _newest(folder: Path) -> datetime | None:
    return retention.newest(_names(folder))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


@contextmanager
def _only_one(home: Path) -> Iterator[bool]:
    """Whether no other process backs this home up for the length of the block."""
    with (home / LOCK_FILE).open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


if __name__ == "__main__":
    sys.exit(main())
