"""A moving picture that the newsroom uploads: decoded, made small, and written anew as WebP.

As with photographs, what is kept is never the bytes that came in. Two files come out: the picture
that moves, and its first frame, which readers see until they press play.
"""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageSequence

from diurna.common.decoding import in_turn
from diurna.common.errors import Invalid

MAX_BYTES: Final = 10 * 1024 * 1024
# Ten seconds at fifteen frames a second. All frames are in memory at once, 80 MB at the most.
MAX_FRAMES: Final = 150
MAX_SIDE: Final = 360
# Decoded, one frame after the other: what a minute of a telephone's screen would have is refused.
MAX_PIXELS_A_FRAME: Final = 4_000_000
MAX_PIXELS: Final = 250_000_000
QUALITY: Final = 70
# Browsers show shorter frames longer, each in its own way.
SHORTEST_FRAME_MS: Final = 20
USUAL_FRAME_MS: Final = 100
LONGEST_FRAME_MS: Final = 10_000
_READABLE: Final = ("GIF", "WEBP", "PNG")
# What Pillow raises for a file that is none, is cut off, or lies about its size.
_UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# One at a time in a process, as with the pictures of readers.
_decoding = threading.Lock()
PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True)
class MovingPicture:
    """Both files as WebP without metadata, and their size in pixels."""

    moving: ContentFile[bytes]
    still: ContentFile[bytes]
    width: int
    height: int


def moving_picture_from(upload: IO[bytes]) -> MovingPicture:
    """The moving picture, 360 pixels at the longer side at most, playing for ever, and its still.

    Takes GIF, animated WebP and APNG. Raises Invalid, in a sentence, for more than 10 MB, 150
    frames or 4 million pixels, for what does not move, and for what is no picture or a damaged one.
    """
    _demand_small(upload)
    try:
        with in_turn(_decoding, PATIENCE_SECONDS), Image.open(upload, formats=_READABLE) as picture:
            frames, durations = _frames_of(picture)
    except _UNREADABLE as error:
        raise Invalid(
            _("This is no moving picture that can be read; please choose GIF, WebP or APNG.")
        ) from error
    if len(frames) < 2:
        raise Invalid(_("This picture does not move; please choose one that does."))
    return MovingPicture(
        moving=_written(frames, durations),
        still=_written(frames[:1], []),
        width=frames[0].width,
        height=frames[0].height,
    )


def _frames_of(picture: Image.Image) -> tuple[list[Image.Image], list[int]]:
    """The frames, small already, and how long each stands, in milliseconds."""
    area = picture.width * picture.height
    if area > MAX_PIXELS_A_FRAME:
        raise Invalid(
            _("This picture has more than %(millions)d million pixels; please shrink it.")
            % {"millions": MAX_PIXELS_A_FRAME // 1_000_000}
        )
    frames: list[Image.Image] = []
    durations: list[int] = []
    # What the file says of the number of its frames is not believed.
    for frame in ImageSequence.Iterator(picture):
        if len(frames) == MAX_FRAMES or area * (len(frames) + 1) > MAX_PIXELS:
            raise Invalid(
                _("This picture is too long; please cut it to %(frames)d frames or fewer.")
                % {"frames": min(MAX_FRAMES, MAX_PIXELS // area)}
            )
        small = frame.convert("RGBA" if frame.has_transparency_data else "RGB")
        small.thumbnail((MAX_SIDE, MAX_SIDE))
        frames.append(small)
        durations.append(_duration(frame))
    return frames, durations


def _duration(frame: Image.Image) -> int:
    told = frame.info.get("duration")
    milliseconds = int(told) if isinstance(told, int | float) else 0
    if milliseconds < SHORTEST_FRAME_MS:
        return USUAL_FRAME_MS
    return min(milliseconds, LONGEST_FRAME_MS)


def _written(frames: list[Image.Image], durations: list[int]) -> ContentFile[bytes]:
    target = BytesIO()
    bare = {"quality": QUALITY, "exif": b"", "xmp": b"", "icc_profile": b""}
    if durations:
        frames[0].save(
            target,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            **bare,
        )
    else:
        frames[0].save(target, "WEBP", **bare)
    return ContentFile(target.getvalue())


def _demand_small(upload: IO[bytes]) -> None:
    size = upload.seek(0, 2)
    upload.seek(0)
    if size > MAX_BYTES:
        raise Invalid(
            _("This file has more than %(megabytes)d MB; please choose a smaller one.")
            % {"megabytes": MAX_BYTES // 1024**2}
        )
