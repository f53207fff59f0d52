"""A short film drawn by code: the beam of the lighthouse going round.

There is no film encoder among our dependencies, but Pillow writes animated AVIF, which is AV1 in
the same container as MP4 (ISO/IEC 14496-12, "ISO base media file format"; AVIF 1.1, section 3 on
image sequences). `mp4_from_avif` renames the few boxes in which the two differ, byte for byte in
place, so that no offset moves.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from math import cos, pi, sin
from typing import Final

from PIL import Image

from diurna.web.seed.pictures.elements import curve
from diurna.web.seed.pictures.press import METAL, ROOF, SEA, SKY, STONE, WALL, Plate, Shade

FRAMES: Final = 32
FRAME_MILLISECONDS: Final = 125
WIDTH, HEIGHT = 640, 427
LAMP: Final = (200.0, 150.0)
QUALITY: Final = 55
SPEED: Final = 9


def beam_film() -> bytes:
    """Four seconds of Tamsin Head Light at night, one turn of the beam (MP4 with AV1)."""
    frames = [_frame(2 * pi * number / FRAMES) for number in range(FRAMES)]
    target = BytesIO()
    frames[0].save(
        target,
        "AVIF",
        save_all=True,
        append_images=frames[1:],
        duration=FRAME_MILLISECONDS,
        quality=QUALITY,
        speed=SPEED,
    )
    return mp4_from_avif(target.getvalue())


def mp4_from_avif(avif: bytes) -> bytes:
    """The same pictures as a film; ValueError for what is no AVIF image sequence."""
    film = bytearray(avif)
    brand, brand_size = _find(film, b"ftyp")
    film[brand + 8 : brand + 12] = b"iso6"
    film[brand + 16 : brand + brand_size] = (b"iso6av01mp41" + b"isom" * 16)[: brand_size - 16]
    # The still picture's description and the wish to repeat for ever mean nothing to a player.
    _rename(film, b"free", b"meta")
    _rename(film, b"free", b"moov", b"trak", b"edts")
    kind, _size = _find(film, b"moov", b"trak", b"mdia", b"hdlr")
    film[kind + 16 : kind + 20] = b"vide"
    # Version 1 boxes: 64-bit times. The media's own length replaces "for ever" in both heads.
    media, _size = _find(film, b"moov", b"trak", b"mdia", b"mdhd")
    movie, _size = _find(film, b"moov", b"mvhd")
    track, _size = _find(film, b"moov", b"trak", b"tkhd")
    length = film[media + 32 : media + 40]
    film[movie + 28 : movie + 32] = film[media + 28 : media + 32]
    film[movie + 32 : movie + 40] = length
    film[track + 36 : track + 44] = length
    # When it was encoded is left out: the same drawing gives the same bytes.
    for box in (media, movie, track):
        film[box + 12 : box + 28] = bytes(16)
    return bytes(film)


def _boxes(film: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= end:
        size, kind = struct.unpack(">I4s", film[start : start + 8])
        if size < 8:
            return
        yield kind, start, size
        start += size


def _find(film: bytearray, *path: bytes) -> tuple[int, int]:
    """Start and size of the box at this path."""
    start, end, size = 0, len(film), 0
    for depth, wanted in enumerate(path):
        inside = _boxes(film, start + (8 if depth else 0), end)
        found = next(((at, size) for kind, at, size in inside if kind == wanted), None)
        if found is None:
            raise ValueError(f"This is no AVIF image sequence: there is no box {path!r}.")
        start, size = found
        end = start + size
    return start, size


def _rename(film: bytearray, name: bytes, *path: bytes) -> None:
    start, _size = _find(film, *path)
    film[start + 4 : start + 8] = name


def _frame(angle: float) -> Image.Image:
    plate = Plate(9, WIDTH, HEIGHT)
    plate.rect((0, 0, WIDTH, 320), Shade(40, 95), SKY)
    x, y = LAMP
    for turn in (0.0, pi):
        # Seen from the sea: the beam is long to either side and short when it comes at us.
        across, towards = cos(angle + turn), sin(angle + turn)
        far = x + 900 * across * abs(across)
        half = 14 + 70 * abs(across)
        plate.polygon(
            [(x, y - 5), (far, y - half - 26 * across), (far, y + half), (x, y + 5)], 238, SKY
        )
        if towards > 0.3:
            plate.glow((x, y), 150 * towards, 255)
    plate.rect((0, 300, WIDTH, HEIGHT), Shade(90, 25), SEA)
    plate.ellipse(
        (x + 300 * cos(angle) - 90, 312, x + 300 * cos(angle) + 90, 336), 200, SEA, blur=12
    )
    rock = curve([(-10, 360), (60, 322), (140, 304), (250, 310), (330, 360), (380, 440)])
    plate.polygon([*rock, (-10, 440)], 18, STONE, 2)
    plate.polygon([(182, 312), (190, 168), (212, 168), (222, 312)], Shade(150, 20, True), METAL, 2)
    plate.rect((184, 162, 218, 170), 10, METAL)
    plate.rect((192, 138, 210, 164), 255, WALL, 2)
    plate.red([(193, 139), (209, 139), (209, 163), (193, 163)])
    plate.polygon([(188, 139), (201, 120), (214, 139)], 8, ROOF, 1)
    plate.polygon([(470, 318), (540, 318), (530, 332), (480, 332)], 10, WALL)
    plate.rect((488, 306, 512, 318), 10, WALL)
    return plate.print(border=False)
