"""Moving pictures for tests: a square that wanders, in each of the formats that are taken."""

from io import BytesIO

from PIL import Image

FORMATS = {"GIF": "image/gif", "WEBP": "image/webp", "PNG": "image/png"}


def moving_picture(
    kind: str = "GIF",
    *,
    frames: int = 4,
    size: tuple[int, int] = (60, 40),
    duration: int = 80,
    transparent: bool = False,
) -> BytesIO:
    """The file, at its beginning."""
    pictures = []
    for number in range(frames):
        picture = Image.new("RGBA", size, (0, 0, 0, 0) if transparent else (200, 30, 30, 255))
        picture.paste((30, 30, 200, 255), (number % size[0], 0, number % size[0] + 5, 5))
        pictures.append(picture)
    target = BytesIO()
    pictures[0].save(
        target, kind, save_all=True, append_images=pictures[1:], duration=duration, loop=0
    )
    target.seek(0)
    target.name = f"moving.{kind.lower()}"
    return target
