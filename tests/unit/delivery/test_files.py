"""Static files and media, as a browser asks for them."""

import gzip
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
import pytest

from diurna.delivery.files import Files, Mount
from diurna.delivery.parts import CHUNK_BYTES
from diurna.delivery.static import compress

STYLE = "style.0123456789ab.css"
CSS = b"body { color: black }\n" * 200


class Site:
    """The file layer over an application that answers 'Django'."""

    def __init__(self, directory: Path) -> None:
        self.static = directory / "static"
        self.media = directory / "media"
        self.static.mkdir()
        self.media.mkdir()
        mounts = [
            Mount("/static/", self.static, uploads=False),
            Mount("/media/", self.media, uploads=True),
        ]
        self._files = Files(self._django, mounts)

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        answer: list[Any] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = b"".join(self._files(environ, lambda *line: answer.extend(line)))
        return int(answer[0].split()[0]), dict(answer[1]), body

    def _django(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"Django"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    own = Site(tmp_path)
    (own.static / STYLE).write_bytes(CSS)
    (own.static / "plain.css").write_bytes(CSS)
    compress(own.static)
    (own.media / "photo.avif").write_bytes(bytes(range(200)))
    (own.media / "page.html").write_bytes(b"<script>alert(1)</script>")
    (own.media / "drawing.svg").write_bytes(b"<svg/>")
    (own.media / "film.webm").write_bytes(b"0123456789" * CHUNK_BYTES)
    (tmp_path / "secret").write_text("not for you")
    (own.media / ".hidden").write_text("not for you")
    (own.media / "link").symlink_to(tmp_path / "secret")
    return own


def test_what_is_no_file_is_left_to_django(site: Site) -> None:
    assert site.get("/")[2] == b"Django"
    assert site.get("/staticfiles")[2] == b"Django"


def test_a_hashed_file_is_kept_for_good(site: Site) -> None:
    status, headers, body = site.get(f"/static/{STYLE}")
    assert (status, body) == (200, CSS)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_without_a_hash_is_asked_about_again(site: Site) -> None:
    assert site.get("/static/plain.css")[1]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("identity", None),
    ],
)
def test_the_stored_encoding_that_the_client_takes(
    site: Site, accepted: str, encoding: str | None
) -> None:
    _, headers, body = site.get(f"/static/{STYLE}", accept_encoding=accepted)
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert headers.get("Content-Encoding") == encoding
    assert headers["Vary"] == "Accept-Encoding"
    assert decode(body) == CSS
    assert int(headers["Content-Length"]) == len(body)


def test_a_client_that_has_it_is_told_so(site: Site) -> None:
    _, headers, _ = site.get(f"/static/{STYLE}")
    status, again, body = site.get(f"/static/{STYLE}", if_none_match=f'"x", {headers["ETag"]}')
    assert (status, body) == (304, b"")
    assert again["ETag"] == headers["ETag"]
    assert site.get(f"/static/{STYLE}", if_modified_since=headers["Last-Modified"])[0] == 304
    assert site.get(f"/static/{STYLE}", if_none_match='"other"')[0] == 200


@pytest.mark.parametrize("known", ["*", 'W/"x", {etag}', "W/{etag}"])
def test_what_names_its_tag_in_any_way_is_not_sent_again(site: Site, known: str) -> None:
    etag = site.get(f"/static/{STYLE}")[1]["ETag"]
    assert site.get(f"/static/{STYLE}", if_none_match=known.format(etag=etag))[0] == 304


def test_a_tag_is_believed_before_a_date_and_a_date_that_is_none_is_not(site: Site) -> None:
    date = site.get("/media/photo.avif")[1]["Last-Modified"]
    asked = {"if_none_match": '"other"', "if_modified_since": date}
    assert site.get("/media/photo.avif", **asked)[0] == 200
    for wrong in ("yesterday", "Mon, 01 Jan 99999 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 -0000"):
        assert site.get("/media/photo.avif", if_modified_since=wrong)[0] == 200


def test_a_hashed_file_is_read_once_and_then_comes_from_memory(site: Site) -> None:
    asked = {"accept_encoding": "br"}
    first = site.get(f"/static/{STYLE}", **asked)
    for path in site.static.glob(f"{STYLE}*"):
        path.unlink()
    assert site.get(f"/static/{STYLE}", **asked) == first
    assert site.get(f"/static/{STYLE}", if_none_match=first[1]["ETag"], **asked)[0] == 304
    assert site.get(f"/static/{STYLE}", range="bytes=0-3")[2] == CSS[:4]
    assert site.get(f"/static/{STYLE}", method="HEAD", **asked)[1] == first[1]


def test_a_file_without_a_hash_may_change(site: Site) -> None:
    site.get("/static/plain.css")
    (site.static / "plain.css").write_bytes(b"body { color: red }")
    assert site.get("/static/plain.css")[2] == b"body { color: red }"


def test_the_tag_of_a_hashed_file_is_the_same_on_every_machine(site: Site, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other")
    (other.static / STYLE).write_bytes(CSS)
    os.utime(other.static / STYLE, (1, 1))
    etag = site.get(f"/static/{STYLE}")[1]["ETag"]
    assert other.get(f"/static/{STYLE}")[1]["ETag"] == etag


def test_each_encoding_has_its_own_etag(site: Site) -> None:
    plain = site.get(f"/static/{STYLE}")[1]["ETag"]
    assert site.get(f"/static/{STYLE}", accept_encoding="br")[1]["ETag"] != plain


def test_head_has_the_headers_only(site: Site) -> None:
    status, headers, body = site.get("/media/photo.avif", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "200", b"")


def test_head_knows_no_ranges(site: Site) -> None:
    status, headers, body = site.get("/media/photo.avif", method="HEAD", range="bytes=0-9")
    assert (status, headers["Content-Length"], body) == (200, "200", b"")
    assert "Content-Range" not in headers


def test_nothing_is_written_here(site: Site) -> None:
    status, headers, _ = site.get("/media/photo.avif", method="POST")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=190-", 190, 199),
        ("bytes=-5", 195, 199),
        ("bytes=-999", 0, 199),
        ("bytes=5-999", 5, 199),
        ("Bytes= 5-9 ", 5, 9),
    ],
)
def test_a_range(site: Site, wanted: str, first: int, last: int) -> None:
    status, headers, body = site.get("/media/photo.avif", range=wanted)
    assert (status, body) == (206, bytes(range(first, last + 1)))
    assert headers["Content-Range"] == f"bytes {first}-{last}/200"


@pytest.mark.parametrize("wanted", ["bytes=200-", "bytes=-0", "bytes=300-400"])
def test_a_range_beyond_the_end(site: Site, wanted: str) -> None:
    status, headers, _ = site.get("/media/photo.avif", range=wanted)
    assert (status, headers["Content-Range"]) == (416, "bytes */200")


@pytest.mark.parametrize(
    "wanted",
    ["bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=9-5", "bytes=0-" + "9" * 5000, "bytes=²-3"],
)
def test_a_range_that_is_none_gets_everything(site: Site, wanted: str) -> None:
    status, headers, body = site.get("/media/photo.avif", range=wanted)
    assert (status, len(body)) == (200, 200)
    assert "Content-Range" not in headers


def test_a_part_is_sent_only_of_what_the_client_has_begun(site: Site) -> None:
    _, headers, _ = site.get("/media/film.webm")
    etag, date = headers["ETag"], headers["Last-Modified"]
    for known, status in (
        (etag, 206),
        (date, 206),
        (f"W/{etag}", 200),
        ('"other"', 200),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
        ("nonsense", 200),
    ):
        answer = site.get("/media/film.webm", range="bytes=5-9", if_range=known)
        assert answer[0] == status, known
        assert len(answer[2]) == (5 if status == 206 else 10 * CHUNK_BYTES)


def test_an_empty_file_has_no_part(site: Site) -> None:
    (site.media / "empty.txt").write_bytes(b"")
    assert site.get("/media/empty.txt")[0] == 200
    assert site.get("/media/empty.txt", range="bytes=0-")[0] == 416


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("talk.mp3", "audio/mpeg"),
        ("talk.m4a", "audio/mp4"),
        ("talk.ogg", "audio/ogg"),
        ("talk.opus", "audio/ogg"),
        ("talk.aac", "audio/aac"),
        ("talk.wav", "audio/x-wav"),
        ("film.mp4", "video/mp4"),
        ("film.ogv", "video/ogg"),
        ("film.webm", "video/webm"),
        ("film.vtt", "text/vtt; charset=utf-8"),
    ],
)
def test_sound_and_film_come_in_parts(site: Site, name: str, kind: str) -> None:
    (site.media / name).write_bytes(b"0123456789")
    status, headers, body = site.get(f"/media/{name}", range="bytes=2-3")
    assert (status, body, headers["Content-Type"]) == (206, b"23", kind)
    assert headers["Accept-Ranges"] == "bytes"
    assert "Content-Disposition" not in headers


def test_a_large_file_comes_whole(site: Site) -> None:
    _, headers, body = site.get("/media/film.webm")
    assert len(body) == int(headers["Content-Length"]) == 10 * CHUNK_BYTES
    assert site.get("/media/film.webm", range=f"bytes=1-{2 * CHUNK_BYTES}")[2][:3] == b"123"


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_an_upload_that_could_carry_scripts_is_a_download(site: Site, name: str) -> None:
    _, headers, _ = site.get(f"/media/{name}")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment"


def test_uploads_are_sandboxed(site: Site) -> None:
    _, headers, _ = site.get("/media/photo.avif")
    assert headers["Content-Type"] == "image/avif"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/media/../secret",
        "/media//etc/passwd",
        "/media/.hidden",
        "/media/link",
        "/media/",
        "/media/photo.avif/",
        "/media/a\0b",
        "/media/..\\secret",
        "/media/" + "x" * 5000,
    ],
)
def test_there_is_no_way_out_of_the_directory(site: Site, path: str) -> None:
    assert site.get(path)[0] == 404
