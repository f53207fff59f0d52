"""AVIF files, written in half the time of Willow's default and a quarter smaller.

Measured on an engraving 720 (1600) pixels wide, processor time: quality 60 and speed 6, which
Wagtail and Pillow take, 38 KB in 0.19 s (139 KB in 1.04 s); quality 50 and speed 8, 30 KB in 0.07 s
(103 KB in 0.40 s), and no difference for the eye. Speed 9 is four times as fast again, and its
files are up to 40 % larger.
"""

from typing import Any, Final

from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage

SPEED: Final = 8
QUALITY: Final = 50


def save_as_avif(
    image: PillowImage,
    f: Any,
    quality: int = QUALITY,
    lossless: bool = False,
    apply_optimizers: bool = True,
) -> AvifImageFile:
    """Write the picture to `f` as AVIF; has the signature of the Willow operation it replaces."""
    pixels = image.get_pillow_image()
    if pixels.mode not in {"RGB", "RGBA"}:
        pixels = pixels.convert("RGB")
    pixels.save(f, "AVIF", quality=100 if lossless else quality, speed=SPEED)
    written = AvifImageFile(f)
    if apply_optimizers:
        image.optimize(f, "avif")
    return written


def register() -> None:
    """Make Wagtail's renditions use it."""
    # Willow asks its registry for operations that a class has not itself, and this one it has.
    PillowImage.save_as_avif = save_as_avif
