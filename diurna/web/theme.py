"""The one style sheet of a reader's page: Diurna's, with the newsroom's own colours at its end.

Its address carries a hash of its text (`/theme-<hash>.css`), so it is kept for ever and a new
colour is a new address. A second sheet for the colours would be one more thing that a page waits
for before it shows a word: 0.3 s on a slow phone, which opens a connection for it.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static

from diurna.common.routes import address
from diurna.delivery import surrogate
from diurna.delivery.stylesheet import inline_imports
from diurna.newsroom.colour import MIN_CONTRAST, contrast
from diurna.newsroom.models import NewsroomSettings, Section

# `--paper` of the dark scheme in static/css/tokens.css; the test of the style sheets compares them.
DARK_PAPER: Final = "#171512"
HASH_LENGTH: Final = 12
# Steps of 1/32 towards white are finer than the eye tells apart on this ground.
_STEPS: Final = 32
# As many as a newsroom has sections, and what an editor tries.
_COLOURS: Final = 256
_FOREVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "public, max-age=60"
_SHEET: Final = "css/diurna.css"
# Addresses in the sheet are relative to where its file lies.
_BESIDE: Final = re.compile(r'url\("\.\./(?P<path>[^"]+)"\)')


@lru_cache(maxsize=_COLOURS)
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
    """Where the sheet with these colours is found."""
    return address("theme", _name(css))


def serve_theme(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet with the present colours; an older address leads there."""
    sections = list(Section.objects.live().exclude(colour=""))
    css = theme_of(NewsroomSettings.current(), sections)
    response: HttpResponse
    if name == _name(css):
        response = HttpResponse(common_sheet() + css, content_type="text/css; charset=utf-8")
        response["Cache-Control"] = _FOREVER
    else:
        response = HttpResponseRedirect(theme_address(css))
        response["Cache-Control"] = _BRIEFLY
    surrogate.tag(response, "navigation")
    return response


@cache
def common_sheet() -> str:
    """Diurna's own style sheet, in one piece, its fonts under the names they are kept with."""

    def read(path: str) -> str:
        found = finders.find(path)
        if found is None:
            raise FileNotFoundError(path)
        return Path(found).read_text(encoding="utf-8")

    whole = inline_imports(_SHEET, read)
    return _BESIDE.sub(lambda found: f'url("{static(found["path"])}")', whole)


@cache
def _common_digest() -> bytes:
    return hashlib.sha256(common_sheet().encode()).digest()


@lru_cache(maxsize=8)
def _name(css: str) -> str:
    return hashlib.sha256(_common_digest() + css.encode()).hexdigest()[:HASH_LENGTH]
