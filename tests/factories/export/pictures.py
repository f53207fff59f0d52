"""The pictures of the old site: some distinct ones, small and real, under very many names."""

import hashlib
import random
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

DISTINCT: Final = 12
WIDTH: Final = 960
HEIGHT: Final = 640
Colour = tuple[int, int, int]


@lru_cache(maxsize=DISTINCT)
def picture(which: int) -> bytes:
    """One of the distinct pictures, as a JPEG: a quay with houses, cranes and water."""
    chance = random.Random(f"picture {which}")
    sky, water = _colour(chance, 150, 230), _colour(chance, 40, 120)
    image = Image.new("RGB", (WIDTH, HEIGHT), sky)
    draw = ImageDraw.Draw(image)
    quay = HEIGHT * 3 // 5
    _houses(draw, chance, quay)
    draw.rectangle((0, quay, WIDTH, HEIGHT), fill=water)
    for _ in range(40):
        x, y = chance.randrange(WIDTH), chance.randrange(quay + 10, HEIGHT)
        draw.line((x, y, x + chance.randrange(20, 90), y), fill=_lighter(water), width=2)
    sun = chance.randrange(80, WIDTH - 120)
    draw.ellipse((sun, 60, sun + 80, 140), fill=_lighter(sky))
    data = BytesIO()
    image.save(data, "JPEG", quality=82)
    return data.getvalue()


def put(folder: Path, name: str, which: int) -> None:
    """Lay a picture into the uploads folder under this name (`2019/03/quay-12.jpg`)."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(picture(which))


def which_of(number: int) -> int:
    """Which picture the attachment of this number shows."""
    return int.from_bytes(hashlib.blake2b(str(number).encode(), digest_size=4).digest()) % DISTINCT


def _houses(draw: ImageDraw.ImageDraw, chance: random.Random, quay: int) -> None:
    x = 0
    while x < WIDTH:
        wide, high = chance.randrange(60, 140), chance.randrange(90, 260)
        draw.rectangle((x, quay - high, x + wide, quay), fill=_colour(chance, 90, 210))
        for top in range(quay - high + 18, quay - 30, 44):
            for left in range(x + 12, x + wide - 20, 30):
                draw.rectangle((left, top, left + 14, top + 22), fill=_window(chance))
        x += wide + chance.choice((0, 0, 6, 30))


def _window(chance: random.Random) -> Colour:
    return chance.choice(((250, 226, 150), (60, 70, 90), (60, 70, 90)))


def _colour(chance: random.Random, low: int, high: int) -> Colour:
    return chance.randrange(low, high), chance.randrange(low, high), chance.randrange(low, high)


def _lighter(colour: Sequence[int]) -> Colour:
    red, green, blue = (min(255, part + 45) for part in colour)
    return red, green, blue
