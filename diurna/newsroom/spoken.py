"""The newsroom's language where no request has switched it on: outside of `web.speaking`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import trans_real

from diurna.newsroom.models import NewsroomSettings


@contextmanager
def in_the_newsrooms_language() -> Iterator[None]:
    """Have sentences of the block in the newsroom's language; one query, with the first of them."""
    active = trans_real._active  # type: ignore[attr-defined]  # Django's own name
    before = getattr(active, "value", None)
    # As `web.speaking` has it.
    words: Any = SimpleLazyObject(
        lambda: trans_real.translation(NewsroomSettings.current().language)
    )
    active.value = words
    try:
        yield
    finally:
        if before is None:
            del active.value
        else:
            active.value = before
