"""The file of a kept copy: WARC/1.1 (ISO 28500), one gzip member a record.

First a `warcinfo`, then for each redirect and for the page itself a `request` and a `response`,
byte for byte as they went over the wire. Every record has SHA-1 digests (Base32, as archives write
them) of its block and its payload; the payload is the body as it came, transfer coding included.
"""

import base64
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from django.utils.translation import gettext
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from diurna.common.http_answer import Exchange, Recorded

VERSION: Final = "WARC/1.1"
FORMAT: Final = "WARC File Format 1.1"
CONFORMS_TO: Final = (
    "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
)
MEDIA_TYPE: Final = "application/warc"
_CHUNK: Final = 65_536

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """The last answer in a file: its address, headers (names in lower case) and body."""

    address: str
    headers: dict[str, str]
    body: bytes


def written(recorded: Recorded, *, filename: str, tool: str, at: datetime) -> bytes:
    """The file that holds all that went over the wire."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    about = {"software": tool, "format": FORMAT, "conformsTo": CONFORMS_TO}
    fields = "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode()
    head = [("WARC-Filename", filename), ("WARC-Date", _moment(at))]
    writer.write_record(_record("warcinfo", "application/warc-fields", head, fields, 0))
    for exchange in recorded.exchanges:
        for record in _pair(exchange):
            writer.write_record(record)
    return out.getvalue()


def last_page(data: bytes) -> Page | None:
    """The page in a file; None when the file can't be read."""
    page = None
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type == "response" and record.http_headers is not None:
                headers = {name.lower(): value for name, value in record.http_headers.headers}
                chunked = headers.get("transfer-encoding", "").strip().lower() == "chunked"
                body = record.raw_stream.read()
                page = Page(
                    address=record.rec_headers.get_header("WARC-Target-URI") or "",
                    headers=headers,
                    body=_joined(body) if chunked else body,
                )
    except (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, ValueError):
        return None
    return page


def problem(data: bytes) -> str:
    """What `warcio check` would find in the file, as one sentence; empty when all is well."""
    count = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data), check_digests=True):
            count += 1
            while record.raw_stream.read(_CHUNK):
                pass
            if record.digest_checker.passed is not True:
                return gettext("Record %(number)d does not have the digest that it states.") % {
                    "number": count
                }
    except (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, ValueError):
        return gettext("The file can't be read after record %(number)d.") % {"number": count}
    return "" if count else gettext("The file holds no record.")


def _pair(exchange: Exchange) -> Iterator[ArcWarcRecord]:
    """The records of what was asked and what was answered."""
    name = _name()
    common = [("WARC-Target-URI", exchange.url), ("WARC-Date", _moment(exchange.at))]
    told: Headers = [*common, ("WARC-IP-Address", exchange.address)]
    if exchange.truncated:
        told.append(("WARC-Truncated", "length"))
    yield _record(
        "request",
        "application/http; msgtype=request",
        [*common, ("WARC-Concurrent-To", name)],
        exchange.request,
        exchange.request.find(b"\r\n\r\n") + 4,
    )
    yield _record(
        "response",
        "application/http; msgtype=response",
        told,
        exchange.answer,
        exchange.head_size,
        name=name,
    )


def _record(
    kind: str, media: str, headers: Headers, block: bytes, head_size: int, *, name: str = ""
) -> ArcWarcRecord:
    """A record of exactly these bytes; `head_size` of them are no payload."""
    lines: Headers = [("WARC-Type", kind), ("WARC-Record-ID", name or _name()), *headers]
    lines.append(("WARC-Block-Digest", _digest(block)))
    if kind != "warcinfo":
        lines.append(("WARC-Payload-Digest", _digest(block[head_size:])))
    head = StatusAndHeaders("", lines, protocol=VERSION)
    record = ArcWarcRecord("warc", kind, head, io.BytesIO(block), None, media, len(block))
    record.payload_length = len(block)
    return record


def _digest(data: bytes) -> str:
    # A check sum of the format, no signature: what counts is the SHA-256 of the whole file.
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _name() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _joined(body: bytes) -> bytes:
    """A body without its transfer coding (RFC 9112, 7.1); as far as it can be read."""
    return b"".join(_chunks(body))


def _chunks(body: bytes) -> Iterable[bytes]:
    place = 0
    while (end := body.find(b"\r\n", place)) >= 0:
        try:
            size = int(body[place:end].partition(b";")[0], 16)
        except ValueError:
            return
        if size <= 0:
            return
        yield body[end + 2 : end + 2 + size]
        place = end + 2 + size + 2
