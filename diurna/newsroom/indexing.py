"""Wagtail's two indexes, brought up to date for many pages at once.

Wagtail leaves a task for each row that is saved, and each task for the search index computes the
average length of all titles anew: for an import of 100,000 pages, hundreds of thousands of tasks
whose work grows with the square of the pages. One task for some hundreds of rows does the same.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import models, transaction
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult
from modelsearch.index import class_is_indexed
from wagtail.models import ReferenceIndex

from diurna.newsroom.search.keeping import PORTION, put

# A task is short work: a worker that is stopped between two loses little.
MAX_ROWS_A_TASK: Final = 200


@dataclass(slots=True)
class _Left:
    """A task that was left, with the rows it is for."""

    task: str
    rows: list[int]


class IndexLater:
    """Collects rows, and leaves few tasks for them: call `flush` in their transaction.

    A task is stored with its rows, so that whoever is killed leaves none unindexed. While no worker
    has taken it up, the rows of later transactions go into the same one.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._left: dict[str, _Left] = {}

    def add(self, row: models.Model) -> None:
        """Have this row indexed; twice is once."""
        keys = self._rows[row._meta.label_lower]
        if row.pk not in keys[-2:]:
            keys.append(int(row.pk))

    def flush(self) -> None:
        """Leave the tasks, for the rows that came since the last time."""
        rows, self._rows = self._rows, defaultdict(list)
        for label, keys in rows.items():
            unique = list(dict.fromkeys(keys))
            if self._join(label, unique):
                continue
            for start in range(0, len(unique), MAX_ROWS_A_TASK):
                some = unique[start : start + MAX_ROWS_A_TASK]
                self._left[label] = _Left(index_rows.enqueue(label, some).id, some)

    def _join(self, label: str, keys: list[int]) -> bool:
        """Add rows to the task that was left last; whether that was possible."""
        left = self._left.get(label)
        if left is None or len(left.rows) + len(keys) > MAX_ROWS_A_TASK:
            return False
        together = [*left.rows, *keys]
        # Only while it waits; one that was rolled back is not there.
        waiting = DBTaskResult.objects.filter(pk=left.task, status=TaskResultStatus.READY)
        if not waiting.update(args_kwargs={"args": [label, together], "kwargs": {}}):
            return False
        left.rows = together
        return True


@task()
def index_rows(label: str, keys: list[int]) -> int:
    """Bring both indexes up to date for rows of one model; how many there still are."""
    model = apps.get_model(label)
    rows = list(model._default_manager.filter(pk__in=keys).order_by("pk"))
    if ReferenceIndex.is_indexed(model):
        for start in range(0, len(rows), PORTION):
            with transaction.atomic():
                for row in rows[start : start + PORTION]:
                    ReferenceIndex.create_or_update_for_object(row)
    if class_is_indexed(model):
        put(model, rows)
    return len(rows)
