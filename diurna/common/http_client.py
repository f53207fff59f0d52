"""The one way in which Diurna asks another machine for something.

An address that came from outside (an export, a citation, an embed) may point back into the
newsroom's own network. So every address is resolved first, every answer of the resolver must be
a public one, the connection goes to exactly the address that was checked, and each redirect is
checked again (OWASP, "Server-Side Request Forgery Prevention"). Size and time are capped, and a
host that did not answer is not asked again by the same client.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Final
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from urllib3.util import Timeout

from diurna.common.errors import DiurnaError

USER_AGENT: Final = "Diurna/0.1 (a newsroom; fetches what its editors refer to)"
# A large press photograph is 20 MB; nothing that Diurna asks for is larger.
MAX_BYTES: Final = 32_000_000
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
# For one address altogether, redirects included: a server that drips bytes holds nobody longer.
TOTAL_SECONDS: Final = 30.0
MAX_REDIRECTS: Final = 5
_PORTS: Final = {"http": 80, "https": 443}
_CHUNK: Final = 65_536
# Prefixes that carry an IPv4 address inside an IPv6 one: RFC 6052 (NAT64) and RFC 3056 (6to4).
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


class FetchFailed(DiurnaError):
    """Another machine could not be asked, or what it said cannot be used."""

    code = "fetch_failed"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_GATEWAY


class HostUnreachable(FetchFailed):
    """The host has no address or does not answer; asking again at once would not help."""

    code = "host_unreachable"


class AddressRefused(FetchFailed):
    """The address points to a place where Diurna does not go."""

    code = "address_refused"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: the final address, its headers (names in lower case), the body."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


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
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system's resolver gives them (OSError when it has none)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedClient:
    """Fetches public addresses only; remembers for its life which hosts did not answer.

    `resolver` and `allow` exist for tests, which serve from loopback: `allow` says of a resolved
    address whether it may be connected to, `ports` which ports beside 80 and 443 may be used.
    """

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BYTES,
        total_seconds: float = TOTAL_SECONDS,
        resolver: Resolver = resolve,
        allow: Callable[[Address], bool] = is_public,
        ports: frozenset[int] = frozenset(),
        ca_certs: str | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._total_seconds = total_seconds
        self._resolver = resolver
        self._allow = allow
        self._ports = ports
        self._ca_certs = ca_certs
        self._silent_hosts: dict[str, str] = {}

    @property
    def silent_hosts(self) -> Mapping[str, str]:
        """The hosts that did not answer, each with the sentence that says why."""
        return dict(self._silent_hosts)

    def fetch(self, url: str) -> Fetched:
        """The answer to a GET of this address; `FetchFailed` or a kin of it, as one sentence."""
        deadline = time.monotonic() + self._total_seconds
        for _ in range(MAX_REDIRECTS + 1):
            outcome = self._fetch_once(url, deadline)
            if isinstance(outcome, Fetched):
                return outcome
            url = outcome
        raise FetchFailed(f"{_shown(url)} was forwarded more than {MAX_REDIRECTS} times.")

    def _fetch_once(self, url: str, deadline: float) -> Fetched | str:
        parts, host, port = self._checked(url)
        if reason := self._silent_hosts.get(host):
            raise HostUnreachable(reason)
        address = self._address(host, port, deadline)
        try:
            return self._ask(url, parts, host, port, address, deadline)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as e:
            raise self._silent(host, f"{host} does not answer.") from e
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchFailed(
                f"{_shown(url)} could not be fetched: {type(error).__name__}."
            ) from error

    def _checked(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
            host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        except (ValueError, UnicodeError) as error:
            raise AddressRefused(f"{_shown(url)} is not an address.") from error
        if parts.scheme not in _PORTS or not host:
            raise AddressRefused(f"{_shown(url)} is not an address on the web.")
        if parts.username or parts.password:
            raise AddressRefused(f"{host} is given with a name or password, which is not sent.")
        if port not in self._ports | {80, 443}:
            raise AddressRefused(f"{host} is given with port {port}; only 80 and 443 are asked.")
        return parts, host, port

    def _address(self, host: str, port: int, deadline: float) -> str:
        """One checked address of the host; every address that it has must be allowed."""
        wait = min(CONNECT_SECONDS, max(0.0, deadline - time.monotonic()))
        try:
            found = _within(wait, lambda: self._resolver(host, port))
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        except (OSError, ValueError) as error:
            raise self._silent(
                host, f"{host} has no address that this machine can find."
            ) from error
        if not addresses or not all(self._allow(address) for address in addresses):
            raise AddressRefused(f"{host} is not on the public internet, so it is not asked.")
        return str(addresses[0])

    def _silent(self, host: str, reason: str) -> HostUnreachable:
        self._silent_hosts[host] = reason
        return HostUnreachable(reason)

    def _ask(
        self, url: str, parts: SplitResult, host: str, port: int, address: str, deadline: float
    ) -> Fetched | str:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host_header = host if port == _PORTS[parts.scheme] else f"{host}:{port}"
        with self._pool(parts.scheme, host, port, address) as pool:
            answer = pool.request(
                "GET",
                target,
                headers={
                    "Host": host_header,
                    "User-Agent": USER_AGENT,
                    # Compressed bodies could grow a thousandfold after the cap was checked.
                    "Accept-Encoding": "identity",
                },
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status in {301, 302, 303, 307, 308} and "location" in headers:
                return urljoin(url, headers["location"])
            if answer.status != HTTPStatus.OK:
                raise FetchFailed(f"{_shown(url)} answered with status {answer.status}.")
            if headers.get("content-encoding", "identity") != "identity":
                raise FetchFailed(
                    f"{_shown(url)} was sent compressed although it was not asked to."
                )
            body = b"".join(self._chunks(answer, url, deadline))
        return Fetched(url=url, headers=headers, body=body)

    def _pool(self, scheme: str, host: str, port: int, address: str) -> urllib3.HTTPConnectionPool:
        timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        if scheme == "http":
            return urllib3.HTTPConnectionPool(address, port, timeout=timeout, maxsize=1)
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            maxsize=1,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._ca_certs,
            server_hostname=host,
            assert_hostname=host,
        )

    def _chunks(
        self, answer: urllib3.BaseHTTPResponse, url: str, deadline: float
    ) -> Iterator[bytes]:
        size = 0
        for chunk in answer.stream(_CHUNK, decode_content=False):
            size += len(chunk)
            if size > self._max_bytes:
                raise FetchFailed(
                    f"{_shown(url)} is larger than {self._max_bytes // 1_000_000} million bytes."
                )
            if time.monotonic() > deadline:
                raise FetchFailed(
                    f"{_shown(url)} took longer than {self._total_seconds:.0f} seconds."
                )
            yield chunk


def _within(seconds: float, ask: Callable[[], list[str]]) -> list[str]:
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


def _shown(url: str) -> str:
    return url if len(url) <= 200 else url[:200] + "…"
