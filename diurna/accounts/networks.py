"""From where a write comes, told apart by HMACs: no address is stored.

The key of the HMACs rotates and is deleted after 30 days (`network_models.NetworkKey`).
"""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, kw_only=True)
class Origin:
    """HMACs (64 bits, signed) of the network (/24, /48), the address and the sending site.

    None for what is not known. `rules_rest` when the rules about networks do not hold for this
    request, because behind an unnamed proxy all readers seem to be one.
    """

    network: int | None
    address: int | None
    referrer: int | None
    rules_rest: bool


def origin_of(request: HttpRequest) -> Origin:
    """Where this request comes from."""
    return Origin(network=None, address=None, referrer=None, rules_rest=True)
