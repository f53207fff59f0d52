"""The one way in which Diurna asks another machine for something.

An address that came from outside (an export, a citation, an embed) may point back into the
newsroom's own network. So every address is resolved first, every answer of the resolver must be
a public one, the connection goes to exactly the address that was checked, and each redirect is
checked again (OWASP, "Server-Side Request Forgery Prevention"). Size and time are capped, and a
host that did not answer is not asked again by the same client.
"""

import ipaddress
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import BinaryIO, ClassVar, Final, TypeVar
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

import urllib3
from urllib3.util import Timeout

from diurna.common.errors import DiurnaError
from diurna.common.public_address import Address, Resolver, is_public, resolve, resolve_within

__all__ = [
    "Address",
    "AddressRefused",
    "FetchFailed",
    "Fetched",
    "GuardedClient",
    "HostUnreachable",
    "Resolver",
    "UnwantedStatus",
    "is_public",
    "resolve",
]

USER_AGENT: Final = "Diurna/0.1 (a newsroom; fetches what its editors refer to)"
# A large press photograph is 20 MB; nothing that Diurna holds in memory is larger.
MAX_BYTES: Final = 32_000_000
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
# For one address altogether, redirects included: a server that drips bytes holds nobody longer.
TOTAL_SECONDS: Final = 30.0
MAX_REDIRECTS: Final = 5
_LEAST_SECONDS: Final = 0.001
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PORTS: Final = {"http": 80, "https": 443}
_CHUNK: Final = 65_536
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-")

Result = TypeVar("Result")


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


class UnusableAnswer(FetchFailed):
    """What came is of no use (too large, compressed unasked), and would be the same again."""

    code = "unusable_answer"


class UnwantedStatus(FetchFailed):
    """The server answered, but not with what was asked for.

    `answered` is its status, `wait` the seconds that it asks to be left alone (`Retry-After`).
    """

    code = "unwanted_status"

    def __init__(self, message: str, answered: int, wait: float | None = None) -> None:
        super().__init__(message)
        self.answered = answered
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: the final address, its headers (names in lower case), the body.

    `body` is empty for a download, whose bytes are in the file.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def validator(self) -> str:
        """What `If-Range` takes (RFC 9110, 13.1.5): a strong tag, else a date; else empty."""
        tag = self.headers.get("etag", "")
        return tag if tag.startswith('"') else self.headers.get("last-modified", "")


@dataclass(frozen=True, slots=True)
class _Request:
    """One fetch with its limits; `deadline` on the monotonic clock. With a `body` it is a POST."""

    seconds: float
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = 0.0
    body: bytes | None = field(default=None, repr=False)

    @property
    def left(self) -> float:
        """Seconds until the deadline; a little more than none, since none would mean no limit."""
        return max(_LEAST_SECONDS, self.deadline - time.monotonic())


class _Answer:
    """A server's answer whose body has not been read."""

    def __init__(
        self, url: str, raw: urllib3.BaseHTTPResponse, headers: Mapping[str, str], limits: _Request
    ) -> None:
        self.url = url
        self.raw = raw
        self.headers = headers
        self._limits = limits

    def chunks(self, size: int = 0) -> Iterator[bytes]:
        """The body, as long as it keeps the limits; `size` bytes are there already."""
        for chunk in self.raw.stream(_CHUNK, decode_content=False):
            size += len(chunk)
            if size > self._limits.max_bytes:
                raise UnusableAnswer(
                    f"{_shown(self.url)} is larger than "
                    f"{self._limits.max_bytes // 1_000_000} million bytes."
                )
            if time.monotonic() > self._limits.deadline:
                raise FetchFailed(
                    f"{_shown(self.url)} took longer than {self._limits.seconds:.0f} seconds."
                )
            yield chunk


class GuardedClient:
    """Fetches public addresses only; remembers for its life which hosts did not answer.

    Several threads may use one client. `patience` is how often in a row a host may not answer until
    it is left alone. `resolver` and `allow` exist for tests, which serve from loopback: `allow`
    says of a resolved address whether it may be connected to, `ports` which ports beside 80 and 443
    may be used.
    """

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BYTES,
        total_seconds: float = TOTAL_SECONDS,
        user_agent: str = USER_AGENT,
        patience: int = 1,
        resolver: Resolver = resolve,
        allow: Callable[[Address], bool] = is_public,
        ports: frozenset[int] = frozenset(),
        ca_certs: str | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._total_seconds = total_seconds
        self._user_agent = user_agent
        self._patience = patience
        self._resolver = resolver
        self._allow = allow
        self._ports = ports
        self._ca_certs = ca_certs
        self._lock = threading.Lock()
        self._silences: dict[str, int] = {}
        self._silent_hosts: dict[str, str] = {}

    @property
    def silent_hosts(self) -> Mapping[str, str]:
        """The hosts that did not answer, each with the sentence that says why."""
        with self._lock:
            return dict(self._silent_hosts)

    def fetch(self, url: str) -> Fetched:
        """The answer to a GET of this address; `FetchFailed` or a kin of it, as one sentence."""
        return self._follow(url, _Request(self._total_seconds, self._max_bytes), _whole)

    def post_form(self, url: str, fields: Mapping[str, str]) -> Fetched:
        """The answer to a form that is sent to this address; raises like `fetch`.

        No redirect is followed: what is sent is meant for this host alone.
        """
        wanted = _Request(
            self._total_seconds,
            self._max_bytes,
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
            body=urlencode(fields, errors="replace").encode("ascii"),
        )
        return self._follow(url, wanted, _whole)

    def download(
        self,
        url: str,
        file: BinaryIO,
        *,
        max_bytes: int,
        seconds: float,
        validator: str = "",
        begun: Callable[[Fetched], None] = lambda _: None,
    ) -> Fetched:
        """Fetch this address into `file`, and go on where the file ends if the server still can.

        `validator` is that of the answer which the file's bytes came from; without one the file is
        begun anew. `begun` is told the answer before its first byte is written. Raises like
        `fetch`; what had come by then is left in the file.
        """
        offset = file.seek(0, 2) if validator else 0
        headers = {"Range": f"bytes={offset}-", "If-Range": validator} if offset else {}

        def into_file(answer: _Answer) -> Fetched:
            start = _start_of(answer, offset)
            file.seek(start)
            file.truncate()
            told = Fetched(answer.url, answer.headers, b"")
            begun(told)
            for chunk in answer.chunks(start):
                file.write(chunk)
            return told

        return self._follow(url, _Request(seconds, max_bytes, headers), into_file)

    def _follow(self, url: str, wanted: _Request, use: Callable[[_Answer], Result]) -> Result:
        """What `use` makes of the answer at the end of the redirects."""
        limits = replace(wanted, deadline=time.monotonic() + wanted.seconds)
        for _ in range(MAX_REDIRECTS + 1):
            forwarded, result = self._once(url, limits, use)
            if result is not None:
                return result
            url = forwarded
        raise FetchFailed(f"{_shown(url)} was forwarded more than {MAX_REDIRECTS} times.")

    def _once(
        self, url: str, limits: _Request, use: Callable[[_Answer], Result]
    ) -> tuple[str, Result | None]:
        parts, host, port = self._checked(url)
        with self._lock:
            reason = self._silent_hosts.get(host)
        if reason:
            raise HostUnreachable(reason)
        address = self._address(host, port, limits.deadline)
        try:
            with self._pool(parts.scheme, host, port, address, limits) as pool:
                answer = self._request(pool, url, parts, host, port, limits)
                with self._lock:
                    self._silences.pop(host, None)
                # Closing the pool leaves the connection of a body that was not read to its end.
                with closing(answer.raw):
                    status, location = answer.raw.status, answer.headers.get("location")
                    if status in _REDIRECTS and location is not None and limits.body is None:
                        return urljoin(url, location), None
                    return url, use(answer)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as e:
            raise self._silent(host, f"{host} does not answer.") from e
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
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
            found = resolve_within(wait, lambda: self._resolver(host, port))
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        except (OSError, ValueError) as error:
            raise self._silent(
                host, f"{host} has no address that this machine can find."
            ) from error
        if not addresses or not all(self._allow(address) for address in addresses):
            raise AddressRefused(f"{host} is not on the public internet, so it is not asked.")
        return str(addresses[0])

    def _silent(self, host: str, reason: str) -> HostUnreachable:
        with self._lock:
            self._silences[host] = self._silences.get(host, 0) + 1
            if self._silences[host] >= self._patience:
                self._silent_hosts[host] = reason
        return HostUnreachable(reason)

    def _request(
        self,
        pool: urllib3.HTTPConnectionPool,
        url: str,
        parts: SplitResult,
        host: str,
        port: int,
        limits: _Request,
    ) -> _Answer:
        raw = pool.request(
            "GET" if limits.body is None else "POST",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            headers={
                "Host": host if port == _PORTS[parts.scheme] else f"{host}:{port}",
                "User-Agent": self._user_agent,
                # Compressed bodies could grow a thousandfold after the cap was checked.
                "Accept-Encoding": "identity",
                **limits.headers,
            },
            body=limits.body,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )
        headers = {name.lower(): value for name, value in raw.headers.items()}
        return _Answer(url, raw, headers, limits)

    def _pool(
        self, scheme: str, host: str, port: int, address: str, limits: _Request
    ) -> urllib3.HTTPConnectionPool:
        timeout = Timeout(total=limits.left, connect=CONNECT_SECONDS, read=READ_SECONDS)
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


def _whole(answer: _Answer) -> Fetched:
    _expect(answer, HTTPStatus.OK)
    return Fetched(answer.url, answer.headers, b"".join(answer.chunks()))


def _expect(answer: _Answer, *wanted: HTTPStatus) -> None:
    status = answer.raw.status
    if status not in wanted:
        raise UnwantedStatus(
            f"{_shown(answer.url)} answered with status {status}.",
            status,
            _seconds_to_wait(answer.headers.get("retry-after", "")),
        )
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise UnusableAnswer(
            f"{_shown(answer.url)} was sent compressed although it was not asked to."
        )


def _start_of(answer: _Answer, offset: int) -> int:
    """Where in the file the body of this answer begins."""
    _expect(answer, HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
    if answer.raw.status == HTTPStatus.OK:
        return 0
    found = _CONTENT_RANGE.match(answer.headers.get("content-range", ""))
    if not offset or found is None or int(found[1]) != offset:
        raise UnwantedStatus(
            f"{_shown(answer.url)} was sent in part, but not in the part that was asked for.",
            answer.raw.status,
        )
    return offset


def _seconds_to_wait(header: str) -> float | None:
    """What `Retry-After` asks for (RFC 9110, 10.2.3: seconds, or a date); None without one."""
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _shown(url: str) -> str:
    return url if len(url) <= 200 else url[:200] + "…"
