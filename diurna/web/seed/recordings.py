"""Sounds and papers of the demonstration, made by code: the repository holds no binary."""

import random
import wave
from array import array
from collections.abc import Callable
from io import BytesIO
from math import exp, pi, sin
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from diurna.web.seed.film import beam_film

RATE: Final = 16_000
"""Samples a second: enough for a horn and a bell, a quarter of the bytes of a CD."""

PAGE: Final = (1240, 1754)
"""A4 at 150 dots an inch."""


def _wav(seconds: float, level: Callable[[float], float]) -> bytes:
    samples = array(
        "h",
        (int(max(-1.0, min(1.0, level(i / RATE))) * 30_000) for i in range(int(seconds * RATE))),
    )
    target = BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return target.getvalue()


def foghorn() -> bytes:
    """Four seconds of a diaphone: a long low note, the grunt at its end, then the sea (WAV)."""
    rng = random.Random(31)  # noqa: S311 - a sound, not a secret
    swell = 0.0

    def level(t: float) -> float:
        nonlocal swell
        swell = swell * 0.985 + rng.uniform(-1, 1) * 0.015
        grunt = t > 2.3
        loud = min(1.0, t / 0.12) * (1.0 if t < 2.75 else max(0.0, 1 - (t - 2.75) / 0.12))
        pitch = 74.0 if grunt else 110.0
        pitch *= 1 + 0.004 * sin(2 * pi * 5 * t)
        note = sum(sin(2 * pi * pitch * k * t) / k for k in (1, 2, 3, 4, 6))
        echo = 0.10 * sin(2 * pi * 110 * t) * exp(-(t - 2.9) * 3) if t > 2.9 else 0.0
        return 0.34 * loud * note + echo + swell * 0.9

    return _wav(4.2, level)


def bell() -> bytes:
    """One stroke of a large bell, four seconds (WAV); partials from the hum upwards."""
    partials = (
        (0.5, 0.5, 0.5),
        (1.0, 0.7, 0.8),
        (1.2, 0.6, 1.1),
        (1.5, 0.25, 1.6),
        (2.0, 0.8, 1.4),
        (2.67, 0.3, 2.6),
        (4.1, 0.15, 4.5),
    )

    def level(t: float) -> float:
        ring = sum(a * sin(2 * pi * 196 * f * t) * exp(-t * decay) for f, a, decay in partials)
        return 0.33 * ring * min(1.0, t / 0.004)

    return _wav(4.0, level)


FERRY_SUMS: Final = (
    ("The night ferry, last financial year", ""),
    ("Subsidy (accounts, table 11)", "418,000"),
    ("Passengers (turnstile, Berth 3)", "4,015"),
    ("Subsidy for each passenger", "104.11"),
    ("", ""),
    ("Could be saved if the boat were stopped (annex C)", "251,000"),
    ("Would be spent in any case: berth, crew, insurance", "167,000"),
    ("", ""),
    ("Parcels (freight book)", "14,900"),
    ("Charge for each parcel", "6.50"),
    ("Earned on parcels, booked as “freight, other” (table 4)", "96,850"),
    ("", ""),
    ("Net saving if the boat were stopped: 251,000 less 96,850", "154,150"),
)


def ferry_sums() -> bytes:
    """One typed page with the sums behind the article on the ferry (PDF)."""
    page = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(page)
    large, small = ImageFont.load_default(44), ImageFont.load_default(26)
    draw.text((140, 150), "The Anstrake Bell", font=large, fill=0)
    draw.text((140, 215), "Working paper. All sums in crowns.", font=small, fill=80)
    draw.line((140, 270, PAGE[0] - 140, 270), fill=0, width=3)
    for row, (label, figure) in enumerate(FERRY_SUMS):
        y = 330 + row * 62
        draw.text((140, y), label, font=small, fill=0)
        width = draw.textlength(figure, font=small)
        draw.text((PAGE[0] - 140 - width, y), figure, font=small, fill=0)
        if figure:
            draw.line((140, y + 44, PAGE[0] - 140, y + 44), fill=200)
    target = BytesIO()
    page.save(target, "PDF", resolution=150, title="The night ferry: our working")
    return target.getvalue()


FILES: Final[dict[str, Callable[[], bytes]]] = {
    "tamsin-head.wav": foghorn,
    "st-brannocs-bell.wav": bell,
    "ferry-sums.pdf": ferry_sums,
    "tamsin-head.mp4": beam_film,
}
