"""What an uploaded moving picture becomes, and what is refused in a sentence."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from diurna.comments import gif_files
from diurna.comments.gif_files import MAX_FRAMES, MAX_SIDE, moving_picture_from
from diurna.common.errors import Invalid
from tests.factories.moving_pictures import FORMATS, moving_picture


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_becomes_webp_that_moves_and_a_still(kind: str) -> None:
    made = moving_picture_from(moving_picture(kind, frames=5))
    with Image.open(made.moving) as moving:
        assert (moving.format, moving.n_frames, moving.size) == ("WEBP", 5, (60, 40))
        assert moving.info["loop"] == 0
    with Image.open(made.still) as still:
        assert still.format == "WEBP"
        assert getattr(still, "n_frames", 1) == 1
        assert still.size == (made.width, made.height) == (60, 40)


def test_a_large_one_is_made_small_and_keeps_its_shape() -> None:
    made = moving_picture_from(moving_picture(size=(1440, 720)))
    assert (made.width, made.height) == (MAX_SIDE, MAX_SIDE // 2)


def test_what_is_see_through_stays_so() -> None:
    made = moving_picture_from(moving_picture("PNG", transparent=True))
    with Image.open(made.still) as still:
        assert still.mode == "RGBA"


@pytest.mark.parametrize(("told", "shown"), [(0, 100), (10, 100), (80, 80), (60_000, 10_000)])
def test_frames_stand_as_long_as_browsers_can_show_them(told: int, shown: int) -> None:
    made = moving_picture_from(moving_picture("GIF", frames=2, duration=told))
    with Image.open(made.moving) as moving:
        moving.seek(1)
        moving.load()
        assert moving.info["duration"] == shown


def test_nothing_but_the_picture_is_kept() -> None:
    target = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(
        target, "GIF", save_all=True, append_images=frames[1:], comment=b"<script>ran()</script>"
    )
    made = moving_picture_from(BytesIO(target.getvalue() + b"PK\x03\x04 an archive behind it"))
    for file in (made.moving, made.still):
        content = file.read()
        assert b"script" not in content
        assert b"archive" not in content


@pytest.mark.parametrize("frames", [1])
@pytest.mark.parametrize("kind", FORMATS)
def test_what_does_not_move_is_refused(kind: str, frames: int) -> None:
    with pytest.raises(Invalid, match="does not move"):
        moving_picture_from(moving_picture(kind, frames=frames))


def test_too_many_frames_are_refused() -> None:
    with pytest.raises(Invalid, match=f"{MAX_FRAMES} frames or fewer"):
        moving_picture_from(moving_picture(frames=MAX_FRAMES + 1, size=(8, 8)))


def test_too_much_altogether_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gif_files, "MAX_PIXELS", 3 * 60 * 40)
    with pytest.raises(Invalid, match="3 frames or fewer"):
        moving_picture_from(moving_picture(frames=4))


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid, match="more than 10 MB"):
        moving_picture_from(BytesIO(b"GIF89a" + bytes(gif_files.MAX_BYTES)))


def bomb(width: int, height: int) -> bytes:
    """A PNG of some bytes that says it is as large as a field."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize("size", [(3_000, 3_000), (60_000, 60_000), (200_000, 200_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match=r"million pixels|can be read"):
        moving_picture_from(BytesIO(bomb(*size)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='ran()'/>",
        b"GIF89a\xff\xff\xff\xff",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"%PDF-1.7",
        bomb(4, 4),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        moving_picture_from(BytesIO(content))
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_what_is_cut_off_is_refused_or_kept_whole_but_never_breaks(kind: str, share: float) -> None:
    content = moving_picture(kind, frames=6).getvalue()
    with suppress(Invalid):
        made = moving_picture_from(BytesIO(content[: int(len(content) * share)]))
        with Image.open(made.moving) as moving:
            assert moving.n_frames >= 2


def test_many_at_once_wait_for_one_another_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gif_files, "PATIENCE_SECONDS", 0.01)
    with gif_files._decoding, pytest.raises(Invalid, match="Many pictures came at once"):
        moving_picture_from(moving_picture())
    assert moving_picture_from(moving_picture())
