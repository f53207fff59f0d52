"""Keeps the index as true as the site: at once for what an editor does, in batches for more."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.apps import apps
from django.db import connection, models, transaction
from modelsearch.backends import get_search_backend, get_search_backends_with_name

from diurna.newsroom.models import Article
from diurna.newsroom.search import skipped
from diurna.newsroom.search.spelling import learn
from diurna.newsroom.search.text import said_once

# So many stories are indexed before the editor's click is answered, some milliseconds each; what a
# renamed section or person changes may be thousands, which the worker does.
AT_ONCE: Final = 10
_MAX_ROWS_A_TASK: Final = 200
# Of one transaction: on SQLite every other writer waits for its end, some hundredths of a second.
PORTION: Final = 8


class _AfterCommit:
    """What is done after the present transaction, for all stories that it changed."""

    def __init__(self) -> None:
        self.keys: dict[int, None] = {}
        self.is_done = False

    def __call__(self) -> None:
        self.is_done = True
        keys = list(self.keys)
        if len(keys) <= AT_ONCE:
            index_articles(keys)
            return
        from diurna.newsroom.indexing import index_rows

        for start in range(0, len(keys), _MAX_ROWS_A_TASK):
            index_rows.enqueue(Article._meta.label_lower, keys[start : start + _MAX_ROWS_A_TASK])


def index_soon(article: Article) -> None:
    """Have a story found as it is now, or not found any more, once the transaction commits.

    A reader who types its headline in the moment after the click finds it. Wagtail's own task for
    the same row comes a second or two later and changes nothing; it is there for the case that this
    process ends in between.
    """
    for hook in connection.run_on_commit:
        work = hook[1]
        if isinstance(work, _AfterCommit) and not work.is_done:
            work.keys[int(article.pk)] = None
            return
    work = _AfterCommit()
    work.keys[int(article.pk)] = None
    # `robust`: the story is published, whatever becomes of the index; the error is logged.
    transaction.on_commit(work, robust=True)


def index_articles(keys: Iterable[int]) -> int:
    """Index these stories now; how many there are."""
    rows = list(Article.objects.filter(pk__in=list(keys)).order_by("pk"))
    put(Article, rows)
    return len(rows)


def put(model: type[models.Model], rows: Sequence[models.Model]) -> int:
    """Put rows of one model into the index as they are now; how many could be put there.

    `PORTION` of them in a transaction, so that others may write in between. A row that can't be
    indexed holds up none of the others: it is noted (`skipped`).
    """
    portions = (rows[start : start + PORTION] for start in range(0, len(rows), PORTION))
    return sum(_put_some(model, some) for some in portions)


def _put_some(model: type[models.Model], rows: Sequence[models.Model]) -> int:
    try:
        _put_together(model, rows)
    except Exception as error:  # noqa: BLE001  (whatever is wrong with a row is noted)
        if len(rows) > 1:
            half = len(rows) // 2
            return _put_some(model, rows[:half]) + _put_some(model, rows[half:])
        # Logged there; it raises where the database itself is what fails.
        skipped.note(rows[0], error)
        return 0
    skipped.forget(model._meta.label_lower, [row.pk for row in rows])
    return len(rows)


def try_again(now: datetime) -> int:
    """Index the rows whose time has come that could not be indexed before; how many now could."""
    done = 0
    for label, keys in skipped.due(now).items():
        model = apps.get_model(label)
        rows = list(model._default_manager.filter(pk__in=keys).order_by("pk"))
        skipped.forget(label, set(keys) - {row.pk for row in rows})
        done += sum(put(model, [row]) for row in rows)
    return done


def _put_together(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Put rows into the index that readers ask, all or none; then into others that are set."""
    with transaction.atomic(), said_once():
        get_search_backend().add_bulk(model, rows)
        if model is Article:
            # Read again, as the index has them.
            keys = [row.pk for row in rows]
            learn(Article.objects.live().filter(pk__in=keys).defer("body"))
    for name, backend in get_search_backends_with_name(with_auto_update=True):
        if name != "default":
            # A server that is away keeps nothing from being found here: it is tried again.
            backend.add_bulk(model, rows)
