"""AVIF files, written ten times faster than Willow's default at the same size.

Measured on a 1600 x 1067 engraving: 3.0 s and 726 KB at Pillow's default speed 6; 0.26 s and 736 KB
at speed 9. A newsroom's server has two cores and other things to do.
"""

from typing import Any, Final

from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage
from willow.registry import registry

SPEED: Final = 9
QUALITY: Final = 60


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
    registry.register_operation(PillowImage, "save_as_avif", save_as_avif)
