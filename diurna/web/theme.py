"""The newsroom's own colours as a style sheet of its own.

Its address carries a hash of its text (`/theme-<hash>.css`), so it is kept for ever and a new
colour is a new address. Pure, but for the view at the end.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from diurna.delivery import surrogate
from diurna.newsroom.colour import MIN_CONTRAST, contrast
from diurna.newsroom.models import NewsroomSettings, Section

# `--paper` of the dark scheme in static/css/tokens.css; the test of the style sheets compares them.
DARK_PAPER: Final = "#171512"
HASH_LENGTH: Final = 12
# Steps of 1/32 towards white are finer than the eye tells apart on this ground.
_STEPS: Final = 32
_FOREVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "public, max-age=60"


def lightened(colour: str, *, ground: str = DARK_PAPER) -> str:
    """The colour mixed with white until text in it can be read on the dark ground (WCAG AA)."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{round(c + (255 - c) * step / _STEPS):02x}" for c in channels)
        if contrast(mixed, ground) >= MIN_CONTRAST:
            return mixed
    raise ValueError(f"{ground} is no dark ground: not even white can be read on it.")


def theme(accent: str, sections: Mapping[int, str]) -> str:
    """The style sheet of these colours; `sections` maps a section's id to its colour."""
    light = [f":root{{--accent:{accent}}}"]
    dark = [f":root{{--accent:{lightened(accent)}}}"]
    for number, colour in sorted(sections.items()):
        light.append(f'[data-section="{number}"]{{--section:{colour}}}')
        dark.append(f'[data-section="{number}"]{{--section:{lightened(colour)}}}')
    # Whoever asks for more contrast gets the strongest pair there is, not the newsroom's.
    return (
        "@layer tokens{@media (prefers-contrast:no-preference){"
        f"{''.join(light)}@media (prefers-color-scheme:dark){{{''.join(dark)}}}}}}}\n"
    )


def theme_of(newsroom: NewsroomSettings, sections: list[Section]) -> str:
    """The style sheet of a newsroom as it is set now."""
    return theme(newsroom.accent, {item.pk: item.colour for item in sections if item.colour})


def theme_address(css: str) -> str:
    """Where this style sheet is found."""
    return reverse("theme", args=[_name(css)])


def serve_theme(request: HttpRequest, name: str) -> HttpResponse:
    """The present colours; under an older address they are kept for a minute only."""
    sections = list(Section.objects.live().exclude(colour=""))
    css = theme_of(NewsroomSettings.current(), sections)
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = _FOREVER if name == _name(css) else _BRIEFLY
    surrogate.tag(response, "settings")
    return response


def _name(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:HASH_LENGTH]
