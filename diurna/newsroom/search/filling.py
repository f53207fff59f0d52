"""Fills the index of a site that was there before: after an upgrade, or in another language."""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from diurna.newsroom.models import (
    Article,
    Contributor,
    InformationPage,
    SearchFilling,
    Standard,
    Topic,
)
from diurna.newsroom.search import skipped
from diurna.newsroom.search.keeping import put, try_again
from diurna.newsroom.search.text import newsroom_language

# Counted up whenever the same story would get other words in the index.
VERSION: Final = 4
_ROWS: Final = 200


def is_filled() -> bool:
    """Whether every story is indexed by the present rules (two queries)."""
    return SearchFilling.objects.filter(
        version=VERSION, language=newsroom_language(), done=True
    ).exists()


def fill_if_needed() -> bool:
    """Leave a task that fills the index, if that is needed and none is left yet; whether it was."""
    if is_filled() or _is_left(fill_some.module_path):
        return False
    fill_some.enqueue()
    return True


def try_again_if_due() -> bool:
    """Leave a task for rows that could not be indexed, if it is time for one; whether it was."""
    if not skipped.due(timezone.now()) or _is_left(try_skipped.module_path):
        return False
    try_skipped.enqueue()
    return True


def _is_left(path: str) -> bool:
    waiting = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return DBTaskResult.objects.filter(task_path=path, status__in=waiting).exists()


# Whatever else is to be done is sooner needed.
@task(priority=-10)
def fill_some() -> int:
    """Index the next stories, and leave a task for those after them; how many were indexed.

    Killed in between, it goes on where it was. People, topics and pages come at the end.
    """
    language = newsroom_language()
    filling, _new = SearchFilling.objects.get_or_create(only=True)
    if (filling.version, filling.language) != (VERSION, language):
        filling.version, filling.language = VERSION, language
        filling.filled_to, filling.done = 0, False
    rows = list(Article.objects.live().filter(pk__gt=filling.filled_to).order_by("pk")[:_ROWS])
    # Not in one transaction: nobody else could write for seconds. Indexed twice is no harm.
    put(Article, rows)
    with transaction.atomic():
        if rows:
            filling.filled_to = rows[-1].pk
        else:
            _all_else()
            filling.done = True
        filling.save()
        if rows:
            fill_some.enqueue()
    return len(rows)


@task(priority=-10)
def try_skipped() -> int:
    """Index what could not be indexed before and is due by now; how many rows now could be."""
    return try_again(timezone.now())


def _all_else() -> None:
    from diurna.newsroom.indexing import index_rows

    for model in (Contributor, Topic, InformationPage, Standard):
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), _ROWS):
            index_rows.enqueue(model._meta.label_lower, keys[start : start + _ROWS])
