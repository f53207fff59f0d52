"""When the rules about networks rest, because behind a proxy all readers seem to be one.

Every process keeps in memory until when they rest, and looks at the table every few seconds; a row
is written when a rest begins, and every few minutes while its reason goes on.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from diurna.accounts.network_models import NetworkRest, RestReason

# From the last sign of a proxy that nobody named.
REST: Final = timedelta(hours=1)
# What another process found is known here within so long.
_LOOK_AGAIN: Final = timedelta(seconds=5)
# A rest that goes on is written down so often; it may end earlier by as much.
_WRITE_AGAIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Until when the rules rest, by reason, as the table said at `looked`."""

    looked: datetime
    until: dict[str, datetime]


_looking = threading.Lock()
_seen: _Seen | None = None


def network_rules_rest(now: datetime) -> RestReason | None:
    """Why the rules about networks rest at this moment; None while they hold."""
    until = _until_by_reason(now)
    return next((reason for reason in RestReason if until.get(reason, now) > now), None)


def let_rules_rest(reason: RestReason, now: datetime) -> None:
    """Let the rules about networks rest for an hour from now; they may rest already."""
    global _seen
    known = _until_by_reason(now)
    if known.get(reason, now) - now > REST - _WRITE_AGAIN:
        return
    until = now + REST
    with transaction.atomic():
        same_rest = NetworkRest.objects.filter(reason=reason, until__gt=now)
        if not same_rest.update(until=until):
            NetworkRest.objects.update_or_create(
                reason=reason, defaults={"since": now, "until": until}
            )
    is_committed = not transaction.get_connection().in_atomic_block
    _seen = _Seen(now, {**known, reason: until}) if is_committed else None


def forget_what_was_seen() -> None:
    """Look at the table again at the next question."""
    global _seen
    _seen = None


def _until_by_reason(now: datetime) -> dict[str, datetime]:
    global _seen
    seen = _seen
    if seen is not None and abs(now - seen.looked) < _LOOK_AGAIN:
        return seen.until
    if transaction.get_connection().in_atomic_block:
        # What is read here may be rolled back: nothing to keep for others.
        return _stored()
    # One thread looks; the others go on with what was known, if anything was.
    if _looking.acquire(blocking=seen is None):
        try:
            _seen = seen = _Seen(now, _stored())
        finally:
            _looking.release()
    return seen.until if seen is not None else {}


def _stored() -> dict[str, datetime]:
    return dict(NetworkRest.objects.values_list("reason", "until"))
