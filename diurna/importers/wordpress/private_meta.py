"""Which meta data of an item is kept: no caches of the old site, nothing that tells on people."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from diurna.importers.wordpress.snax import FAKE_PREFIXES

# Caches and locks of the old site, which mean nothing elsewhere, and numbers that were made up.
_DROPPED: Final = (
    "_oembed_",
    "_edit_last",
    "_edit_lock",
    "_encloseme",
    "_pingme",
    "_publicize_",
    *FAKE_PREFIXES,
)
# Network addresses are never kept, e-mail addresses of people not either.
_PRIVATE: Final = re.compile(
    r"(?:^|[_-])(?:ips?|ip_?addr(?:ess)?|remote_addr|user_?agent|user_email|billing_\w+|shipping_\w+)$",
    re.IGNORECASE,
)


def kept_meta(meta: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The meta data that goes with an import record, in its order."""
    return [
        (key, value)
        for key, value in meta
        if not key.startswith(_DROPPED) and not _PRIVATE.search(key) and not _is_network(value)
    ]


def _is_network(value: str) -> bool:
    text = value.strip()
    if not 3 <= len(text) <= 45 or text.isdecimal():
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
