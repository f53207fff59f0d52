"""What several scenes share: sky, sea, gulls, windows, people seen from far away."""

from collections.abc import Sequence
from math import cos, pi, sin

from diurna.web.seed.pictures.press import (
    GROUND,
    SEA,
    SKY,
    WALL,
    Cut,
    Plate,
    Point,
    Shade,
)


def sky(plate: Plate, horizon: float, top: int = 165, bottom: int = 250) -> None:
    """A sky that clears towards the horizon, with a few drawn-out clouds."""
    plate.rect((0, 0, plate.width, horizon), Shade(top, bottom), SKY)
    for _ in range(5):
        x = plate.rng.uniform(-100, plate.width - 200)
        y = plate.rng.uniform(60, horizon * 0.75)
        width, height = plate.rng.uniform(300, 620), plate.rng.uniform(24, 60)
        plate.ellipse((x, y, x + width, y + height), 253, SKY, blur=26)
    plate.wash(70, 26, stretch=4, box=(0, 0, plate.width, horizon))


def sea(
    plate: Plate, horizon: float, far: int = 205, near: int = 70, cut: Cut = SEA, foot: float = 0
) -> None:
    """Water from the horizon down to the foot of the picture (or to `foot`)."""
    bottom = foot or plate.height
    plate.rect((0, horizon, plate.width, bottom), Shade(far, near), cut)
    plate.wash(30, 60, stretch=5, box=(0, horizon, plate.width, bottom))
    plate.line([(0, horizon), (plate.width, horizon)], 2)


def ground(plate: Plate, top: float, far: int = 215, near: int = 120) -> None:
    """A quay, a street or a field, lighter in the distance."""
    plate.rect((0, top, plate.width, plate.height), Shade(far, near), GROUND)
    plate.wash(40, 36, stretch=4, box=(0, top, plate.width, plate.height))


def gulls(plate: Plate, where: Sequence[tuple[float, float, float]]) -> None:
    """Gulls on the wing: x, y and half the span of each."""
    for x, y, span in where:
        tilt = plate.rng.uniform(-0.15, 0.15) * span
        left = [(x - span, y - span * 0.30 + tilt), (x - span * 0.45, y - span * 0.42), (x, y)]
        right = [(x, y), (x + span * 0.45, y - span * 0.42), (x + span, y - span * 0.26 - tilt)]
        plate.line(left, 4)
        plate.line(right, 4)


def windows(
    plate: Plate,
    box: tuple[float, float, float, float],
    columns: int,
    rows: int,
    *,
    share: tuple[float, float] = (0.5, 0.6),
    tone: int = 35,
    lit: int | None = None,
) -> None:
    """A grid of windows in the box; `share` is how much of each cell the pane takes."""
    left, top, right, bottom = box
    cell_w, cell_h = (right - left) / columns, (bottom - top) / rows
    for row in range(rows):
        for column in range(columns):
            w, h = cell_w * share[0], cell_h * share[1]
            x = left + column * cell_w + (cell_w - w) / 2
            y = top + row * cell_h + (cell_h - h) / 2
            plate.rect((x - 3, y - 3, x + w + 3, y + h + 3), 252, WALL)
            plate.rect((x, y, x + w, y + h), tone, WALL, edge=2)
            plate.line([(x + w / 2, y), (x + w / 2, y + h)], 2, light=True)
            plate.line([(x, y + h * 0.45), (x + w, y + h * 0.45)], 2, light=True)
            if lit == row * columns + column:
                pane = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
                plate.solid(pane, light=True)
                plate.red(pane)


def figure(plate: Plate, x: float, foot: float, height: float, *, lean: float = 0) -> None:
    """A standing person in the distance, solid ink."""
    head = height * 0.085
    shoulder = height * 0.15
    top = foot - height
    plate.dot((x + lean, top + head), head)
    plate.solid(
        [
            (x + lean - shoulder * 0.6, top + head * 2.1),
            (x + lean + shoulder * 0.6, top + head * 2.1),
            (x + lean * 0.6 + shoulder, top + height * 0.30),
            (x + lean * 0.3 + shoulder * 0.95, top + height * 0.62),
            (x + shoulder * 0.75, foot),
            (x + shoulder * 0.15, foot),
            (x, top + height * 0.66),
            (x - shoulder * 0.2, foot),
            (x - shoulder * 0.8, foot),
            (x + lean * 0.3 - shoulder * 0.95, top + height * 0.62),
            (x + lean * 0.6 - shoulder, top + height * 0.30),
        ]
    )


def curve(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A smooth line through the points (Catmull-Rom), ends included."""
    path = [points[0], *points, points[-1]]
    smooth: list[Point] = []
    for i in range(1, len(path) - 2):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = path[i - 1 : i + 3]
        for step in range(steps):
            t = step / steps
            a, b = t * t, t * t * t
            smooth.append(
                (
                    0.5
                    * (
                        2 * x1
                        + (x2 - x0) * t
                        + (2 * x0 - 5 * x1 + 4 * x2 - x3) * a
                        + (3 * x1 - x0 - 3 * x2 + x3) * b
                    ),
                    0.5
                    * (
                        2 * y1
                        + (y2 - y0) * t
                        + (2 * y0 - 5 * y1 + 4 * y2 - y3) * a
                        + (3 * y1 - y0 - 3 * y2 + y3) * b
                    ),
                )
            )
    return [*smooth, points[-1]]


def arc(centre: Point, rx: float, ry: float, start: float, end: float, n: int = 28) -> list[Point]:
    """Points on an ellipse between two angles in degrees (0 is right, 90 is down)."""
    span = [start + (end - start) * i / n for i in range(n + 1)]
    return [(centre[0] + rx * cos(a * pi / 180), centre[1] + ry * sin(a * pi / 180)) for a in span]
