"""What stands around every page as HTML: drawn once for as long as nothing in it changes.

Head and foot say the same on every page, and drawing them took a sixth of an article's page; so
does the rest of `base.html`, which took a twentieth. What is drawn
is kept by all that it is made of, read anew for each page, and the templates are given that and
nothing else: so what is kept can't be old.
"""

import secrets
from functools import lru_cache
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from diurna.web.frame import Frame, Link
from diurna.web.pictures import Picture

# A newsroom has one of each at a time, in each language that account pages are read in.
_KEPT: Final = 32
# Stands where a page's own words come; nobody can write it, since nobody knows it.
_HOLE: Final = mark_safe(secrets.token_hex(16))  # noqa: S308  (hexadecimal digits)


class Newsroom(NamedTuple):
    """What head and foot say of the newsroom; the names are those of `NewsroomSettings`."""

    name: str
    motto: str
    publisher: str
    standards: bool
    social_links: tuple[tuple[str, str], ...]


class Surroundings(NamedTuple):
    """What they are made of; the names are those of `Frame`."""

    newsroom: Newsroom
    logo: Picture | None
    head_links: tuple[Link, ...]
    foot_links: tuple[Link, ...]
    language: str
    direction: str
    theme_address: str
    demonstration: bool
    copy: bool
    spoken: str | None


def masthead(frame: Frame | Surroundings) -> SafeString:
    """The head of every page but the front, in the language that is active."""
    return _masthead(_of(frame))


def footer(frame: Frame | Surroundings) -> SafeString:
    """The foot of every page, in the language that is active."""
    return _footer(_of(frame))


def around(template: str, frame: Frame) -> tuple[str, str, str]:
    """A page whose own parts are drawn elsewhere: before its metadata, before its content, after.

    The template shows `metadata` and `content` once each, in this order, and nothing else of the
    page. In the language that is active.
    """
    before, between, after = _around(template, _of(frame)).split(_HOLE)
    return before, between, after


def _of(frame: Frame | Surroundings) -> Surroundings:
    if isinstance(frame, Surroundings):
        return frame
    newsroom = frame.newsroom
    said = Newsroom(
        name=newsroom.name,
        motto=newsroom.motto,
        publisher=newsroom.publisher,
        standards=bool(newsroom.standards),
        social_links=tuple(newsroom.social_links()),
    )
    links = (tuple(frame.head_links), tuple(frame.foot_links))
    return Surroundings(
        said,
        frame.logo,
        *links,
        language=frame.language,
        direction=frame.direction,
        theme_address=frame.theme_address,
        demonstration=frame.demonstration,
        copy=frame.copy,
        spoken=get_language(),
    )


@lru_cache(maxsize=_KEPT)
def _around(template: str, around: Surroundings) -> str:
    return render_to_string(template, {"frame": around, "metadata": _HOLE, "content": _HOLE})


@lru_cache(maxsize=_KEPT)
def _masthead(around: Surroundings) -> SafeString:
    return render_to_string("components/masthead.html", {"frame": around, "is_front": False})


@lru_cache(maxsize=_KEPT)
def _footer(around: Surroundings) -> SafeString:
    return render_to_string("components/footer.html", {"frame": around})
