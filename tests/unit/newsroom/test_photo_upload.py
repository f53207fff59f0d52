"""Uploaded pictures: decoded, capped and encoded again, or refused with a sentence."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from diurna.common.errors import Invalid
from diurna.newsroom import photo_upload
from diurna.newsroom.photo_upload import MAX_SIDE, reencode


def upload(picture: Image.Image, kind: str, **options: object) -> BytesIO:
    target = BytesIO()
    picture.save(target, kind, **options)
    target.name = f"quay.{kind.lower()}"
    return target


def profile_with_red_and_blue_swapped() -> bytes:
    """The sRGB profile, but its names for the red and the blue primary point at each other."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp0", 1).replace(b"bXYZ", b"rXYZ", 1)
    return swapped.replace(b"tmp0", b"bXYZ", 1)


def test_a_photograph_loses_its_metadata_and_stands_upright() -> None:
    picture = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its side
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    clean = reencode(upload(picture, "JPEG", exif=exif))
    data = clean.read()
    assert b"SecretCamera" not in data
    with Image.open(BytesIO(data)) as result:
        assert (result.format, result.size) == ("JPEG", (20, 40))
        assert not dict(result.getexif())


def test_what_hides_behind_the_picture_does_not_survive() -> None:
    file = upload(Image.new("RGB", (8, 8)), "PNG")
    file.seek(0, 2)
    file.write(b"<script>alert(1)</script>")
    assert b"<script>" not in reencode(file).read()


def test_transparency_is_kept_as_png() -> None:
    clean = reencode(upload(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "WEBP"))
    assert clean.name == "quay.png"
    with Image.open(clean) as result:
        assert result.getpixel((0, 0))[3] == 0


def test_greys_of_sixteen_bits_stay_grey() -> None:
    with Image.open(reencode(upload(Image.new("I;16", (8, 8), 0x8000), "PNG"))) as result:
        assert result.convert("L").getpixel((0, 0)) == pytest.approx(0x80, abs=2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_each_readable_format_comes_through(kind: str) -> None:
    with Image.open(reencode(upload(Image.new("RGB", (16, 12), "teal"), kind))) as result:
        assert result.size == (16, 12)


def test_a_huge_picture_is_made_smaller() -> None:
    clean = reencode(upload(Image.new("L", (MAX_SIDE * 2, 100)), "PNG"))
    with Image.open(clean) as result:
        assert result.width == MAX_SIDE


def test_too_many_pixels_are_refused_before_they_are_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photo_upload, "MAX_PIXELS", 99)
    with pytest.raises(Invalid, match="million pixels"):
        reencode(upload(Image.new("L", (10, 10)), "PNG"))


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
    ids=["svg", "empty", "pdf", "damaged"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid, match="please upload JPEG"):
        reencode(BytesIO(data))


def test_an_avif_without_a_frame_is_refused() -> None:
    whole = upload(Image.effect_noise((16, 16), 50), "AVIF").getvalue()
    head, mark, frame = whole.partition(b"mdat")
    with pytest.raises(Invalid, match="please upload JPEG"):
        reencode(BytesIO(head + mark + b"\0" * len(frame)))


def test_a_picture_cut_short_is_refused() -> None:
    whole = upload(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG").getvalue()
    with pytest.raises(Invalid):
        reencode(BytesIO(whole[: len(whole) // 2]))


def test_a_colour_profile_is_applied_and_then_dropped() -> None:
    profile = profile_with_red_and_blue_swapped()
    plain = reencode(upload(Image.new("RGB", (8, 8), (200, 30, 30)), "PNG"))
    file = upload(Image.new("RGB", (8, 8), (200, 30, 30)), "PNG", icc_profile=profile)
    with Image.open(plain) as one, Image.open(reencode(file)) as other:
        assert "icc_profile" not in other.info
        (red, _, blue), (new_red, _, new_blue) = (
            picture.convert("RGB").getpixel((4, 4)) for picture in (one, other)
        )
        assert red > blue
        assert new_red < new_blue


def test_a_colour_profile_that_cannot_be_read_is_dropped() -> None:
    file = upload(Image.new("RGB", (8, 8), "red"), "PNG", icc_profile=b"no profile at all" * 20)
    with Image.open(reencode(file)) as picture:
        assert "icc_profile" not in picture.info
