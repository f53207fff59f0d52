"""What an editor does to a front before it is published: each a new list of blocks; pure.

Blocks and places are named by their numbers from 0. Whoever names one that is not there changes
nothing: between two presses a colleague's front may have been loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diurna.newsroom.front_composition import (
    EMPTY,
    MOST,
    MOST_BLOCKS,
    ONLY_ONE,
    WITH_PLACES,
    Block,
    Place,
)

Blocks = Sequence[Block]


@dataclass(frozen=True)
class Spot:
    """A place on the front: the number of its block, and its own."""

    block: int
    place: int


def move_block(blocks: Blocks, number: int, to: int) -> list[Block]:
    """The block moved so that it is number `to`."""
    found = list(blocks)
    if not 0 <= number < len(found):
        return found
    block = found.pop(number)
    found.insert(max(0, min(to, len(found))), block)
    return found


def remove_block(blocks: Blocks, number: int) -> list[Block]:
    """The front without this block."""
    return [block for place, block in enumerate(blocks) if place != number]


def add_block(blocks: Blocks, block: Block) -> list[Block]:
    """The front with this block: lead and seconds at the top, others at the end."""
    found = list(blocks)
    there = [one.kind for one in found]
    if len(found) >= MOST_BLOCKS or (block.kind in ONLY_ONE and block.kind in there):
        return found
    if block.kind == "lead":
        return [block, *found]
    if block.kind == "seconds":
        at = there.index("lead") + 1 if "lead" in there else 0
        return [*found[:at], block, *found[at:]]
    return [*found, block]


def resize(blocks: Blocks, number: int, count: int) -> list[Block]:
    """The block with so many places, within its limits; what stood beyond them is let go."""
    block = _at(blocks, number)
    if block is None or block.kind == "picks":
        return list(blocks)
    count = max(1, min(count, MOST[block.kind]))
    shorter = replace(block, count=count, places=())
    for place in range(min(count, len(block.places))):
        if block.places[place].article is not None:
            shorter = shorter.with_place(place, block.places[place])
    return _with(blocks, number, shorter)


def put(blocks: Blocks, spot: Spot, article: int) -> list[Block]:
    """The story put there by hand, without an end; what was put there before is let go.

    A story stands in one place: it is taken from wherever else it was put.
    """
    block = _at(blocks, spot.block)
    if block is None or not can_hold(block, spot.place):
        return list(blocks)
    before = block.place(spot.place)
    until = before.until if before.article == article else None
    cleared = [_without(one, article) for one in blocks]
    holder = _placed(cleared[spot.block], spot.place, Place(article, until))
    return _with(cleared, spot.block, holder)


def free(blocks: Blocks, spot: Spot) -> list[Block]:
    """The place fills by itself again; an editor's pick closes the gap."""
    block = _at(blocks, spot.block)
    if block is None or block.place(spot.place).article is None:
        return list(blocks)
    if block.kind == "picks":
        places = block.places[: spot.place] + block.places[spot.place + 1 :]
        return _with(blocks, spot.block, replace(block, places=places))
    return _with(blocks, spot.block, block.with_place(spot.place, EMPTY))


def move_story(blocks: Blocks, article: int, source: Spot, target: Spot) -> list[Block]:
    """The story that stands at `source` put at `target`; what was put there takes its place.

    `article` may stand at `source` by itself; its time, where it has one, goes with it.
    """
    start, end = _at(blocks, source.block), _at(blocks, target.block)
    if start is None or end is None or not can_hold(end, target.place) or source == target:
        return list(blocks)
    stood = start.place(source.place)
    is_by_hand = stood.article == article
    moved, back = stood if is_by_hand else Place(article), end.place(target.place)
    found = _with(blocks, target.block, _placed(end, target.place, moved))
    if back.article is None:
        return free(found, source) if is_by_hand else found
    if not can_hold(start, source.place):
        return found
    holder = found[source.block]
    return _with(found, source.block, _placed(holder, source.place, back))


def set_until(blocks: Blocks, spot: Spot, until: datetime | None) -> list[Block]:
    """The story that is put there stands until then (aware; None: for good)."""
    block = _at(blocks, spot.block)
    if block is None or (article := block.place(spot.place).article) is None:
        return list(blocks)
    return _with(blocks, spot.block, block.with_place(spot.place, Place(article, until)))


def can_hold(block: Block, place: int) -> bool:
    """Whether a story can be put into this place by hand."""
    return block.kind in WITH_PLACES and 0 <= place < block.count


def _placed(block: Block, number: int, place: Place) -> Block:
    """An editor's pick has no gaps, so what is put far down comes next."""
    number = min(number, len(block.places)) if block.kind == "picks" else number
    return block.with_place(number, place)


def _without(block: Block, article: int) -> Block:
    for number, place in enumerate(block.places):
        if place.article == article:
            return free([block], Spot(0, number))[0]
    return block


def _at(blocks: Blocks, number: int) -> Block | None:
    return blocks[number] if 0 <= number < len(blocks) else None


def _with(blocks: Blocks, number: int, block: Block) -> list[Block]:
    return [block if place == number else one for place, one in enumerate(blocks)]
