"""What `diurna doctor` says of the machine and its safety: disk, keys, time, backups, proxies."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from wagtail.models import Revision

from diurna.common.home import SECRET_KEY_FILE
from diurna.ledger import keys
from diurna.ledger.models import Checkpoint
from diurna.operations import strangers
from diurna.operations.backup import nightly
from diurna.operations.findings import Finding

# Below this an upload or a backup may fail tomorrow.
LEAST_FREE: Final = 1024**3
# Signatures, sessions and second factors (30 seconds a code) stand this much.
MOST_SKEW: Final = timedelta(seconds=10)
# The clock publishes every two seconds.
CLOCK_LATE: Final = timedelta(minutes=3)


def examine_clock() -> Iterator[Finding]:
    """D011: what was planned has appeared, so the clock of some process runs."""
    try:
        late = Revision.objects.filter(approved_go_live_at__lt=timezone.now() - CLOCK_LATE).count()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    sentence = (
        f"{late} planned publications are late; start `diurna serve`, or look into its messages."
        if late
        else "Nothing that was planned is late."
    )
    yield Finding(code="D011", subject="clock", well=not late, sentence=sentence)


def examine_disk(home: Path) -> Iterator[Finding]:
    """D012: there is room where the home is, and where the backups go."""
    folders = {"The home": home}
    if settings.DIURNA_BACKUP_DIR is not None and settings.DIURNA_BACKUP_DIR.is_dir():
        folders["BACKUP_DIR"] = settings.DIURNA_BACKUP_DIR
    for name, folder in folders.items():
        free = shutil.disk_usage(folder).free
        text = f"{name} has {free / 1024**3:,.1f} GB free"
        well = free >= LEAST_FREE
        sentence = f"{text}." if well else f"{text}; make room before it is full."
        yield Finding(code="D012", subject="disk", well=well, sentence=sentence)


def examine_keys(home: Path) -> Iterator[Finding]:
    """D013: the keys are there for their owner only."""
    folder = home / keys.KEY_DIRECTORY
    files = [home / SECRET_KEY_FILE, *(folder.iterdir() if folder.is_dir() else ())]
    present = [path for path in files if path.is_file()]
    for path in present:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            yield Finding(
                code="D013",
                subject="keys",
                well=False,
                sentence=f"{path} can be read by others ({mode:04o}); run `chmod 600 {path}`.",
            )
            return
    sentence = f"{len(present)} files, for their owner only."
    yield Finding(code="D013", subject="keys", well=True, sentence=sentence)


def examine_time() -> Iterator[Finding]:
    """D014: this machine, the database and the log agree on what time it is."""
    try:
        skew = _skew()
    except Error:
        return
    well = skew <= MOST_SKEW
    sentence = (
        "This machine, the database and the log agree."
        if well
        else f"This machine is {skew.total_seconds():,.0f} s off from its database or its log;"
        " let it set its clock by NTP."
    )
    yield Finding(code="D014", subject="time", well=well, sentence=sentence)


def _skew() -> timedelta:
    now = timezone.now()
    if connection.vendor == "postgresql":
        before = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
        took = timedelta(seconds=time.monotonic() - before)
        if row and (apart := abs(row[0] - now) - took) > MOST_SKEW:
            return apart
    last = Checkpoint.objects.filter(log__active=True).order_by("-at").first()
    # A log that was signed in the future: the clock has been set back since.
    return max(last.at - now, timedelta()) if last else timedelta()


def examine_backups() -> Iterator[Finding]:
    """D015: last night's backup is there."""
    state = nightly.state()
    if state is None:
        sentence = "None are made; set BACKUP_DIR to a folder on another disk."
        if settings.DIURNA_COPY:
            sentence = "A copy makes none."
        is_real = not (settings.DIURNA_DEMO or settings.DIURNA_COPY)
        yield Finding(
            code="D015", subject="backups", well=not is_real, optional=True, sentence=sentence
        )
        return
    now = timezone.now()
    late = state.newest is None or now - state.newest > nightly.LATE
    made = f"{state.newest:%Y-%m-%d %H:%M} UTC" if state.newest else ""
    age = f"The newest is of {made}" if made else "There is none yet"
    if state.failure:
        sentence = f"{age}. The last try failed: {state.failure}"
    elif late:
        sentence = f"{age}; `diurna serve` makes one each night while it runs."
    else:
        sentence = f"{age}."
    yield Finding(
        code="D015", subject="backups", well=not (late or state.failure), sentence=sentence
    )


def examine_proxies() -> Iterator[Finding]:
    """D016: nobody sends forwarded headers from an address that is not in TRUSTED_PROXIES."""
    counts = strangers.noted()
    if not counts:
        sentence = "No forwarded headers from addresses that are not in TRUSTED_PROXIES."
        yield Finding(code="D016", subject="proxies", well=True, sentence=sentence)
        return
    told = ", ".join(f"{count:,} from {place}" for place, count in counts.items())
    # From anywhere else it is somebody who tries, and who is not believed.
    near = any(place != "elsewhere" for place in counts)
    remedy = (
        "if your proxy stands there, name its address in TRUSTED_PROXIES."
        if near
        else "nobody believed them."
    )
    yield Finding(
        code="D016",
        subject="proxies",
        well=not near,
        sentence=f"Requests with forwarded headers from strangers: {told}; {remedy}",
    )
