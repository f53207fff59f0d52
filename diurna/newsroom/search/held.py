"""Pages are indexed as they are at that moment, and nobody changes them before it is done.

Whoever indexes has read a page a while ago; meanwhile it may have been withdrawn, and its words
taken out of the index. Put there from what was read, they would come back, and those of a story
that was removed by law would stay for good.

SQLite has one writer, so reading again inside the transaction is enough. On PostgreSQL the rows are
locked besides. Never waited for: who holds some hundred rows and waits for one more could keep an
editor's publication from ending, and be ended by it. What somebody else holds right now is left to
a task of some seconds later.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import connection, models
from django.utils import timezone
from wagtail.models import Page

_LATER: Final = timedelta(seconds=5)


def hold(model: type[models.Model], rows: Iterable[models.Model]) -> list[models.Model]:
    """These rows as they are now, for the caller's transaction; what is gone is left out.

    Rows of other models than pages come back as they are.
    """
    if not issubclass(model, Page):
        return list(rows)
    keys = [row.pk for row in rows]
    found = model._default_manager.filter(pk__in=keys).order_by("pk")
    if connection.features.has_select_for_update:
        # With a column of each, both tables are in the statement and both rows are locked.
        free = found.select_for_update(skip_locked=True, no_key=True)
        held = [pk for pk, _live in free.values_list("pk", "live")]
        _leave([pk for pk in keys if pk not in held], model)
        # A second statement sees what was committed before the rows were locked.
        found = found.filter(pk__in=held)
    return list(found)


def _leave(keys: list[int], model: type[models.Model]) -> None:
    """Have rows that somebody else changes now indexed when that is done, if there are any."""
    if not keys or not model._default_manager.filter(pk__in=keys).exists():
        return
    from diurna.newsroom.indexing import index_rows

    later = index_rows.using(run_after=timezone.now() + _LATER)
    later.enqueue(model._meta.label_lower, keys)
