"""What happens to an uploaded picture before it is kept: decoded, capped, encoded again.

What goes into the library is never the bytes that came in: a file that is two formats at once, a
comment with a script, a camera's serial number or the place where a source lives does not survive.
"""

from io import BytesIO
from pathlib import PurePath
from typing import IO, Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from diurna.common.errors import Invalid

# 50 megapixels is more than any camera of a small newsroom makes; decoded it is 150 MB.
MAX_PIXELS: Final = 50_000_000
# No page shows a picture wider than 2,400 px; larger originals only cost disk and time.
MAX_SIDE: Final = 4_000
JPEG_QUALITY: Final = 88
_READABLE: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")


class CleanFile(ContentFile[bytes]):
    """A picture that `reencode` has written; it needs no second pass."""

    clean: Final = True


def reencode(upload: IO[bytes]) -> CleanFile:
    """The picture decoded and encoded again, upright, without metadata, at most `MAX_SIDE` wide.

    JPEG stays JPEG; pictures with transparency and palettes become PNG; an animation keeps its
    first frame. Raises `Invalid` with a sentence for SVG, for what is no picture, for a damaged
    one, and for one of more than `MAX_PIXELS`.
    """
    upload.seek(0)
    try:
        with Image.open(upload, formats=_READABLE) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid(
                    _("This picture has more than %(millions)d million pixels; please shrink it.")
                    % {"millions": MAX_PIXELS // 1_000_000}
                )
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (
        UnidentifiedImageError,
        OSError,
        # libavif's way of saying that a file is broken.
        RuntimeError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise Invalid(
            _("This is no picture that can be read; please upload JPEG, PNG, WebP, AVIF or GIF.")
        ) from error
    upright = _in_srgb(_in_eight_bits(upright))
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return _encode(
        upright, keep_jpeg=picture.format == "JPEG", name=getattr(upload, "name", "") or ""
    )


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits as those of 8; Pillow's own conversion would cut all of them to white."""
    if picture.mode not in {"I", "I;16", "I;16B", "I;16L"}:
        return picture
    return picture.convert("I").point(lambda grey: grey * (1 / 256) + 0).convert("L")


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    mode = "RGBA" if "A" in picture.getbands() else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(
            picture, own, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):
        # A profile that can't be read says nothing of the colours; the picture is taken as sRGB.
        return picture
    return converted or picture


def _encode(picture: Image.Image, *, keep_jpeg: bool, name: str) -> CleanFile:
    lossless = not keep_jpeg and (picture.mode in {"P", "LA", "RGBA", "PA", "1"})
    target = BytesIO()
    if lossless:
        picture.convert("RGBA").save(target, "PNG", optimize=True, icc_profile=None)
    else:
        flat = picture.convert("RGB")
        flat.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True, icc_profile=None)
    stem = PurePath(name).stem or "picture"
    return CleanFile(target.getvalue(), name=f"{stem}{'.png' if lossless else '.jpg'}")
