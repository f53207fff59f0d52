"""A reader's picture: decoded, made small and square, and written anew.

What is kept is never the bytes that came in, so a second format inside, a script in a comment, or
the place where a photograph was taken does not survive.
"""

import secrets
import threading
from io import BytesIO
from typing import IO, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from diurna.accounts.erasure import delete_picture
from diurna.accounts.models import User
from diurna.common.decoding import in_turn
from diurna.common.errors import Invalid

# Shown at 128 CSS pixels at most, on screens with two dots for each.
SIDE: Final = 256
MAX_BYTES: Final = 10 * 1024 * 1024
# What a telephone takes; decoded it is 150 MB for as long as it takes to shrink it.
MAX_PIXELS: Final = 50_000_000
QUALITY: Final = 80
_READABLE: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
# What Pillow raises for a file that is none, is cut off, or lies about its size.
_UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,  # libavif's
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# One picture at a time is decoded in a process: sixty at once would fill the memory.
_decoding = threading.Lock()
PATIENCE_SECONDS: Final = 5.0
# The file's name says nothing of whose it is, and a new picture has a new one.
_NAME_BYTES: Final = 16


def portrait_from(upload: IO[bytes]) -> ContentFile[bytes]:
    """The middle of the picture, upright, 256 by 256 pixels, as WebP without metadata.

    An animation gives its first frame. Raises Invalid, in a sentence, for a file of more than 10 MB
    or 50 million pixels, for what is no picture, for a damaged one, and when others are being
    decoded for too long.
    """
    _demand_small(upload)
    try:
        with in_turn(_decoding, PATIENCE_SECONDS):
            square = _middle_of(upload)
    except _UNREADABLE as error:
        raise Invalid(
            _("This is no picture that can be read; please choose JPEG, PNG, WebP, AVIF or GIF.")
        ) from error
    target = BytesIO()
    square.save(target, "WEBP", quality=QUALITY, exif=b"", xmp=b"", icc_profile=b"")
    return ContentFile(target.getvalue())


def _middle_of(upload: IO[bytes]) -> Image.Image:
    with Image.open(upload, formats=_READABLE) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Invalid(
                _("This picture has more than %(millions)d million pixels; please shrink it.")
                % {"millions": MAX_PIXELS // 1_000_000}
            )
        # A JPEG is decoded at the next size above, which spares most of the work and memory.
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return ImageOps.fit(_in_colour(upright), (SIDE, SIDE), Image.Resampling.LANCZOS)


def store_picture(*, user: User, picture: ContentFile[bytes] | None) -> None:
    """Show this picture (of `portrait_from`), or none; the file of the one before is deleted."""
    former = user.picture.name
    with transaction.atomic():
        if picture is None:
            user.picture.name = ""
        else:
            user.picture.save(_new_name(), picture, save=False)
        user.save(update_fields=["picture"])
        transaction.on_commit(lambda: delete_picture(former), robust=True)


def _new_name() -> str:
    return f"{secrets.token_hex(_NAME_BYTES)}.webp"


def _demand_small(upload: IO[bytes]) -> None:
    size = upload.seek(0, 2)
    upload.seek(0)
    if size > MAX_BYTES:
        raise Invalid(
            _("This file has more than %(megabytes)d MB; please choose a smaller one.")
            % {"megabytes": MAX_BYTES // 1024**2}
        )


def _in_colour(picture: Image.Image) -> Image.Image:
    """Eight bits a channel; with transparency where the picture has it."""
    if picture.mode in {"I", "I;16", "I;16B", "I;16L"}:
        # Pillow's own conversion would cut greys of 16 bits to white.
        picture = picture.convert("I").point(lambda grey: grey * (1 / 256) + 0).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
