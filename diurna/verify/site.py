"""Asks a site over HTTP, as a stranger: bounded in size, time and redirects.

Standard library only. Connections are kept open, one for each thread that asks.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from diurna.common.errors import Invalid
from diurna.verify.findings import Unchecked

TIMEOUT_SECONDS: Final = 30
MAX_REDIRECTS: Final = 4
# The largest answer that any check asks for: a bundle of 256 entries at their largest is 16.8 MB.
MAX_ANSWER: Final = 20_000_000
_TRIES: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def agent() -> str:
    """How the check names itself to the site."""
    try:
        return f"diurna-verify/{version('diurna')}"
    except PackageNotFoundError:
        return "diurna-verify"


class NotThere(Unchecked):
    """The site answers, and says that there is nothing (any more) at an address."""

    code = "not_there"

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.answered = status


class Site:
    """One site, by its address. Safe to use from several threads."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Invalid(f"“{_plain(address)}” is no address of a site; write https://example.org")
        self.base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
        self._threads = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_error: object) -> None:
        """Close every connection, of whatever thread."""
        for connection in self._opened:
            connection.close()

    @property
    def name(self) -> str:
        """Host and port: what the site is called in what is remembered of it."""
        return urlsplit(self.base).netloc.lower()

    def address(self, path: str) -> str:
        """The whole address of a path of the site."""
        return urljoin(self.base, path)

    def json(self, path: str) -> Any:
        """What the API answers; Unchecked when it is no JSON."""
        data = self.get(path, {"Accept": "application/json"})
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Unchecked(f"{self.address(path)} does not answer with JSON.") from error

    def text(self, path: str) -> str:
        """A page of the site."""
        try:
            return self.get(path).decode()
        except UnicodeDecodeError as error:
            raise Unchecked(f"{self.address(path)} is not UTF-8.") from error

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        """The body at an address; NotThere for 404 and 410, Unchecked for any other failure.

        Redirects are followed within the host, and from http to https.
        """
        address = self.address(path)
        for _hop in range(MAX_REDIRECTS):
            self._demand_own(address)
            status, location, body = self._ask(address, dict(headers or {}))
            if status == HTTPStatus.OK:
                return body
            if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                raise NotThere(f"{_plain(address)} answers {status}.", status)
            if status not in _REDIRECTS or not location:
                raise Unchecked(f"{_plain(address)} answers {status} instead of 200.")
            address = urljoin(address, location)
        raise Unchecked(f"{_plain(self.address(path))} leads from one address to the next.")

    def _demand_own(self, address: str) -> None:
        ours, asked = urlsplit(self.base), urlsplit(address)
        upgraded = ours.scheme == "http" and asked.scheme == "https"
        if asked.hostname != ours.hostname or not (asked.scheme == ours.scheme or upgraded):
            raise Unchecked(
                f"{_plain(self.base)} leads to {_plain(address)}; check that address instead."
            )

    def _ask(self, address: str, headers: dict[str, str]) -> tuple[int, str, bytes]:
        parts = urlsplit(address)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        headers = {"User-Agent": agent(), "Accept-Encoding": "identity", **headers}
        for attempt in range(1, _TRIES + 1):
            # A connection that was kept open may have been closed at the other end meanwhile.
            connection = self._connection(parts.scheme, parts.netloc.rpartition("@")[2])
            try:
                connection.request("GET", target, headers=headers)
                answer = connection.getresponse()
                body = answer.read(MAX_ANSWER + 1)
            except (OSError, http.client.HTTPException, ValueError) as error:
                connection.close()
                if attempt == _TRIES:
                    raise Unchecked(f"{_plain(address)} could not be asked: {error}.") from error
                continue
            if len(body) > MAX_ANSWER:
                connection.close()
                raise Unchecked(f"{_plain(address)} answers with more than {MAX_ANSWER:,} bytes.")
            return answer.status, answer.getheader("Location", ""), body
        raise AssertionError("the last try returns or raises")

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        known: dict[tuple[str, str], http.client.HTTPConnection]
        known = self._threads.__dict__.setdefault("connections", {})
        found = known.get((scheme, netloc))
        if found is None:
            if scheme == "https":
                context = ssl.create_default_context()
                found = http.client.HTTPSConnection(
                    netloc, timeout=TIMEOUT_SECONDS, context=context
                )
            else:
                found = http.client.HTTPConnection(netloc, timeout=TIMEOUT_SECONDS)
            known[scheme, netloc] = found
            self._opened.append(found)
        return found


def _plain(text: str) -> str:
    """A stranger's text for a terminal: no control characters, and not endless."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])
