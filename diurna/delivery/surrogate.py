"""Surrogate keys: the names under which a finished page can be found again and dropped.

A view names the keys of what it shows with `tag(response, ...)`; an action that changes something
calls `touch(...)` with the same words. Until the page store exists, `touch` only records the keys
(for the tests and the metrics): nothing is kept, so nothing can be stale.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.http import HttpResponseBase

HEADER = "Surrogate-Key"
# An import touches every article there is, and a site that is served does so in time.
MAX_COUNTED = 10_000

_touched: Counter[str] = Counter()
_lock = threading.Lock()


def tag(response: HttpResponseBase, *keys: str) -> HttpResponseBase:
    """Add keys to the response's `Surrogate-Key`, sorted and without repeats."""
    present = response.headers.get(HEADER, "").split()
    response.headers[HEADER] = " ".join(sorted({*present, *keys}))
    return response


def touch(*keys: str) -> None:
    """Say that everything shown under these keys has changed, once the transaction commits."""
    transaction.on_commit(lambda: _record(keys))


def touched() -> dict[str, int]:
    """How often each key was touched in this process; beyond `MAX_COUNTED`, old ones are gone."""
    with _lock:
        return dict(_touched)


def _record(keys: Iterable[str]) -> None:
    with _lock:
        _touched.update(keys)
        if len(_touched) > MAX_COUNTED:
            for key in list(_touched)[: MAX_COUNTED // 2]:
                del _touched[key]
