"""The keys under which network addresses are told apart: a new one every 15 days, gone after 30.

Periods are counted from a fixed day, so that all processes mean the same key without asking each
other; the row's unique beginning decides who makes it. For the second half of its life a key only
recognises what was written under it.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from diurna.accounts.ledger_names import new_key
from diurna.accounts.network_models import NetworkKey

KEY_USED: Final = timedelta(days=15)
KEY_KEPT: Final = 2 * KEY_USED
_FIRST_PERIOD: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key for what is written now, and the one before it; None where nothing was written."""

    current: bytes
    earlier: bytes | None
    since: datetime
    until: datetime


_making = threading.Lock()
_kept: Keys | None = None


def keys_at(now: datetime) -> Keys:
    """The keys of this moment, made at the first use and then kept in the process."""
    global _kept
    keys = _kept
    if keys is not None and keys.since <= now < keys.until:
        return keys
    if transaction.get_connection().in_atomic_block:
        # A key whose row is not committed may be another one in the next process.
        return _stored(now)
    with _making:
        if _kept is None or not _kept.since <= now < _kept.until:
            _kept = _stored(now)
        return _kept


def began_at(now: datetime) -> datetime:
    """Since when what is written has been told apart by the same key."""
    return _FIRST_PERIOD + (now - _FIRST_PERIOD) // KEY_USED * KEY_USED


def forget_old_keys(now: datetime) -> int:
    """Delete the keys that are 30 days old; how many went."""
    deleted, _by_model = NetworkKey.objects.filter(began_at__lte=now - KEY_KEPT).delete()
    return deleted


def _stored(now: datetime) -> Keys:
    since = began_at(now)
    current, _created = NetworkKey.objects.get_or_create(
        began_at=since, defaults={"key": new_key()}
    )
    earlier = NetworkKey.objects.filter(began_at=since - KEY_USED).first()
    return Keys(
        current=bytes(current.key),
        earlier=bytes(earlier.key) if earlier else None,
        since=since,
        until=since + KEY_USED,
    )
