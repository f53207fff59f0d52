"""Whatever is asked for: no byte from outside a mount, no file that is hidden, no error."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diurna.delivery.files import Files, Mount

SECRET = b"not for you"
INSIDE = {b"photo", b"deep"}
# What climbs out of directories that are less well guarded.
PIECES = st.sampled_from(
    [
        "..", ".", "", "/", "//", "\\", "%2e%2e", "%2e", "%2f", "%5c", "%252e%252e",
        "%c0%ae%c0%ae", "%00", "%ff", "\x00", "secret", "photo.avif", "sub", "deep.txt", "link",
        "linked", ".hidden", "media", "static", "etc", "passwd", "~root", "CON", "..;", "\u2025",
        "\uff0e\uff0e", " ", "*", "photo.avif.br", "x" * 300,
    ]
)  # fmt: skip
PATHS = st.lists(PIECES | st.text(max_size=5), max_size=8).map("/".join)
RANGES = (
    st.none() | st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True)
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    base = tmp_path_factory.mktemp("site")
    for name in ("static", "media", "media-other"):
        (base / name).mkdir()
        (base / name / "sub").mkdir()
        (base / name / ".hidden").write_bytes(SECRET)
        (base / name / "sub" / ".hidden").write_bytes(SECRET)
        (base / name / "link").symlink_to(base / "secret")
        (base / name / "linked").symlink_to(base)
        (base / name / "photo.avif").write_bytes(b"photo")
        (base / name / "sub" / "deep.txt").write_bytes(b"deep")
    (base / "secret").write_bytes(SECRET)
    (base / "media-other" / "photo.avif").write_bytes(SECRET)
    mounts = [Mount(f"/{n}/", base / n, uploads=n == "media") for n in ("static", "media")]
    return Files(django, mounts)


def django(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"Django"]


def as_a_server_hands_it_over(path: str) -> str:
    """Decoded once, as Latin-1 (PEP 3333)."""
    return unquote_to_bytes(path.encode(errors="surrogatepass")).decode("latin-1")


@given(
    mount=st.sampled_from(["/static/", "/media/", "/media", "/static", "/"]),
    path=PATHS,
    method=st.sampled_from(["GET", "HEAD"]),
    wanted=RANGES,
    if_range=st.none() | st.text(max_size=20),
    accepted=st.sampled_from(["", "br", "gzip;q=0.1, *", "br;q=x"]),
)
@example("/media/", "linked/secret", "GET", None, None, "")
@example("/media/", "%2e%2e/secret", "GET", "bytes=0-", None, "br")
@example("/media/", "../media-other/photo.avif", "GET", None, None, "")
def test_nothing_from_outside(
    files: Files,
    mount: str,
    path: str,
    method: str,
    wanted: str | None,
    if_range: str | None,
    accepted: str,
) -> None:
    asked = {"HTTP_RANGE": wanted, "HTTP_IF_RANGE": if_range}
    environ = {
        "PATH_INFO": as_a_server_hands_it_over(mount + path),
        "REQUEST_METHOD": method,
        "HTTP_ACCEPT_ENCODING": accepted,
        **{name: value for name, value in asked.items() if value is not None},
    }
    answer: list[Any] = []
    body = b"".join(files(environ, lambda *line: answer.extend(line)))
    status, headers = int(answer[0].split()[0]), dict(answer[1])
    assert status in (200, 206, 404, 416)
    assert SECRET not in body
    if status == 206:
        assert any(body in content for content in INSIDE)
    elif status == 200 and body not in (b"Django", b""):
        assert body in INSIDE
    assert all(value.isprintable() for value in headers.values())
