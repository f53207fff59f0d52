"""The order and the cursor of a thread, as they stand in an address."""

import base64
import binascii
import json
import math
from datetime import UTC, datetime
from typing import Final

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from diurna.comments.threads import Cursor, Order

# Ours have about 60 characters.
_LONGEST: Final = 120
# What a database takes for the number of a row.
_LARGEST_KEY: Final = 2**63 - 1


def order_in(request: HttpRequest, usual: Order) -> Order:
    """The order that the address asks for, else the usual one; Http404 for one there is not."""
    word = request.GET.get("order")
    if word is None:
        return usual
    try:
        return Order(word)
    except ValueError as error:
        raise Http404 from error


def cursor_in(request: HttpRequest, order: Order) -> Cursor | None:
    """The cursor of the address, None without one; Http404 for one that is not of this order."""
    word = request.GET.get("cursor")
    return None if word is None else read_cursor(word, order)


def write_cursor(cursor: Cursor) -> str:
    """The cursor as a word for an address: URL-safe base64 without padding."""
    value = cursor.value
    if isinstance(value, datetime):
        value = round(value.timestamp() * 1_000_000)
    return base64.urlsafe_b64encode(json.dumps([value, cursor.pk]).encode()).decode().rstrip("=")


def read_cursor(word: str, order: Order) -> Cursor:
    """What `write_cursor` wrote; Http404 for any other word."""
    try:
        if len(word) > _LONGEST:
            raise ValueError
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if type(pk) is not int or not 0 < pk <= _LARGEST_KEY:
            raise ValueError
        return Cursor(_value(value, order), pk)
    except (ValueError, TypeError, OverflowError, OSError, binascii.Error) as error:
        raise Http404 from error


def _value(value: object, order: Order) -> datetime | float:
    if order in (Order.BEST, Order.CONTROVERSIAL):
        if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
            raise ValueError
        return float(value)  # type: ignore[arg-type]
    if type(value) is not int:
        raise ValueError
    seconds, microseconds = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def order_label(order: Order) -> str:
    """The order in a word for readers."""
    labels = {
        Order.BEST: _("Best"),
        Order.NEWEST: _("Newest"),
        Order.OLDEST: _("Oldest"),
        Order.CONTROVERSIAL: _("Controversial"),
    }
    return labels[order]
