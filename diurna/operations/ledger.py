"""The log in daily business: begun when there is a newsroom, a `day` entry, old checkpoints."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from diurna.ledger import days, settler
from diurna.ledger.actions import found_log
from diurna.ledger.models import Checkpoint
from diurna.ledger.reading import active_log
from diurna.newsroom.log import Progress, log_history
from diurna.newsroom.models import Front

# Who holds an older checkpoint can still check it: a consistency proof needs tiles only.
CHECKPOINTS_KEPT = timedelta(days=7)


def ensure_log(*, progress: Progress | None = None) -> bool:
    """Begin the log of a newsroom that has none, with everything it has published; whether it did.

    Nothing happens before the newsroom is founded.
    """
    if active_log() is not None or not Front.objects.exists():
        return False
    found_log(site=settings.DIURNA_SITE_URL, demo=settings.DIURNA_DEMO)
    log_history(progress=progress)
    settler.settle_all()
    return True


def write_days() -> None:
    """Write the `day` entries that are missing."""
    days.write_days(timezone.now())


def forget_old_checkpoints() -> None:
    """Delete checkpoints that are a week old, but never the last one of a log."""
    before = timezone.now() - CHECKPOINTS_KEPT
    # A checkpoint of the log's present size is its last one.
    Checkpoint.objects.filter(at__lt=before, size__lt=F("log__size")).delete()
