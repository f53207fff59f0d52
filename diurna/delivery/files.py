"""Static files and media, served in front of Django.

Static files lie in one directory under hashed names, with `.br` and `.gz` beside what compresses
well; they never change, so a browser keeps them for good. Media are what people uploaded: sent with
ranges, and so that no browser runs them as a page of this site.
"""

import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from diurna.delivery.proxies import Application, Environ

CHUNK_BYTES = 64 * 1024
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# Names of media are not made from their content, so they are asked about again after a week.
A_WEEK = "public, max-age=604800"
# Django's manifest storage puts twelve hexadecimal digits before the last suffix.
_HASHED = re.compile(r"\.[0-9a-f]{12}(?:\.[A-Za-z0-9]+)?$")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

# What a browser may show as it is. Anything else is a download: an uploaded page or drawing could
# carry scripts.
SHOWN_MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/x-wav",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
        "text/vtt",
        "video/mp4",
        "video/ogg",
        "video/webm",
    }
)
# A directory of types of the machine would make answers differ from one to the next.
_TYPES = mimetypes.MimeTypes()
for _suffix, _type in (
    (".avif", "image/avif"),
    (".webp", "image/webp"),
    (".woff2", "font/woff2"),
    (".js", "text/javascript"),
    (".mjs", "text/javascript"),
    (".vtt", "text/vtt"),
    (".flac", "audio/flac"),
    (".m4a", "audio/mp4"),
    (".webmanifest", "application/manifest+json"),
):
    _TYPES.add_type(_type, _suffix)

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class Mount:
    """A directory, where it is mounted (`/static/`), and whether its files are uploads."""

    prefix: str
    root: Path
    uploads: bool


class Files:
    """The WSGI layer that answers for the mounts and passes everything else on."""

    def __init__(self, application: Application, mounts: Iterable[Mount]) -> None:
        self._application = application
        self._mounts = tuple(
            Mount(mount.prefix, mount.root.resolve(), mount.uploads) for mount in mounts
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer for a file, or let the application answer."""
        path = environ["PATH_INFO"]
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                return respond(mount, path[len(mount.prefix) :], environ, start_response)
        return self._application(environ, start_response)


def respond(
    mount: Mount, name: str, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer one request for a file of a mount (RFC 9110: conditions, one range)."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return _plain(start_response, HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")])
    path = find(mount.root, name)
    if path is None:
        return _plain(start_response, HTTPStatus.NOT_FOUND, [])
    headers = _headers(mount, path)
    if not mount.uploads:
        path = _encoded(path, environ.get("HTTP_ACCEPT_ENCODING", ""), headers)
    status = path.stat()
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    headers += [("ETag", etag), ("Last-Modified", formatdate(status.st_mtime, usegmt=True))]
    if _unchanged(environ, etag, status.st_mtime):
        start_response(_line(HTTPStatus.NOT_MODIFIED), headers)
        return [b""]
    first, last, code = _wanted(environ.get("HTTP_RANGE", ""), status.st_size)
    if code is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return _plain(start_response, code, [("Content-Range", f"bytes */{status.st_size}")])
    if code is HTTPStatus.PARTIAL_CONTENT:
        headers.append(("Content-Range", f"bytes {first}-{last}/{status.st_size}"))
    headers += [("Accept-Ranges", "bytes"), ("Content-Length", str(last - first + 1))]
    start_response(_line(code), headers)
    if method == "HEAD":
        return [b""]
    return _body(path, first, last - first + 1)


def find(root: Path, name: str) -> Path | None:
    """The file of that name inside the root, or None; hidden files and links out do not count."""
    parts = name.split("/")
    if "\0" in name or "\\" in name or any(part.startswith(".") or not part for part in parts):
        return None
    try:
        # WSGI hands paths over as Latin-1, whatever they are.
        path = root.joinpath(*name.encode("latin-1").decode().split("/")).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, UnicodeError):
        # A name too long, or in no encoding: no file has it.
        return None


def _headers(mount: Mount, path: Path) -> Headers:
    kind = _TYPES.guess_type(path.name)[0] or "application/octet-stream"
    shown = kind in SHOWN_MEDIA_TYPES or not mount.uploads
    text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
    headers = [
        ("Content-Type", f"{kind}; charset=utf-8" if text else kind),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if not mount.uploads:
        kept = FOREVER if _HASHED.search(path.name) else REVALIDATE
        return [*headers, ("Cache-Control", kept)]
    # A document of its own, without an origin, that may load nothing.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    headers += [
        ("Cache-Control", A_WEEK),
        ("Content-Security-Policy", policy),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
    if not shown:
        headers[0] = ("Content-Type", "application/octet-stream")
        headers.append(("Content-Disposition", "attachment"))
    return headers


def _encoded(path: Path, accepted: str, headers: Headers) -> Path:
    words = [word.strip().lower() for word in accepted.split(",")]
    for encoding, suffix in _ENCODINGS:
        beside = path.with_name(path.name + suffix)
        if beside.is_file():
            if ("Vary", "Accept-Encoding") not in headers:
                headers.append(("Vary", "Accept-Encoding"))
            if any(
                word.partition(";")[0] == encoding and not word.endswith("q=0") for word in words
            ):
                headers.append(("Content-Encoding", encoding))
                return beside
    return path


def _unchanged(environ: Environ, etag: str, modified: float) -> bool:
    if known := environ.get("HTTP_IF_NONE_MATCH"):
        return etag in [word.strip().removeprefix("W/") for word in known.split(",")]
    if since := environ.get("HTTP_IF_MODIFIED_SINCE"):
        try:
            return int(modified) <= parsedate_to_datetime(since).timestamp()
        except ValueError:
            return False
    return False


def _wanted(header: str, size: int) -> tuple[int, int, HTTPStatus]:
    """First and last byte, and the status. Several ranges at once get the whole file."""
    found = _RANGE.match(header)
    if found is None or found[0] == "bytes=-":
        return 0, size - 1, HTTPStatus.OK
    start, end = found.groups()
    first = int(start) if start else max(0, size - int(end))
    last = min(int(end), size - 1) if start and end else size - 1
    if first > last:
        return 0, -1, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    return first, last, HTTPStatus.PARTIAL_CONTENT


def _body(path: Path, first: int, length: int) -> Iterable[bytes]:
    if length > CHUNK_BYTES:
        return _chunks(path, first, length)
    with path.open("rb") as file:
        file.seek(first)
        return [file.read(length)]


def _chunks(path: Path, first: int, length: int) -> Iterator[bytes]:
    # Opened on the first step: a body that nobody asks for leaves no file open.
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk


def _plain(start_response: StartResponse, status: HTTPStatus, headers: Headers) -> list[bytes]:
    body = f"{status.phrase}\n".encode()
    start_response(
        _line(status),
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-cache"),
            *headers,
        ],
    )
    return [body]


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"
