"""Who is asking, when a proxy stands in front: `X-Forwarded-*`, from named proxies only."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

FORWARDED_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# What is left of those headers: whether there were any.
FORWARDED = "diurna.forwarded"
# And where they came from, if that is no trusted proxy: one of the three places.
STRANGER = "diurna.stranger"
THIS_MACHINE = "this machine"
PRIVATE_NETWORK = "a private network"
ELSEWHERE = "elsewhere"


class Strangers:
    """How many requests of this process brought such headers from addresses that are not trusted.

    Told apart by where they came from, and no address is kept: a proxy that nobody named in
    TRUSTED_PROXIES mostly stands on this machine or in a private network.
    """

    def __init__(self) -> None:
        self.counts = {THIS_MACHINE: 0, PRIVATE_NETWORK: 0, ELSEWHERE: 0}

    def add(self, remote: str) -> str:
        """Count a request from this address; the place it came from."""
        place = _place(remote)
        self.counts[place] += 1
        return place


strangers = Strangers()


class TrustedProxies:
    """The WSGI layer that settles REMOTE_ADDR and the scheme, and drops the headers.

    Nothing behind it sees `X-Forwarded-*`, so nothing can believe a stranger's.
    """

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        self._application = application
        self._trusted = trusted
        self._instant = getattr(application, "instant", None)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on with the client's own address and scheme."""
        brought = [name for name in FORWARDED_HEADERS if name in environ]
        # The demonstration's desk is open to this machine only, and a proxy on it looks like it.
        environ[FORWARDED] = bool(brought)
        if brought or self._trusted:
            self._settle(environ, brought)
        return self._application(environ, start_response)

    def instant(self, environ: Environ) -> Any:
        """What the application behind has ready at once, if it can have anything."""
        if self._instant is None:
            return None
        if self._trusted:
            self._settle(environ, [name for name in FORWARDED_HEADERS if name in environ])
        return self._instant(environ)

    def _settle(self, environ: Environ, brought: Sequence[str]) -> None:
        remote = str(environ.get("REMOTE_ADDR", ""))
        from_proxy = bool(self._trusted) and is_trusted(remote, self._trusted)
        if from_proxy:
            forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
            environ["REMOTE_ADDR"] = client_address(remote, forwarded, self._trusted)
            protocol = str(environ.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2].strip()
            if protocol in ("http", "https"):
                environ["wsgi.url_scheme"] = protocol
        elif brought:
            environ[STRANGER] = strangers.add(remote)
        for name in brought:
            del environ[name]


def client_address(remote: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The client's address: the last one of `X-Forwarded-For` that is no trusted proxy.

    Each proxy adds the address it saw on the right, so what stands left of the first untrusted
    address was written by the client and proves nothing. `remote` is the answer where there is no
    such address.
    """
    for hop in reversed(forwarded.split(",")):
        address = _address(hop)
        if address is None:
            break
        if not any(address in network for network in trusted):
            return str(address)
        remote = str(address)
    return remote


def is_trusted(remote: str, trusted: Sequence[Network]) -> bool:
    """Whether this address belongs to a trusted proxy."""
    address = _address(remote)
    return address is not None and any(address in network for network in trusted)


def _place(remote: str) -> str:
    address = _address(remote)
    if address is None or address.is_loopback:
        # Without an address it came through a Unix socket.
        return THIS_MACHINE
    # Carriers and clouds share 100.64.0.0/10, which is neither private nor global (RFC 6598).
    return ELSEWHERE if address.is_global else PRIVATE_NETWORK


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
