"""Rows that could not be indexed: said by name, and tried again later and later."""

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils import timezone

from diurna.newsroom.models import SearchSkipped
from diurna.newsroom.models.search import LONGEST_NAME, LONGEST_REASON

logger = logging.getLogger(__name__)

# What was in the way for a moment is over by then; what is wrong with a story waits for its editor.
FIRST: Final = timedelta(minutes=2)
LATEST: Final = timedelta(days=1)
# Tried in one task, so that some thousands of them are no more work than one.
AT_ONCE: Final = 50
_DOUBLINGS: Final = 12


def note(row: models.Model, error: Exception) -> None:
    """Remember that a row could not be indexed; it is tried again, after twice as long each time.

    Raises what the database raises: if nothing can be written, nothing is wrong with the row.
    """
    label = row._meta.label_lower
    before = SearchSkipped.objects.filter(model=label, key=row.pk).values_list("tries", flat=True)
    tries = (before.first() or 0) + 1
    SearchSkipped.objects.update_or_create(
        model=label,
        key=row.pk,
        defaults={
            "name": str(row)[:LONGEST_NAME],
            "reason": f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_REASON],
            "tries": min(tries, 1000),
            "next_at": timezone.now() + wait_after(tries),
        },
    )
    logger.error("“%s” could not be indexed; it is tried again.", row, exc_info=error)


def wait_after(tries: int) -> timedelta:
    """How long a row waits that could not be indexed so many times (1 or more)."""
    return min(FIRST * 2 ** min(tries - 1, _DOUBLINGS), LATEST)


def forget(label: str, keys: Collection[int]) -> None:
    """These rows are indexed now, or are gone."""
    SearchSkipped.objects.filter(model=label, key__in=keys).delete()


def due(now: datetime) -> dict[str, list[int]]:
    """The keys of rows that are to be tried again, by their models; at most `AT_ONCE`."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = SearchSkipped.objects.filter(next_at__lte=now).order_by("next_at")
    for label, key in rows.values_list("model", "key")[:AT_ONCE]:
        found[label].append(key)
    return dict(found)
