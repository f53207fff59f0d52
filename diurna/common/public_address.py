"""Which network addresses are of the public internet, and how a host's addresses are found."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

# Prefixes that carry an IPv4 address inside an IPv6 one: RFC 6052 (NAT64) and RFC 3056 (6to4).
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Special in the registries of RFC 6890 and its successors, though older Pythons call them global:
# protocol assignments and 6to4 relays; old site-local addresses (RFC 3879), documentation
# (RFC 9637).
_SPECIAL: Final = (
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("fec0::/10"),
    ipaddress.ip_network("3fff::/20"),
)


def is_public(address: Address) -> bool:
    """Whether this is an address of the public internet, not of a house, a link or a machine."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system's resolver gives them (OSError when it has none)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_within(seconds: float, ask: Callable[[], list[str]]) -> list[str]:
    """The answer of a call that can't be interrupted; TimeoutError when it takes longer.

    The system's resolver has no time limit of its own. A daemon thread that is left to it holds
    up nothing, not even the end of the process.
    """
    answers: queue.Queue[list[str] | Exception] = queue.Queue(maxsize=1)

    def run() -> None:
        try:
            answers.put(ask())
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=run, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise TimeoutError("The resolver did not answer.") from error
    if isinstance(answer, Exception):
        raise answer
    return answer
