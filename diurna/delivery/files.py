"""Static files and media, served in front of Django.

Static files lie in one directory under hashed names, with `.br` and `.gz` beside what compresses
well; they never change, so a browser keeps them for good and this process keeps them in memory.
Media are what people uploaded: sent from their files, with ranges, and so that no browser runs them
as a page of this site.
"""

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from diurna.delivery.compression import encoding_for
from diurna.delivery.conditions import range_still_fits, unchanged
from diurna.delivery.held_files import Encodings, Held, HeldFiles
from diurna.delivery.parts import CHUNK_BYTES, FilePart
from diurna.delivery.proxies import Application, Environ
from diurna.delivery.ranges import WHOLE, Unsatisfiable, wanted_range

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# Names of media are not made from their content, so they are asked about again after a week.
A_WEEK = "public, max-age=604800"
# Django's manifest storage puts twelve hexadecimal digits before the last suffix.
_HASHED = re.compile(r"\.[0-9a-f]{12}(?:\.[A-Za-z0-9]+)?$")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TAG_BYTES = 8
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
    (".aac", "audio/aac"),
    (".flac", "audio/flac"),
    (".m4a", "audio/mp4"),
    (".oga", "audio/ogg"),
    (".ogg", "audio/ogg"),
    (".opus", "audio/ogg"),
    (".m4v", "video/mp4"),
    (".ogv", "video/ogg"),
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
        self.held = HeldFiles()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer for a file, or let the application answer."""
        path = environ["PATH_INFO"]
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                return self._answer(mount, path, environ, start_response)
        return self._application(environ, start_response)

    def _answer(
        self, mount: Mount, path: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain(start_response, HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")])
        found = self.held.get(path) or self._find(mount, path)
        if found is None:
            return _plain(start_response, HTTPStatus.NOT_FOUND, [])
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) if len(found) > 1 else ""
        return _respond(found.get(encoding) or found[""], environ, start_response)

    def _find(self, mount: Mount, path: str) -> Encodings | None:
        file = find(mount.root, path[len(mount.prefix) :])
        if file is None:
            return None
        headers = _headers(mount, file)
        if mount.uploads:
            return {"": _in_file(file, headers)}
        files = {"": file}
        for encoding, suffix in _ENCODINGS:
            beside = file.with_name(file.name + suffix)
            if beside.is_file():
                files[encoding] = beside
        if len(files) > 1:
            headers.append(("Vary", "Accept-Encoding"))
        if _HASHED.search(file.name):
            return self.held.hold(path, _in_memory(files, headers))
        return {
            encoding: _in_file(one, _with_encoding(headers, encoding))
            for encoding, one in files.items()
        }


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
        ("Accept-Ranges", "bytes"),
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


def _with_encoding(headers: Headers, encoding: str) -> Headers:
    return [*headers, ("Content-Encoding", encoding)] if encoding else headers


def _in_file(path: Path, headers: Headers) -> Held:
    status = path.stat()

    def read(first: int, length: int) -> Iterable[bytes]:
        return _body(path, first, length, status.st_size)

    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    return Held.of(headers, etag, status.st_mtime, status.st_size, read)


def _in_memory(files: dict[str, Path], headers: Headers) -> Encodings:
    # One date for all: the ones beside it are made later.
    modified = files[""].stat().st_mtime
    made = {}
    for encoding, path in files.items():
        content = path.read_bytes()
        # Of the very bytes, so that every machine says the same of the same file.
        tag = hashlib.blake2b(content, digest_size=_TAG_BYTES).hexdigest()
        made[encoding] = Held.of_bytes(
            _with_encoding(headers, encoding), f'"{tag}"', modified, content
        )
    return made


def _respond(held: Held, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with this, as far as it is wanted (RFC 9110: conditions, one range)."""
    if unchanged(environ, held.etag, held.modified):
        start_response(_line(HTTPStatus.NOT_MODIFIED), held.headers.copy())
        return [b""]
    headers = [*held.headers, ("Content-Length", str(held.size))]
    if environ["REQUEST_METHOD"] == "HEAD":
        # A range is of a GET (RFC 9110, 14.2).
        start_response(_line(HTTPStatus.OK), headers)
        return [b""]
    asked = environ.get("HTTP_RANGE", "")
    if not asked or not range_still_fits(environ, held.etag, held.modified):
        start_response(_line(HTTPStatus.OK), headers)
        return held.read(0, held.size)
    return _part(held, asked, headers, start_response)


def _part(
    held: Held, asked: str, headers: Headers, start_response: StartResponse
) -> Iterable[bytes]:
    try:
        part = wanted_range(asked, held.size)
    except Unsatisfiable:
        code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return _plain(start_response, code, [("Content-Range", f"bytes */{held.size}")])
    if part is WHOLE:
        start_response(_line(HTTPStatus.OK), headers)
        return held.read(0, held.size)
    first, last = part
    length = last - first + 1
    headers[-1] = ("Content-Length", str(length))
    headers.append(("Content-Range", f"bytes {first}-{last}/{held.size}"))
    start_response(_line(HTTPStatus.PARTIAL_CONTENT), headers)
    return held.read(first, length)


def _body(path: Path, first: int, length: int, size: int) -> Iterable[bytes]:
    if length > CHUNK_BYTES:
        return FilePart(path, first, length, whole=length == size)
    with path.open("rb") as file:
        file.seek(first)
        return [file.read(length)]


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
