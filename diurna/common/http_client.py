"""The one way in which Diurna asks another machine for something.

An address that came from outside (an export, a citation, an embed) may point back into the
newsroom's own network. So every address is resolved first, every answer of the resolver must be
a public one, the connection goes to exactly the address that was checked, and each redirect is
checked again (OWASP, "Server-Side Request Forgery Prevention"). Size and time are capped, and a
host that did not answer is not asked again by the same client.
"""

import ipaddress
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import BinaryIO, Final, TypeVar
from urllib.parse import urlencode, urljoin

import urllib3
from django.utils.translation import gettext
from urllib3.util import Timeout

from diurna.common.fetch_errors import (
    AddressRefused,
    FetchFailed,
    HostUnreachable,
    UnusableAnswer,
    UnwantedStatus,
    shown,
)
from diurna.common.http_answer import (
    Answer,
    Exchange,
    Fetched,
    Limits,
    Recorded,
    as_it_came,
    whole,
)
from diurna.common.http_wire import READ_SECONDS, PlainPool, SecurePool, Wire
from diurna.common.public_address import Address, Resolver, is_public, resolve, resolve_within
from diurna.common.web_target import Target, target_of

__all__ = [
    "Address",
    "AddressRefused",
    "Exchange",
    "FetchFailed",
    "Fetched",
    "GuardedClient",
    "HostUnreachable",
    "Recorded",
    "Resolver",
    "UnusableAnswer",
    "UnwantedStatus",
    "is_public",
    "resolve",
]

USER_AGENT: Final = "Diurna/0.1 (a newsroom; fetches what its editors refer to)"
# A large press photograph is 20 MB; nothing that Diurna holds in memory is larger.
MAX_BYTES: Final = 32_000_000
CONNECT_SECONDS: Final = 5.0
# For one address altogether, redirects included: a server that drips bytes holds nobody longer.
TOTAL_SECONDS: Final = 30.0
MAX_REDIRECTS: Final = 5
# Nobody reads the page that a redirect brings along.
MAX_REDIRECT_BODY: Final = 65_536
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# What a server may send around a body's bytes: the head, and the framing of many small chunks.
_FRAMING: Final = 1_000_000
_PAGES: Final = "text/html,application/xhtml+xml,*/*;q=0.8"

Result = TypeVar("Result")


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
        return self._follow(url, Limits(self._total_seconds, self._max_bytes), whole)

    def record(self, url: str, *, max_bytes: int, seconds: float) -> Recorded:
        """What goes over the wire when this address is asked for, whatever the last status.

        Raises like `fetch`, but neither for a status nor for a body that came compressed.
        """
        trail: list[Exchange] = []
        wanted = Limits(seconds, max_bytes, {"Accept": _PAGES}, trail=trail)
        last, body = self._follow(url, wanted, as_it_came)
        return Recorded((*trail, last), body)

    def post_form(self, url: str, fields: Mapping[str, str]) -> Fetched:
        """The answer to a form that is sent to this address; raises like `fetch`.

        No redirect is followed: what is sent is meant for this host alone.
        """
        wanted = Limits(
            self._total_seconds,
            self._max_bytes,
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
            body=urlencode(fields, errors="replace").encode("ascii"),
        )
        return self._follow(url, wanted, whole)

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

        def into_file(answer: Answer) -> Fetched:
            start = answer.start(offset)
            file.seek(start)
            file.truncate()
            told = Fetched(answer.url, answer.headers, b"")
            begun(told)
            for chunk in answer.chunks(start):
                file.write(chunk)
            return told

        return self._follow(url, Limits(seconds, max_bytes, headers), into_file)

    def _follow(self, url: str, wanted: Limits, use: Callable[[Answer], Result]) -> Result:
        """What `use` makes of the answer at the end of the redirects."""
        limits = replace(wanted, deadline=time.monotonic() + wanted.seconds)
        for _ in range(MAX_REDIRECTS + 1):
            forwarded, result = self._once(url, limits, use)
            if result is not None:
                return result
            url = forwarded
        raise FetchFailed(
            gettext("%(address)s was forwarded more than %(number)d times.")
            % {"address": shown(url), "number": MAX_REDIRECTS}
        )

    def _once(
        self, url: str, limits: Limits, use: Callable[[Answer], Result]
    ) -> tuple[str, Result | None]:
        target = target_of(url, ports=self._ports)
        with self._lock:
            reason = self._silent_hosts.get(target.host)
        if reason:
            raise HostUnreachable(reason)
        address = self._address(target, limits.deadline)
        wire = Wire(
            shown=shown(url),
            deadline=limits.deadline,
            seconds=limits.seconds,
            limit=2 * limits.max_bytes + _FRAMING,
            keep=limits.trail is not None,
        )
        try:
            with self._pool(target, address, wire, limits) as pool:
                answer = self._request(pool, url, target, address, wire, limits)
                with self._lock:
                    self._silences.pop(target.host, None)
                # Closing the pool leaves the connection of a body that was not read to its end.
                with closing(answer.raw):
                    status, location = answer.raw.status, answer.headers.get("location")
                    if status in _REDIRECTS and location is not None and limits.body is None:
                        if limits.trail is not None:
                            limits.trail.append(_redirect(answer))
                        return urljoin(url, location), None
                    return url, use(answer)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as e:
            reason = gettext("%(host)s does not answer.") % {"host": target.host}
            raise self._silent(target.host, reason) from e
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise FetchFailed(
                gettext("%(address)s could not be fetched: %(error)s.")
                % {"address": shown(url), "error": type(error).__name__}
            ) from error

    def _address(self, target: Target, deadline: float) -> str:
        """One checked address of the host; every address that it has must be allowed."""
        host = target.host
        wait = min(CONNECT_SECONDS, max(0.0, deadline - time.monotonic()))
        try:
            found = resolve_within(wait, lambda: self._resolver(host, target.port))
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        except (OSError, ValueError) as error:
            reason = gettext("%(host)s has no address that this machine can find.")
            raise self._silent(host, reason % {"host": host}) from error
        if not addresses or not all(self._allow(address) for address in addresses):
            raise AddressRefused(
                gettext("%(host)s is not on the public internet, so it is not asked.")
                % {"host": host}
            )
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
        target: Target,
        address: str,
        wire: Wire,
        limits: Limits,
    ) -> Answer:
        raw = pool.request(
            "GET" if limits.body is None else "POST",
            target.path,
            headers={
                "Host": target.authority,
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
        return Answer(url, address, raw, wire, limits)

    def _pool(
        self, target: Target, address: str, wire: Wire, limits: Limits
    ) -> urllib3.HTTPConnectionPool:
        timeout = Timeout(total=limits.left, connect=CONNECT_SECONDS, read=READ_SECONDS)
        if target.scheme == "http":
            return PlainPool(address, target.port, timeout=timeout, maxsize=1, wire=wire)
        return SecurePool(
            address,
            target.port,
            timeout=timeout,
            maxsize=1,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._ca_certs,
            server_hostname=target.host,
            assert_hostname=target.host,
            wire=wire,
        )


def _redirect(answer: Answer) -> Exchange:
    """The redirect with so much of its body as is kept."""
    size = 0
    for chunk in answer.chunks():
        size += len(chunk)
        if size >= MAX_REDIRECT_BODY:
            return answer.exchange(truncated=True)
    return answer.exchange()
