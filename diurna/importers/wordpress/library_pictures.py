"""A picture of the old site made ready for the library, and what was lost on the way."""

from dataclasses import dataclass
from typing import IO, Final, cast

from django.core.files.base import File
from PIL import Image

from diurna.common.errors import Invalid
from diurna.newsroom.photo_upload import MAX_PIXELS, CleanFile, reencode

_READABLE: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_MOVING: Final = "It moved; a picture here stands still, so its first frame was kept."
_PRINTED: Final = "It was in the colours of print (CMYK), which were turned into those of screens."


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that was decoded and encoded again; `note` for what a person should know."""

    file: CleanFile
    note: str = ""


def clean_picture(file: "File[bytes]", name: str) -> CleanPicture:
    """The picture as the library takes it; `Invalid` with the reason for one that is broken."""
    note = _note(file)
    try:
        return CleanPicture(reencode(_as_stream(file)), note)
    except Invalid as error:
        raise Invalid(_reason(name, error)) from error
    finally:
        file.seek(0)


def _as_stream(file: "File[bytes]") -> IO[bytes]:
    # A File has all that is read of a stream, and the name that the picture keeps.
    return cast(IO[bytes], file)


def _note(file: "File[bytes]") -> str:
    file.seek(0)
    try:
        with Image.open(_as_stream(file), formats=_READABLE) as picture:
            if getattr(picture, "is_animated", False):
                return _MOVING
            return _PRINTED if picture.mode == "CMYK" else ""
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        # Decoding it for good says what is wrong with it.
        return ""


def _reason(name: str, error: Invalid) -> str:
    cause = error.__cause__
    if cause is None:
        return f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels; shrink it."
    if isinstance(cause, Image.DecompressionBombError):
        return f"{name} unpacks to far more pixels than any camera takes; it is not opened."
    if "truncated" in str(cause):
        return f"{name} breaks off before its end; the whole file is needed."
    return f"{name} is damaged, and can't be decoded."
