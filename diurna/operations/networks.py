"""The rules about networks in daily business: whether they rest, and keys that have had their time.

They rest when readers can't be told apart by their network, because a proxy stands in front that
TRUSTED_PROXIES does not name (`accounts.network_rests`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts import network_keys
from diurna.accounts.network_models import NetworkRest, RestReason
from diurna.operations.findings import Finding
from diurna.points import network_rest

# Ready to be copied: a proxy on the machine reaches the site by one of these.
_OWN_MACHINE: Final = "127.0.0.1,::1"


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Why the rules rest, until when (UTC), and what to do, as sentences without any address."""

    reason: RestReason
    until: datetime
    cause: str
    remedy: str


def look_for_one_address() -> None:
    """See whether nearly all votes of the last hour came from one address."""
    network_rest.look_for_one_address(timezone.now())


def forget_old_keys() -> None:
    """Delete the keys of network names that are 30 days old."""
    network_keys.forget_old_keys(timezone.now())


def rests(now: datetime) -> list[Rest]:
    """Why the rules about networks rest now; empty while they hold."""
    until = dict(NetworkRest.objects.filter(until__gt=now).values_list("reason", "until"))
    return [
        Rest(reason=reason, until=until[reason], cause=_cause(reason), remedy=_remedy(reason))
        for reason in RestReason
        if reason in until
    ]


def examine_rests() -> Iterator[Finding]:
    """D018: readers can be told apart by their network, so the rules about networks hold."""
    try:
        found = rests(timezone.now())
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    for rest in found:
        yield Finding(
            code="D018",
            subject="networks",
            well=False,
            sentence=f"The rules about networks rest until {rest.until:%H:%M} UTC: {rest.cause}"
            f" {rest.remedy}",
        )
    if not found:
        sentence = "The rules about networks hold."
        yield Finding(code="D018", subject="networks", well=True, sentence=sentence)


def _cause(reason: RestReason) -> str:
    if reason == RestReason.ONE_ADDRESS:
        return _("Nearly all votes of an hour came from one address, as they do from a proxy.")
    return _("Votes came with a proxy’s headers from an address that is not in TRUSTED_PROXIES.")


def _remedy(reason: RestReason) -> str:
    write = _(
        "If your proxy runs on this machine, set TRUSTED_PROXIES=%(own)s; if it runs elsewhere, or"
        " a CDN stands in front, name its addresses or networks there, such as"
        " TRUSTED_PROXIES=10.0.0.0/8; then start Diurna again."
    ) % {"own": _OWN_MACHINE}
    if reason == RestReason.ONE_ADDRESS:
        otherwise = _("Without any proxy it is somebody who votes many times: look at the votes.")
    elif settings.DIURNA_TRUSTED_PROXIES:
        otherwise = _("What is set there now does not name the proxy that sent them.")
    else:
        otherwise = _("Without any proxy set TRUSTED_PROXIES=%(own)s, and nobody is believed.") % {
            "own": _OWN_MACHINE
        }
    return f"{write} {otherwise}"
