"""Related stories in daily business: the clock's part."""

from django_tasks_db.models import DBTaskResult

from diurna.newsroom.relating import waiting
from diurna.newsroom.search.filling import is_filled
from diurna.newsroom.tasks import find_related


def find_related_if_due() -> None:
    """Ask the worker to look for related stories if one waits, and it was not asked already.

    Not while the search index is filled for the first time: it says which are worded alike.
    """
    if not waiting().exists() or not is_filled():
        return
    asked = DBTaskResult.objects.filter(task_path=find_related.module_path, finished_at=None)
    if not asked.exclude(status="FAILED").exists():
        find_related.enqueue()
