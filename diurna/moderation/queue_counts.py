"""How many things wait, counted once for each page of the desk: the menu shows it everywhere."""

from typing import Final

from django.http import HttpRequest

from diurna.moderation.queue import Waiting, waiting

_KEPT: Final = "_diurna_waiting"


def counted(request: HttpRequest) -> Waiting:
    """What waits of all readers, as when this request first asked."""
    known: Waiting | None = getattr(request, _KEPT, None)
    if known is None:
        known = waiting()
        setattr(request, _KEPT, known)
    return known
