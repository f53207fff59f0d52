"""Contrast of colours, by the formula of WCAG 2.2 (“relative luminance”, “contrast ratio”)."""

from typing import Final

PAPER: Final = "#fdfbf7"
# WCAG 2.2, 1.4.3 (AA) for text of normal size.
MIN_CONTRAST: Final = 4.5


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_readable(colour: str, *, on: str = PAPER) -> bool:
    """Whether text in this colour can be read on the paper (WCAG AA)."""
    return contrast(colour, on) >= MIN_CONTRAST
