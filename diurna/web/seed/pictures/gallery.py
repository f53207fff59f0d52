"""Every picture of the demonstration by name, and how to print it."""

from collections.abc import Callable
from io import BytesIO
from typing import Final
from zlib import crc32

from diurna.web.seed.pictures import outdoors, people, rooms, sea, streets, waterfront
from diurna.web.seed.pictures.press import Plate

SCENES: Final[dict[str, Callable[[Plate], None]]] = {
    scene.__name__: scene
    for scene in (
        waterfront.cranes,
        sea.lighthouse,
        sea.lamp_night,
        sea.ferry,
        sea.storm,
        sea.moon,
        waterfront.bridge,
        sea.rowing,
        waterfront.tide_gauge,
        waterfront.quay_morning,
        streets.town_hall,
        streets.school,
        streets.tram,
        outdoors.allotment,
        streets.brewery,
        rooms.library,
        rooms.stage,
        outdoors.football,
        rooms.ropeworks,
        rooms.bakery,
        rooms.bell,
        outdoors.fish_market,
        outdoors.gull,
        rooms.tea,
        streets.signpost,
        rooms.council_papers,
        streets.rows_of_doors,
        outdoors.swimmers,
    )
}

# Where the eye should stay when a picture is cut to another shape: centre x, y, width and height
# of the part that must remain, in pixels of the 1600 by 1067 picture.
FOCAL: Final[dict[str, tuple[int, int, int, int]]] = {
    "lighthouse": (1041, 420, 500, 700),
    "lamp_night": (500, 450, 600, 700),
    "storm": (980, 560, 700, 700),
    "moon": (1080, 500, 500, 700),
    "bell": (760, 560, 900, 800),
    "gull": (700, 480, 800, 700),
    "tea": (600, 640, 500, 700),
    "football": (780, 500, 700, 700),
    "bakery": (760, 560, 900, 700),
    "signpost": (800, 500, 900, 900),
}

JPEG_QUALITY: Final = 86


def print_scene(name: str) -> bytes:
    """The named scene as JPEG, 1600 by 1067 pixels; KeyError for a name that is not there."""
    plate = Plate(crc32(name.encode()))
    SCENES[name](plate)
    return _jpeg(plate, border=True)


def print_portrait(slug: str) -> bytes:
    """The portrait of the contributor as JPEG, 900 by 900 pixels; KeyError without a sitter."""
    plate = Plate(crc32(slug.encode()), 900, 900)
    people.portrait(plate, people.SITTERS[slug])
    return _jpeg(plate, border=False)


def _jpeg(plate: Plate, *, border: bool) -> bytes:
    target = BytesIO()
    plate.print(border=border).save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()
