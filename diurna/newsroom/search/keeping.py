"""Keeps the index as true as the site: at once for what an editor does, in batches for more."""

from collections.abc import Iterable
from typing import Final

from django.db import connection, models, transaction
from modelsearch.backends import get_search_backends

from diurna.newsroom.models import Article
from diurna.newsroom.search.spelling import learn

# So many stories are indexed before the editor's click is answered, some milliseconds each; what a
# renamed section or person changes may be thousands, which the worker does.
AT_ONCE: Final = 10
_MAX_ROWS_A_TASK: Final = 200


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


def put(model: type[models.Model], rows: list[models.Model] | list[Article]) -> None:
    """Put rows of one model into the index as they are now."""
    if not rows:
        return
    with transaction.atomic():
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, rows)
        if model is Article:
            learn(row for row in rows if isinstance(row, Article))
