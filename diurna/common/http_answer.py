"""A server's answer, before and after its body has been read, and the limits it has to keep."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import urllib3
from django.utils.translation import gettext

from diurna.common.fetch_errors import FetchFailed, UnusableAnswer, UnwantedStatus, shown
from diurna.common.http_wire import Wire

_CHUNK: Final = 65_536
_LEAST_SECONDS: Final = 0.001
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-")


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
        return media_type(self.headers)

    @property
    def validator(self) -> str:
        """What `If-Range` takes (RFC 9110, 13.1.5): a strong tag, else a date; else empty."""
        tag = self.headers.get("etag", "")
        return tag if tag.startswith('"') else self.headers.get("last-modified", "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, byte for byte, and the machine that answered.

    `answer` is head and body as they came, transfer coding included; its first `head_size` bytes
    are the head. `truncated` where the body was left before its end (of a redirect, never of the
    last answer). `at` is when it was asked (aware, UTC).
    """

    url: str
    address: str
    at: datetime
    status: int
    headers: Mapping[str, str]
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    head_size: int
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """All that went over the wire for one address: each redirect, then the last answer.

    `body` is the last answer's without transfer coding; a content coding that came unasked is
    still around it. `wait` is what `Retry-After` asks for in seconds, None without one.
    """

    exchanges: tuple[Exchange, ...]
    body: bytes = field(repr=False)

    @property
    def last(self) -> Exchange:
        """The last answer."""
        return self.exchanges[-1]

    @property
    def wait(self) -> float | None:
        """The seconds that the server asks to be left alone; None where it does not."""
        return seconds_to_wait(self.last.headers.get("retry-after", ""))


@dataclass(frozen=True, slots=True)
class Limits:
    """One fetch with its limits; `deadline` on the monotonic clock. With a `body` it is a POST.

    `trail` collects what went over the wire, where it is wanted.
    """

    seconds: float
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = 0.0
    body: bytes | None = field(default=None, repr=False)
    trail: list[Exchange] | None = None

    @property
    def left(self) -> float:
        """Seconds until the deadline; a little more than none, since none would mean no limit."""
        return max(_LEAST_SECONDS, self.deadline - time.monotonic())


class Answer:
    """A server's answer whose body has not been read."""

    def __init__(
        self, url: str, address: str, raw: urllib3.BaseHTTPResponse, wire: Wire, limits: Limits
    ) -> None:
        self.url = url
        self.address = address
        self.raw = raw
        self.headers = {name.lower(): value for name, value in raw.headers.items()}
        self.at = datetime.now(UTC)
        self._wire = wire
        self._limits = limits

    def chunks(self, size: int = 0) -> Iterator[bytes]:
        """The body, as long as it keeps the limits; `size` bytes are there already."""
        for chunk in self.raw.stream(_CHUNK, decode_content=False):
            size += len(chunk)
            if size > self._limits.max_bytes:
                raise UnusableAnswer(
                    gettext("%(address)s is larger than %(number)d million bytes.")
                    % {
                        "address": shown(self.url),
                        "number": self._limits.max_bytes // 1_000_000,
                    }
                )
            # What is left may all be in the buffer: no read of the socket would notice the time.
            self._wire.left()
            yield chunk

    def exchange(self, *, truncated: bool = False) -> Exchange:
        """What went over the wire, once the body has been read as far as it shall be."""
        return Exchange(
            url=self.url,
            address=self.address,
            at=self.at,
            status=self.raw.status,
            headers=self.headers,
            request=bytes(self._wire.sent),
            answer=bytes(self._wire.received),
            head_size=self._wire.head_size,
            truncated=truncated,
        )

    def expect(self, *wanted: HTTPStatus) -> None:
        """Raise UnwantedStatus for another status, UnusableAnswer for a compressed body."""
        if self.raw.status not in wanted:
            raise UnwantedStatus(
                gettext("%(address)s answered with status %(status)s.")
                % {"address": shown(self.url), "status": self.raw.status},
                self.raw.status,
                seconds_to_wait(self.headers.get("retry-after", "")),
            )
        if self.headers.get("content-encoding", "identity") != "identity":
            raise UnusableAnswer(
                gettext("%(address)s was sent compressed although it was not asked to.")
                % {"address": shown(self.url)}
            )

    def start(self, offset: int) -> int:
        """Where in a file that ends at `offset` the body of this answer begins."""
        self.expect(HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
        if self.raw.status == HTTPStatus.OK:
            return 0
        found = _CONTENT_RANGE.match(self.headers.get("content-range", ""))
        if not offset or found is None or int(found[1]) != offset:
            raise UnwantedStatus(
                f"{shown(self.url)} was sent in part, but not in the part that was asked for.",
                self.raw.status,
            )
        return offset


def whole(answer: Answer) -> Fetched:
    """The answer with its body; raises what `expect` and `chunks` raise."""
    answer.expect(HTTPStatus.OK)
    return Fetched(answer.url, answer.headers, b"".join(answer.chunks()))


def as_it_came(answer: Answer) -> tuple[Exchange, bytes]:
    """The answer whatever its status, and its body; FetchFailed when it keeps no limit."""
    try:
        body = b"".join(answer.chunks())
    except urllib3.exceptions.HTTPError as error:
        raise FetchFailed(
            gettext("%(address)s stopped in the middle of its answer.")
            % {"address": shown(answer.url)}
        ) from error
    return answer.exchange(), body


def media_type(headers: Mapping[str, str]) -> str:
    """The media type without its parameters, in lower case; empty when none was sent."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def seconds_to_wait(header: str) -> float | None:
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
