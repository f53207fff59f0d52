"""Surrogate keys: the names under which a finished page can be found again and dropped.

A view names the keys of what it shows with `tag(response, ...)`; an action that changes something
calls `touch(...)` with the same words, and once it is committed every process of this machine
drops the pages, or draws them again in a moment (`delivery.store`).
"""

import threading
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase

from diurna.delivery import purge
from diurna.delivery.touches import EVERYTHING, NAME, Touch, TouchRing, hash_of

HEADER = "Surrogate-Key"
# From a view to the store, and never further: how many seconds the page may be kept at most.
EXPIRES_HEADER: Final = "X-Diurna-Expires-In"
# Its reader has just written something: what is stale is not good enough for him. Says nothing
# else, and is gone after moments.
WROTE_COOKIE: Final = "diurna_wrote"
_WROTE_SECONDS: Final = 3
# An import touches every article there is, and a site that is served does so in time.
MAX_COUNTED = 10_000

_touched: Counter[str] = Counter()
_lock = threading.Lock()


def tag(response: HttpResponseBase, *keys: str) -> HttpResponseBase:
    """Add keys to the response's `Surrogate-Key`, sorted and without repeats."""
    present = response.headers.get(HEADER, "").split()
    response.headers[HEADER] = " ".join(sorted({*present, *keys}))
    return response


def expires(response: HttpResponseBase, *, seconds: float) -> HttpResponseBase:
    """Let the page be kept for so many seconds at most, since the clock alone changes it then."""
    stated = response.headers.get(EXPIRES_HEADER)
    least = max(0.0, seconds if stated is None else min(seconds, float(stated)))
    response.headers[EXPIRES_HEADER] = f"{least:.3f}"
    return response


def wrote(response: HttpResponseBase) -> None:
    """Let the reader who gets this answer see no page from before what was touched by then.

    For a few seconds; `wrote` says for which writes that is his own.
    """
    response.set_cookie(
        WROTE_COOKIE,
        "1",
        max_age=_WROTE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def touch(*keys: str, soft: bool = False) -> None:
    """Say that everything shown under these keys has changed, once the transaction commits.

    The pages are dropped at once on this machine, before the caller goes on. Soft ones (points and
    the like, which readers change by the hundred) may be shown for a second more, while one new
    page is drawn.
    """
    transaction.on_commit(lambda: _tell(keys, soft=soft))


def touch_everything() -> None:
    """Say that anything may have changed: after an import, a restore, a change of templates."""
    touch(EVERYTHING)


@cache
def ring_at(home: Path) -> TouchRing:
    """This process's view of an installation's ring of touches, and of other machines'."""
    ring = TouchRing(home / "run" / NAME)
    url = settings.ENVIRONMENT.cache_url
    if url is None:
        ring.know(0)
    else:
        # Only here: the client of Valkey takes a while to load, and most sites have none.
        from diurna.delivery import relay

        relay.start(ring.path, url)
    return ring


def touched() -> dict[str, int]:
    """How often each key was touched in this process; beyond `MAX_COUNTED`, old ones are gone."""
    with _lock:
        return dict(_touched)


def _tell(keys: Iterable[str], *, soft: bool) -> None:
    _record(keys)
    ring_at(settings.DIURNA_HOME).write([Touch(hash_of(key), soft) for key in keys])
    if not soft:
        purge.hard(keys)


def _record(keys: Iterable[str]) -> None:
    with _lock:
        _touched.update(keys)
        if len(_touched) > MAX_COUNTED:
            for key in list(_touched)[: MAX_COUNTED // 2]:
                del _touched[key]
