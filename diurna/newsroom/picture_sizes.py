"""In which sizes a picture is kept, and how those files come to be.

A page only names files that are already there: making them (AVIF takes most of a second) happens
when a picture is stored or an article is published, never while a reader waits.
"""

from typing import Any, Final

# Wagtail's resize rules by use. `width-*` keeps the proportions and never enlarges; `fill-*` cuts
# around the focal point.
RULES: Final[dict[str, tuple[str, ...]]] = {
    "figure": ("width-480", "width-960", "width-1600"),
    "card": ("fill-360x240", "fill-720x480", "fill-1200x800"),
    "face": ("fill-176x176",),
    "portrait": ("fill-448x560",),
    "share": ("fill-1200x630",),
    "logo": ("max-800x180",),
}
MODERN_FORMATS: Final = ("avif", "webp")
# What every browser reads, in one middle size: the `src` for those that know neither of the above.
PLAIN: Final[dict[str, tuple[str, str]]] = {
    "figure": ("width-960", "jpeg"),
    "card": ("fill-720x480", "jpeg"),
    "face": ("fill-176x176", "jpeg"),
    "portrait": ("fill-448x560", "jpeg"),
    "share": ("fill-1200x630", "jpeg"),
    "logo": ("max-800x180", "png"),
}


def modern_specs(use: str, file_format: str) -> list[str]:
    """The Wagtail filter specs of one use in one modern format, smallest first."""
    return [f"{rule}|format-{file_format}" for rule in RULES[use]]


def plain_spec(use: str) -> str:
    """The Wagtail filter spec of the file that every browser reads."""
    rule, file_format = PLAIN[use]
    return f"{rule}|format-{file_format}"


def all_specs(use: str) -> list[str]:
    """Every filter spec of one use."""
    modern = [spec for name in MODERN_FORMATS for spec in modern_specs(use, name)]
    return [plain_spec(use)] if use == "share" else [*modern, plain_spec(use)]


def make_sizes(photograph: Any, *uses: str) -> int:
    """Make the files of these uses that are not there yet; returns how many sizes there now are."""
    specs = [spec for use in uses for spec in all_specs(use)]
    return len(photograph.get_renditions(*specs))
