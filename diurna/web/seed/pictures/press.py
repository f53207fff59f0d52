"""A small engraving press: areas of tone go in, black lines on warm paper come out.

A scene paints areas, each with a tone (0 is black, 255 is bare paper) and a screen (the lines it
is cut with). Printing compares the two, point by point: a line of the screen swells where the tone
is dark and vanishes where it is light, which is how an engraver shades. Deep shadows get a second,
crossing set of lines. Everything is Pillow, works on whole images and needs no loop over pixels.

Coordinates are those of the finished picture; the plate itself is larger, so that edges are smooth.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath

PAPER = (250, 245, 236)
INK = (31, 28, 26)
CINNABAR = (190, 58, 38)

SCALE = 1.5
"""Plate pixels per picture pixel; 1.5 is enough to hide the steps of Pillow's polygons."""

GAIN = 5.0
"""How hard the edge of a line is; softer than a step, which makes lines smooth for nothing."""

CROSSING_STARTS_AT = 105
"""Tones below this get the second set of lines."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cut:
    """The lines an area is cut with: angle in degrees from horizontal, distance and wave in px."""

    angle: float = 0.0
    period: float = 9.0
    wave: float = 0.0
    wave_length: float = 160.0
    stretch: float = 1.0
    dots: bool = False


SKY = Cut(angle=0, period=9, wave=5, wave_length=420, stretch=3)
SEA = Cut(angle=0, period=9, wave=16, wave_length=70, stretch=3)
ROUGH_SEA = Cut(angle=-12, period=11, wave=60, wave_length=200, stretch=1.6)
WALL = Cut(angle=90, period=8, wave=1.5, wave_length=200)
ROOF = Cut(angle=58, period=8, wave=2)
STONE = Cut(angle=4, period=8, wave=5, wave_length=60)
GROUND = Cut(angle=-7, period=9, wave=9, wave_length=120, stretch=3)
LEAF = Cut(angle=35, period=8, wave=18, wave_length=44)
SKIN = Cut(angle=28, period=7.5, wave=22, wave_length=230)
CLOTH = Cut(angle=-38, period=8, wave=12, wave_length=170)
METAL = Cut(angle=78, period=7, wave=1)
HALFTONE = Cut(angle=22, period=11, dots=True)


@dataclass(frozen=True)
class Shade:
    """A tone that changes evenly across an area, from top to bottom or from left to right."""

    start: int
    end: int
    sideways: bool = False


Tone = int | Shade


def _noise(size: tuple[int, int], cell: float, stretch: float, rng: random.Random) -> Image.Image:
    """Smooth noise (mode L, mean 128) with hills about `cell` pixels wide and `stretch` as long."""
    cells = (max(2, int(size[0] / (cell * stretch)) + 2), max(2, int(size[1] / cell) + 2))
    small = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
    return small.resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=4)
def _ramp(size: tuple[int, int], *, across: bool) -> Image.Image:
    """The x (or y) coordinate of every pixel, as floats."""
    length = size[0] if across else size[1]
    line = Image.new("F", (length, 1) if across else (1, length))
    line.putdata([float(i) for i in range(length)])
    return line.resize(size, Image.Resampling.NEAREST)


def _triangle(value: int) -> int:
    """A line of the screen: its threshold rises and falls; at most 235, so paper stays bare."""
    return int((value * 2 if value < 128 else 511 - value * 2) * 0.92)


@lru_cache(maxsize=24)
def _screen(cut: Cut, size: tuple[int, int]) -> Image.Image:
    """The threshold of every point: all grey levels equally often, arranged as lines or dots."""
    half = (size[0] // 2 + 1, size[1] // 2 + 1)
    unit = SCALE / 2
    rng = random.Random(repr(cut))  # noqa: S311 - a picture, not a secret
    s, c = sin(radians(cut.angle)), cos(radians(cut.angle))
    bend = _noise(half, cut.wave_length * unit, cut.stretch, rng).convert("F")

    def phase(s: float, c: float) -> Image.Image:
        period = cut.period * unit
        turned = ImageMath.lambda_eval(
            lambda a: (
                (
                    (
                        a["x"] * (s / period)
                        + a["y"] * (c / period)
                        + (a["bend"] - 128.0) * (cut.wave / (128.0 * cut.period))
                        + 4096.0
                    )
                    % 1.0
                )
                * 255.0
            ),
            x=_ramp(half, across=True),
            y=_ramp(half, across=False),
            bend=bend,
        )
        return turned.convert("L").point(_triangle)

    lines = phase(s, c)
    if cut.dots:
        lines = ImageChops.add(lines, phase(c, -s), scale=2).point(
            lambda v: max(0, min(255, int((v - 128) * 1.35 + 128)))
        )
    return lines.resize(size, Image.Resampling.BICUBIC)


class Plate:
    """One picture in the making. Width and height are those of the finished picture."""

    def __init__(self, seed: int, width: int = 1600, height: int = 1067) -> None:
        self.width, self.height, self.seed = width, height, seed
        self.rng = random.Random(seed)  # noqa: S311 - a picture, not a secret
        self.size = (int(width * SCALE), int(height * SCALE))
        self.tone = Image.new("L", self.size, 250)
        self.screen = _screen(SKY, self.size).copy()
        self.accent = Image.new("L", self.size, 0)
        self._ink = Image.new("L", self.size, 255)
        self._light = Image.new("L", self.size, 0)

    # Areas

    def polygon(self, points: Sequence[Point], tone: Tone, cut: Cut, edge: float = 0) -> None:
        """Fill a polygon; `edge` draws its outline in black, that many pixels wide."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        box = self._bounds(scaled)
        if box is None:
            return
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        moved = [(x - box[0], y - box[1]) for x, y in scaled]
        ImageDraw.Draw(mask).polygon(moved, fill=255)
        self._fill(mask, box, tone, cut)
        if edge:
            self.line([*points, points[0]], edge)

    def rect(self, box: Box, tone: Tone, cut: Cut, edge: float = 0) -> None:
        """Fill a rectangle given by left, top, right and bottom."""
        left, top, right, bottom = box
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], tone, cut, edge)

    def ellipse(self, box: Box, tone: Tone, cut: Cut, edge: float = 0, blur: float = 0) -> None:
        """Fill an ellipse inside the box; `blur` lets it melt into what is behind."""
        pad = blur * 3
        scaled = [
            ((box[0] - pad) * SCALE, (box[1] - pad) * SCALE),
            ((box[2] + pad) * SCALE, (box[3] + pad) * SCALE),
        ]
        bounds = self._bounds(scaled)
        if bounds is None:
            return
        mask = Image.new("L", (bounds[2] - bounds[0], bounds[3] - bounds[1]), 0)
        inner = tuple(value * SCALE - bounds[i % 2] for i, value in enumerate(box))
        ImageDraw.Draw(mask).ellipse(inner, fill=255)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE))
        self._fill(mask, bounds, tone, None if blur else cut)
        if edge:
            self._stroke(lambda d: d.ellipse(self._scaled(box), outline=0, width=int(edge * SCALE)))

    def wash(self, cell: float, amount: int, stretch: float = 1.0, box: Box | None = None) -> None:
        """Lighten and darken unevenly by up to `amount`, so that nothing looks ruled by machine."""
        noise = _noise(self.size, cell * SCALE, stretch, self.rng)
        noise = noise.point(lambda v: 128 + int((v - 128) * amount / 128))
        washed = ImageChops.add(self.tone, noise, offset=-128)
        if box is None:
            self.tone = washed
        else:
            left, top, right, bottom = (int(v * SCALE) for v in box)
            self.tone.paste(washed.crop((left, top, right, bottom)), (left, top))

    def glow(self, centre: Point, radius: float, tone: int) -> None:
        """A round light (or shadow) that fades out at `radius`, over whatever is there."""
        r = radius * SCALE
        x, y = centre[0] * SCALE, centre[1] * SCALE
        box = self._bounds([(x - r, y - r), (x + r, y + r)])
        if box is None:
            return
        disc = ImageChops.invert(Image.radial_gradient("L")).point(
            lambda v: max(0, min(255, int((v - 75) * 1.42)))
        )
        disc = disc.resize((int(2 * r), int(2 * r)), Image.Resampling.BILINEAR)
        left, top = int(box[0] - (x - r)), int(box[1] - (y - r))
        disc = disc.crop((left, top, left + box[2] - box[0], top + box[3] - box[1]))
        self._fill(disc, box, tone, None)

    # Lines

    def line(self, points: Sequence[Point], width: float = 3, *, light: bool = False) -> None:
        """A drawn line, black, or cut out as bare paper when `light`."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        thick = max(1, round(width * SCALE))
        if light:
            ImageDraw.Draw(self._light).line(scaled, fill=255, width=thick, joint="curve")
            self._stroke(lambda d: d.line(scaled, fill=255, width=thick, joint="curve"))
            return
        self._stroke(lambda d: d.line(scaled, fill=0, width=thick, joint="curve"))
        ImageDraw.Draw(self._light).line(scaled, fill=0, width=thick, joint="curve")

    def dot(self, centre: Point, radius: float, *, light: bool = False) -> None:
        """A solid dot, black or bare."""
        box = self._scaled(
            (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        )
        if light:
            ImageDraw.Draw(self._light).ellipse(box, fill=255)
            self._stroke(lambda d: d.ellipse(box, fill=255))
            return
        self._stroke(lambda d: d.ellipse(box, fill=0))
        ImageDraw.Draw(self._light).ellipse(box, fill=0)

    def solid(self, points: Sequence[Point], *, light: bool = False) -> None:
        """A polygon of pure ink, or of pure paper."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        if light:
            ImageDraw.Draw(self._light).polygon(scaled, fill=255)
            self._stroke(lambda d: d.polygon(scaled, fill=255))
            return
        self._stroke(lambda d: d.polygon(scaled, fill=0))
        ImageDraw.Draw(self._light).polygon(scaled, fill=0)

    def red(self, points: Sequence[Point]) -> None:
        """A polygon in the one accent colour, printed under the black."""
        ImageDraw.Draw(self.accent).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=255)

    def red_disc(self, centre: Point, radius: float) -> None:
        """A disc in the accent colour."""
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        ImageDraw.Draw(self.accent).ellipse(self._scaled(box), fill=255)

    # Printing

    def print(self, *, border: bool = True) -> Image.Image:
        """The finished picture (RGB), ink on warm paper; a border leaves a worn edge."""
        ink = ImageChops.subtract(self.tone, self.screen, scale=1 / GAIN, offset=150)
        crossing = _screen(Cut(angle=-52, period=9, wave=6), self.size)
        deep = self.tone.point(lambda v: min(255, int(v * 190 / CROSSING_STARTS_AT) + 70))
        second = ImageChops.subtract(deep, crossing, scale=1 / GAIN, offset=150)
        ink = ImageChops.darker(ink, second)
        ink = ImageChops.lighter(ink, self._light)
        ink = ImageChops.darker(ink, self._ink)
        accent = self.accent
        if border:
            margin = self._margin()
            ink = ImageChops.lighter(ink, margin)
            accent = ImageChops.subtract(accent, margin)
        paper = Image.new("RGB", self.size, PAPER)
        paper.paste(CINNABAR, mask=accent)
        paper.paste(INK, mask=ImageChops.invert(ink))
        return paper.resize((self.width, self.height), Image.Resampling.BOX)

    def _margin(self) -> Image.Image:
        """Bare paper around the picture, its inner edge a little uneven, as a block prints."""
        inset = int(22 * SCALE)
        frame = Image.new("L", self.size, 255)
        rng = random.Random(self.seed + 7)  # noqa: S311 - a picture, not a secret
        width, height = self.size
        step = int(60 * SCALE)

        def jitter() -> float:
            return inset + rng.uniform(-3, 3) * SCALE

        edge: list[Point] = [(x, jitter()) for x in range(inset, width - inset, step)]
        edge += [(width - jitter(), y) for y in range(inset, height - inset, step)]
        edge += [(x, height - jitter()) for x in range(width - inset, inset, -step)]
        edge += [(jitter(), y) for y in range(height - inset, inset, -step)]
        ImageDraw.Draw(frame).polygon(edge, fill=0)
        return frame.filter(ImageFilter.GaussianBlur(1))

    # Inside

    def _fill(
        self, mask: Image.Image, box: tuple[int, int, int, int], tone: Tone, cut: Cut | None
    ) -> None:
        size = (box[2] - box[0], box[3] - box[1])
        self.tone.paste(_toned(tone, size), box[:2], mask)
        if cut is not None:
            self.screen.paste(_screen(cut, self.size).crop(box), box[:2], mask)
            # An area in front hides the lines drawn behind it.
            self._ink.paste(255, box, mask)
            self._light.paste(0, box, mask)
            self.accent.paste(0, box, mask)

    def _stroke(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> None:
        draw(ImageDraw.Draw(self._ink))

    def _scaled(self, box: Box) -> tuple[float, float, float, float]:
        return (box[0] * SCALE, box[1] * SCALE, box[2] * SCALE, box[3] * SCALE)

    def _bounds(self, points: Sequence[Point]) -> tuple[int, int, int, int] | None:
        left = max(0, int(min(x for x, _ in points)))
        top = max(0, int(min(y for _, y in points)))
        right = min(self.size[0], int(max(x for x, _ in points)) + 2)
        bottom = min(self.size[1], int(max(y for _, y in points)) + 2)
        return (left, top, right, bottom) if right > left and bottom > top else None


def _toned(tone: Tone, size: tuple[int, int]) -> Image.Image:
    if isinstance(tone, int):
        return Image.new("L", size, tone)
    ramp = Image.linear_gradient("L")
    if tone.sideways:
        ramp = ramp.transpose(Image.Transpose.ROTATE_90)
    spread = ramp.point(lambda v: int(tone.start + (tone.end - tone.start) * v / 255))
    return spread.resize(size, Image.Resampling.BILINEAR)
