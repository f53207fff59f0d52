"""How often something may be tried, and the sentence that says when to try again.

allauth counts, by the limits in `config/settings/signin.py`; this says who counts as one, and how
long the wait is.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time
from http import HTTPStatus
from typing import Final

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

# The key of the stand-ins: in the cache only, never on disk, and another one every day.
_KEY_NAME: Final = "accounts:network-key"
_KEY_SECONDS: Final = 24 * 60 * 60
_KEY_SIZE: Final = 32
# A reader's home has a /64 of IPv6 (RFC 6177); each address in it would else be somebody new.
_IPV6_PREFIX: Final = 64
# Eight bits for fd00::/8 (RFC 4193: addresses that belong to nobody's network), 56 of the HMAC.
_STAND_IN_BYTES: Final = 7

_ACCOUNT: Final = "allauth.account"
# Which limit stands before which page; allauth answers 429 without saying which one it was.
_ACTIONS: Final = {
    "account_signup": (_ACCOUNT, "signup"),
    "account_login": (_ACCOUNT, "login"),
    "account_reset_password": (_ACCOUNT, "reset_password"),
    "account_reset_password_from_key": (_ACCOUNT, "reset_password_from_key"),
    "account_change_password": (_ACCOUNT, "change_password"),
    "account_set_password": (_ACCOUNT, "change_password"),
    "account_email": (_ACCOUNT, "manage_email"),
    "account_reauthenticate": (_ACCOUNT, "reauthenticate"),
    "mfa_login_webauthn": ("allauth.mfa", "webauthn_login"),
}
# Where nothing better is known.
_DEFAULT_SECONDS: Final = 5 * 60


def stand_in(address: str) -> str:
    """An IPv6 address that stands for this network address for a day and leads nowhere.

    allauth takes it for the client's: for its limits, and for its list of sessions, where the real
    one would lie in the database for as long as the session lasts.
    """
    key: bytes = cache.get_or_set(  # type: ignore[assignment]  # the stubs fear an expired key
        _KEY_NAME, lambda: secrets.token_bytes(_KEY_SIZE), _KEY_SECONDS
    )
    digest = hmac.digest(key, _network(address).encode(), hashlib.sha256)
    return str(ipaddress.IPv6Address(b"\xfd" + digest[:_STAND_IN_BYTES] + bytes(8)))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""  # such as a Unix socket's
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)


def seconds_to_wait(
    request: HttpRequest, *, action: str, key: str | None = None, app: str = _ACCOUNT
) -> int:
    """How long until this may be tried again; 0 where it may be now."""
    now = time.time()
    longest = 0.0
    for rate in ratelimit.get_rates(app=app, action=action):
        if rate.per == "key" and key is None:
            continue
        name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)
        tries: list[float] = cache.get(name, [])  # the newest first
        if len(tries) >= rate.amount:
            longest = max(longest, tries[rate.amount - 1] + rate.duration - now)
    return math.ceil(longest)


def in_words(seconds: int) -> str:
    """When to try again, as a sentence."""
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext(
        "Please try again in a minute.", "Please try again in %(minutes)d minutes.", minutes
    ) % {"minutes": minutes}


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for who has tried too often, status 429, with the wait in words and as a header."""
    match = request.resolver_match
    app, action = _ACTIONS.get(match.url_name or "" if match else "", ("", ""))
    seconds = 0
    if action:
        address = request.POST.get("email", "").strip().lower() or None
        seconds = seconds_to_wait(request, app=app, action=action, key=address)
    seconds = seconds or _DEFAULT_SECONDS
    response = render(
        request,
        "429.html",
        {"try_again": in_words(seconds)},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    response.headers["Retry-After"] = str(seconds)
    return response
