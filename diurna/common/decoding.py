"""Pictures are decoded in turn: sixty at once would fill the memory of a process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from diurna.common.errors import Invalid


@contextmanager
def in_turn(turn: threading.Lock, patience: float) -> Iterator[None]:
    """Have the turn for the length of the block; Invalid if it does not come in so many seconds."""
    if not turn.acquire(timeout=patience):
        raise Invalid(_("Many pictures came at once. Please try again in a minute."))
    try:
        yield
    finally:
        turn.release()
