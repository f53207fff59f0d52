"""How often a network may search: enough for a school, too little to take the site down."""

import time
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from diurna.accounts.throttle import stand_in

# A search takes some hundredths of a second of one core: so many a minute are a few of a hundred.
A_MINUTE: Final = 120
# One with each pause of who types; it costs a third of a search.
SUGGESTIONS_A_MINUTE: Final = 240
_SECONDS: Final = 60


def seconds_to_wait(request: HttpRequest, *, suggests: bool = False) -> int:
    """Count this search, and say how long until one is answered; 0 where this one is.

    Suggestions are counted apart, so that who types much can still search.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    minute, second = divmod(int(time.time()), _SECONDS)
    what, most = ("suggest", SUGGESTIONS_A_MINUTE) if suggests else ("search", A_MINUTE)
    name = f"{what}:{stand_in(address)}:{minute}"
    cache.add(name, 0, 2 * _SECONDS)
    try:
        count = cache.incr(name)
    except ValueError:
        # Dropped from a full cache in between; counting starts again.
        return 0
    return _SECONDS - second if count > most else 0
