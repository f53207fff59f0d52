"""Tasks in the database, and the note that wakes the worker.

The supervisor knows no database. It looks whether one small file exists in the home, starts the
worker if it does, and the worker removes the file before it looks for work: a task that arrives
while the worker leaves leaves its note behind, and the worker is started again.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

WAKE_FILE = "tasks.wake"
KEEP_FINISHED = timedelta(days=7)
KEEP_FAILED = timedelta(days=60)


class WakingDatabaseBackend(DatabaseBackend):
    """The database back end of django-tasks-db, which also wakes the worker after the commit."""

    def enqueue(self, *args: Any, **kwargs: Any) -> Any:
        """Store the task; the worker is woken once the transaction commits."""
        result = super().enqueue(*args, **kwargs)
        transaction.on_commit(wake)
        return result

    async def aenqueue(self, *args: Any, **kwargs: Any) -> Any:
        """Store the task; the worker is woken at once, since there is no transaction."""
        result = await super().aenqueue(*args, **kwargs)
        wake()
        return result


def wake_file() -> Path:
    """The note that says that there is work."""
    return Path(settings.DIURNA_HOME) / WAKE_FILE


def wake() -> None:
    """Ask for the worker."""
    wake_file().touch()


def wake_if_due() -> None:
    """Ask for the worker if a task is ready: one that had to wait for its time, or was missed."""
    if DBTaskResult.objects.ready().exists():
        wake()


def forget_finished() -> None:
    """Delete the records of tasks that are done; failed ones stay longer, to be looked at."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_FINISHED).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()
