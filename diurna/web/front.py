"""The front: what an editor composed, filled up with the newest; no story twice, never empty."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from diurna.newsroom.models import Article, Front, Section
from diurna.web.cards import Card, Cards, keys_of
from diurna.web.frame import Frame, Link, frame_of
from diurna.web.metadata import front_metadata
from diurna.web.response import in_newsroom, page_response

# What the front shows where nobody has composed one: (kind, number of stories).
DEFAULT_COMPOSITION = (("lead", 1), ("seconds", 3), ("river", 8), ("latest", 8))
DEFAULT_PER_SECTION = 4
_REGION_OF = {
    "lead": "top",
    "seconds": "top",
    "river": "middle",
    "latest": "middle",
    "section": "sections",
    "picks": "picks",
}


@dataclass
class Part:
    """One block of the composition while it is filled: stories picked by hand come first."""

    kind: str
    count: int
    heading: str = ""
    picked: list[int] = field(default_factory=list)
    section: Section | None = None
    shown: list[int] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    link: Link | None = None


@dataclass(frozen=True)
class Region:
    """A stretch of the page: `top`, `middle`, `sections` or `picks`."""

    kind: str
    parts: list[Part]


def front_page(front: Front, request: HttpRequest) -> HttpResponse:
    """The front page of the newsroom."""
    frame = frame_of(request)
    parts = _composed(front, frame.sections.all) or _default(frame)
    if not _fill(parts):
        parts = _default(frame)
        _fill(parts)
    with in_newsroom(frame):
        _draw(parts, request, frame)
        regions = _regions([part for part in parts if part.cards])
    cards = [card for part in parts for card in part.cards]
    keys = ["front", "list-latest", f"page-{front.pk}", *keys_of(cards)]
    metadata = front_metadata(front, newsroom=frame.newsroom)
    context = {
        "front": front,
        "metadata": metadata,
        "regions": regions,
        # A kept page cannot know what day it is; it knows what its newest story is.
        "edition": max((card.published for card in cards if card.published), default=None),
    }
    return page_response(request, "pages/front.html", context, keys=keys, frame=frame)


def _composed(front: Front, sections: list[Section]) -> list[Part]:
    live = {section.pk: section for section in sections}
    parts = []
    for block in front.composition:
        value = block.value
        part = Part(kind=block.block_type, count=value.get("count") or 1)
        part.heading = value.get("heading") or ""
        part.picked = _ids([value.get("article"), *(value.get("articles") or [])])
        if block.block_type == "picks":
            part.count = len(part.picked)
        if block.block_type == "section":
            chosen = value["section"]
            part.section = live.get(chosen.pk) if chosen else None
            if part.section is None:
                continue
        parts.append(part)
    return parts


def _default(frame: Frame) -> list[Part]:
    parts = [Part(kind=kind, count=count) for kind, count in DEFAULT_COMPOSITION]
    top = [section for section in frame.sections.all if frame.sections.of(section) is None]
    return parts + [Part("section", DEFAULT_PER_SECTION, section=section) for section in top]


def _ids(pages: Iterable[Any]) -> list[int]:
    return [page.pk for page in pages if page is not None]


def _fill(parts: list[Part]) -> bool:
    """Say which stories each part shows; whether any part shows one.

    What is picked by hand is taken out first, so that nothing automatic above repeats it.
    """
    picked = [pk for part in parts for pk in part.picked]
    public = set(Article.objects.published().filter(pk__in=picked).values_list("pk", flat=True))
    used: set[int] = set()
    for part in parts:
        for pk in part.picked:
            if pk in public and pk not in used and len(part.shown) < part.count:
                part.shown.append(pk)
                used.add(pk)
    wanted = sum(part.count for part in parts)
    newest = list(Article.objects.published().values_list("pk", flat=True)[: wanted + len(used)])
    for part in parts:
        if part.kind == "latest":
            part.shown = newest[: part.count]
        elif part.kind != "picks":
            _top_up(part, newest, used)
    return any(part.shown for part in parts)


def _top_up(part: Part, newest: list[int], used: set[int]) -> None:
    if part.section is not None:
        stories = Article.objects.published().in_section(part.section)
        newest = list(stories.values_list("pk", flat=True)[: part.count + len(used)])
    for pk in newest:
        if len(part.shown) >= part.count:
            return
        if pk not in used:
            part.shown.append(pk)
            used.add(pk)


def _draw(parts: list[Part], request: HttpRequest, frame: Frame) -> None:
    wanted = {pk for part in parts for pk in part.shown}
    found = Article.objects.filter(pk__in=wanted).with_cards()
    cards = {card.pk: card for card in Cards(request, frame).of(found)}
    for part in parts:
        part.cards = [cards[pk] for pk in part.shown if pk in cards]
        if part.section is not None:
            part.link = frame.sections.link(part.section)
            part.heading = part.section.title
        elif part.kind == "latest":
            part.heading = _("Latest")


def _regions(parts: list[Part]) -> list[Region]:
    """Lead and seconds share a stretch, river and latest another, and so do sections in a row."""
    regions: list[Region] = []
    for part in parts:
        kind = _REGION_OF[part.kind]
        last = regions[-1] if regions else None
        there = {other.kind for other in last.parts} if last else set()
        if last and last.kind == kind and (kind == "sections" or part.kind not in there):
            last.parts.append(part)
        else:
            regions.append(Region(kind, [part]))
    return regions
