"""The front: what an editor composed, filled up by itself; no story twice, never empty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.delivery import surrogate
from diurna.newsroom.front_automatic import automatic_blocks
from diurna.newsroom.front_composing import composition_of
from diurna.newsroom.front_composition import Block
from diurna.newsroom.models import Front
from diurna.web.cards import Card, Cards, keys_of
from diurna.web.cards_plan import stories_for_cards
from diurna.web.frame import Frame, Link, frame_of
from diurna.web.front_filling import Filled, fill, is_empty, is_worth_it, next_end
from diurna.web.front_ranked import heading_of_ranking, list_of_ranking
from diurna.web.metadata import front_metadata
from diurna.web.response import in_newsroom, page_response

_REGION_OF: Final = {
    "ticker": "ticker",
    "lead": "top",
    "seconds": "top",
    "river": "middle",
    "latest": "middle",
    "section": "sections",
    "ranked": "sections",
    "picks": "picks",
}


@dataclass
class Part:
    """One block as it is drawn: a heading, the way to more of it, and its stories."""

    kind: str
    cards: list[Card]
    heading: str = ""
    link: Link | None = None
    # The list whose order it is; readers are told why a story stands there.
    ranking: str = ""


@dataclass(frozen=True)
class Region:
    """A stretch of the page: `ticker`, `top`, `middle`, `sections` or `picks`."""

    kind: str
    parts: list[Part] = field(default_factory=list)

    @property
    def main(self) -> Part:
        """What the wide column of the middle holds: the river, if it has one."""
        return next((part for part in self.parts if part.kind == "river"), self.parts[0])

    @property
    def rail(self) -> list[Part]:
        """What stands beside it, one below the other."""
        return [part for part in self.parts if part is not self.main]

    def takes(self, part: Part) -> bool:
        """Whether a block that follows stands in the same stretch."""
        if part.kind == "ranked" and self.kind == "middle":
            return True
        is_of_it = _REGION_OF[part.kind] == self.kind
        return is_of_it and (
            self.kind == "sections" or part.kind not in {other.kind for other in self.parts}
        )


def front_page(
    front: Front, request: HttpRequest, *, blocks: Sequence[Block] | None = None
) -> HttpResponse:
    """The front page of the newsroom; the desk's preview gives other `blocks`."""
    frame, now = frame_of(request), timezone.now()
    composed = composition_of(front) if blocks is None else blocks
    with in_newsroom(frame):
        filled = filled_front(composed, frame, now)
        parts = _drawn(filled, request, frame)
    cards = [card for part in parts for card in part.cards]
    context = {
        "front": front,
        "metadata": front_metadata(front, newsroom=frame.newsroom),
        "regions": _regions(parts),
        # A kept page cannot know what day it is; it knows what its newest story is.
        "edition": max((card.published for card in cards if card.published), default=None),
    }
    # Also of a list that shows nothing here: it may in a moment.
    lists = [one.ranked for one in filled if one.ranked is not None]
    keys = ["front", "list-latest", f"page-{front.pk}", *(one.key for one in lists)]
    response = page_response(
        request, "pages/front.html", context, keys=[*keys, *keys_of(cards)], frame=frame
    )
    if end := next_end(composed, now):
        surrogate.expires(response, seconds=(end - now).total_seconds())
    for one in lists:
        surrogate.expires(response, seconds=one.seconds)
    return response


def filled_front(composed: Sequence[Block], frame: Frame, now: datetime) -> list[Filled]:
    """What the front shows at that time; where nothing is left of it, what it is by itself."""
    filled = fill(composed, sections=frame.sections, at=now) if composed else []
    if is_empty(filled):
        blocks = automatic_blocks(frame.sections.all)
        filled = [one for one in fill(blocks, sections=frame.sections, at=now) if is_worth_it(one)]
    return filled


def _drawn(filled: Sequence[Filled], request: HttpRequest, frame: Frame) -> list[Part]:
    wanted = {pk for one in filled for pk in one.shown}
    if not wanted:
        return []
    wide = {pk for one in filled if one.block.kind == "lead" for pk in one.shown}
    found = stories_for_cards(wanted, wide=wide)
    cards = {card.pk: card for card in Cards(request, frame).of(found, wide=wide)}
    parts = [_part(one, [cards[pk] for pk in one.shown if pk in cards], frame) for one in filled]
    return [part for part in parts if part.cards]


def _part(one: Filled, cards: list[Card], frame: Frame) -> Part:
    block = one.block
    if one.section is not None:
        link = frame.sections.link(one.section)
        return Part(block.kind, cards, heading=one.section.title, link=link)
    if block.kind == "ranked":
        return Part(
            block.kind,
            cards,
            heading=heading_of_ranking(block.ranking),
            link=list_of_ranking(block.ranking),
            ranking=block.ranking,
        )
    if block.kind in {"latest", "ticker"}:
        return Part(block.kind, cards, heading=_("Latest"))
    return Part(block.kind, cards, heading=block.heading)


def _regions(parts: list[Part]) -> list[Region]:
    """Lead and seconds share a stretch; river, latest and lists another; so do columns in a row."""
    regions: list[Region] = []
    for part in parts:
        if regions and regions[-1].takes(part):
            regions[-1].parts.append(part)
        else:
            regions.append(Region(_REGION_OF[part.kind], [part]))
    return regions
