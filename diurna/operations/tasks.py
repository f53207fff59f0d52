"""Tasks in the database, and the note that wakes the worker.

The supervisor knows no database. It looks whether one small file exists in the home, starts the
worker if it does, and the worker removes the file before it looks for work: a task that arrives
while the worker leaves leaves its note behind, and the worker is started again.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from modelcluster.fields import ParentalKey

logger = logging.getLogger(__name__)

WAKE_FILE = "tasks.wake"
KEEP_FINISHED = timedelta(days=7)
KEEP_FAILED = timedelta(days=60)
INDEX_TASK = "wagtail.tasks.update_reference_index_task"


class WakingDatabaseBackend(DatabaseBackend):
    """The database back end of django-tasks-db, which also wakes the worker after the commit."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Store the task; the worker is woken once the transaction commits."""
        if task.module_path == INDEX_TASK:
            args = owner_of(*args)
        result = super().enqueue(task, args, kwargs)
        transaction.on_commit(wake)
        return result

    async def aenqueue(self, *args: Any, **kwargs: Any) -> Any:
        """Store the task; the worker is woken at once, since there is no transaction."""
        result = await super().aenqueue(*args, **kwargs)
        wake()
        return result


def owner_of(app_label: str, model_name: str, pk: str) -> tuple[str, str, str]:
    """The row whose references Wagtail's index task shall read: the row itself, or its page.

    A by-line belongs to an article, and the task reads the article's references anyway. But by the
    time it runs, saving the article again may have replaced the by-line's row, and Wagtail's task
    fails for a row that is gone.
    """
    model = apps.get_model(app_label, model_name)
    parent = next((f for f in model._meta.get_fields() if isinstance(f, ParentalKey)), None)
    if parent is None:
        return app_label, model_name, pk
    owner = model._default_manager.filter(pk=pk).values_list(parent.attname, flat=True).first()
    if owner is None:
        return app_label, model_name, pk
    above = parent.related_model._meta
    return owner_of(above.app_label, above.model_name, str(owner))


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
