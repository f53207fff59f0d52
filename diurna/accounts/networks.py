"""From where a write comes, told apart by HMACs: no address is stored.

The key of the HMACs rotates and is deleted after 30 days (`network_keys`). Where no proxy is named
in TRUSTED_PROXIES and one stands in front all the same, or the wrong one is named, all readers come
from its address: then the rules about networks rest (`network_rests`).
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from diurna.accounts.network_keys import keys_at
from diurna.accounts.network_models import RestReason
from diurna.accounts.network_rests import let_rules_rest, network_rules_rest
from diurna.delivery.proxies import ELSEWHERE, STRANGER

__all__ = ["Origin", "names_of_network", "network_rules_rest", "origin_in", "origin_of"]

# /24 of IPv4 and /48 of IPv6: what one household, office or small host has at most.
_NETWORK_BYTES: Final = {4: 3, 6: 6}
_HMAC_BYTES: Final = 8
# A name in the DNS has at most so many characters (RFC 1035, 2.3.4).
_HOST_LENGTH: Final = 253
# The page's script says in `Came-From` which site's link opened the page (`document.referrer`): the
# request itself always comes from a page of ours, or it is refused.
_CAME_FROM: Final = "HTTP_CAME_FROM"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """HMACs (64 bits, signed) of the network (/24, /48), the address and the sending site.

    None for what is not known. `earlier_network` is the network's under the key before: what was
    stored up to 30 days ago is found under either. `rules_rest` when the rules about networks do
    not hold for this request, because behind an unnamed proxy all readers seem to be one.
    """

    network: int | None
    address: int | None
    referrer: int | None
    rules_rest: bool
    earlier_network: int | None = None


def origin_of(request: HttpRequest) -> Origin:
    """Where this (writing) request comes from; a proxy that nobody named lets the rules rest."""
    return origin_in(request.META, request.get_host)


def origin_in(meta: Mapping[str, Any], own_host: Callable[[], str]) -> Origin:
    """The same of a request that is no more than its WSGI environment."""
    now = timezone.now()
    if _comes_from_unnamed_proxy(meta):
        let_rules_rest(RestReason.FORWARDED, now)
    keys = keys_at(now)
    address = _address(meta)
    network = None if address is None else address.packed[: _NETWORK_BYTES[address.version]]
    return Origin(
        network=_hmac(keys.current, b"network", network),
        earlier_network=_hmac(keys.earlier, b"network", network),
        address=_hmac(keys.current, b"address", address.packed if address is not None else None),
        referrer=_hmac(keys.current, b"site", _sending_site(meta, own_host)),
        rules_rest=network_rules_rest(now) is not None,
    )


def names_of_network(network: IPv4Network | IPv6Network, now: datetime) -> frozenset[int]:
    """The HMACs of what comes from this network (a /24 or /48), under the key now and the last."""
    keys = keys_at(now)
    packed = network.network_address.packed[: _NETWORK_BYTES[network.version]]
    found = (_hmac(key, b"network", packed) for key in (keys.current, keys.earlier))
    return frozenset(name for name in found if name is not None)


def _comes_from_unnamed_proxy(meta: Mapping[str, Any]) -> bool:
    """Whether forwarded headers came from somebody who may well be a proxy of ours.

    With TRUSTED_PROXIES set, a public address elsewhere is somebody who tries.
    """
    place = meta.get(STRANGER)
    return place is not None and (place != ELSEWHERE or not settings.DIURNA_TRUSTED_PROXIES)


def _address(meta: Mapping[str, Any]) -> IPv4Address | IPv6Address | None:
    """The client's address; None through a Unix socket."""
    try:
        address = ip_address(str(meta.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _sending_site(meta: Mapping[str, Any], own_host: Callable[[], str]) -> bytes | None:
    """The host of another site whose link brought the reader here."""
    for told in (meta.get("HTTP_REFERER"), meta.get(_CAME_FROM)):
        if not told or told.startswith(f"{settings.DIURNA_SITE_URL}/"):
            # Nearly every vote: the page that it comes from is ours.
            continue
        host = _host(told if "//" in told else f"//{told}")
        own = (_host(settings.DIURNA_SITE_URL), _host(f"//{own_host()}"))
        if host and host not in own:
            return host.encode()
    return None


def _host(address: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if len(host) <= _HOST_LENGTH else ""


def _hmac(key: bytes | None, purpose: bytes, what: bytes | None) -> int | None:
    """64 bits of HMAC-SHA256, as a signed number that both databases store."""
    if key is None or what is None:
        return None
    digest = hmac.digest(key, purpose + b":" + what, hashlib.sha256)
    return int.from_bytes(digest[:_HMAC_BYTES], "big", signed=True)
