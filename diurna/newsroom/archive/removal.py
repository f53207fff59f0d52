"""Kept copies go: with their source, or because nothing in the database knows the file."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from diurna.newsroom.archive import files
from diurna.newsroom.models import ArchivedCopy, Source


def delete_copies(sources: Iterable[Source]) -> int:
    """Delete the copies of these sources, files too, and the looks at their addresses; how many.

    In the caller's transaction; the files go when it has committed. The entries in the public log
    stay: without file and salt nobody can tell any more what they commit to.
    """
    with transaction.atomic():
        rows = ArchivedCopy.objects.filter(source__in=list(sources))
        paths = list(rows.values_list("path", flat=True))
        rows.delete()
        for path in paths:
            transaction.on_commit(partial(files.delete, path), robust=True)
    return len(paths)


def remove_orphans(now: datetime) -> int:
    """Take away the files that are a day old and have no row; how many."""
    count = 0
    for path in files.old_ones(now):
        if not ArchivedCopy.objects.filter(path=path).exists():
            files.delete(path)
            count += 1
    return count
