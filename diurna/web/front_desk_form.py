"""What stands in the composer's form: a front that is stored nowhere yet, and what a press does.

The whole front travels in the form, so each press works without JavaScript and stores nothing, and
two editors who try things out are not in each other's way.
"""

import json
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.common.errors import Invalid
from diurna.newsroom import front_editing
from diurna.newsroom.front_composition import (
    LONGEST_HEADING,
    MOST,
    RANKING_WORDS,
    WITH_HEADING,
    YEARS,
    Block,
    new_block,
    read,
    written,
)
from diurna.newsroom.front_editing import Spot

# Forty blocks with thirty places each take less.
_LONGEST_JSON: Final = 500_000
_DIGITS: Final = 9
LONGEST_QUERY: Final = 100


@dataclass(frozen=True)
class Hand:
    """A story that an editor has taken up to put somewhere, and where it was taken from."""

    article: int
    source: Spot | None = None

    def word(self) -> str:
        """As a button or a hidden field says it."""
        return ":".join(
            str(number)
            for number in (
                self.article,
                *((self.source.block, self.source.place) if self.source else ()),
            )
        )


@dataclass(frozen=True)
class Draft:
    """The form: the blocks, the revision they began with, the story in hand, what is looked for.

    `said` tells what the press did, `focus` which control goes on with it (an id of the page),
    `wrong` why a time was not taken, so that it is not published without.
    """

    blocks: list[Block]
    base: int
    hand: Hand | None = None
    query: str = ""
    said: str = ""
    focus: str = ""
    wrong: str = ""

    def json(self) -> str:
        """The blocks as the hidden field carries them."""
        return json.dumps(written(self.blocks))


def sent(form: QueryDict, zone: zoneinfo.ZoneInfo) -> Draft:
    """The front that a sent form holds; raises Invalid for one that no composer made."""
    text = form.get("composition", "")
    try:
        raw = json.loads(text) if len(text) <= _LONGEST_JSON else None
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, list):
        raise Invalid(_("The form came incomplete. Please load the page again."))
    blocks, wrong = _with_fields(read(raw), form, zone)
    hand = _hand(form.get("hand", ""))
    query = " ".join(form.get("q", "").split())[:LONGEST_QUERY]
    base = read_number(form.get("base", "")) or 0
    return Draft(blocks, base, hand, query, said=wrong, wrong=wrong)


def pressed(draft: Draft, do: str, form: QueryDict) -> Draft:
    """The front after a press; one that means nothing here changes nothing."""
    name, _colon, rest = do.partition(":")
    act = _ACTS.get(name)
    numbers = [read_number(word) for word in rest.split(":")] if rest else []
    if act is None or None in numbers:
        return draft
    return act(draft, [number for number in numbers if number is not None], form)


def spot_id(kind: str, *numbers: int) -> str:
    """The id of a control of the page, such as `up-2` or `place-0-3`."""
    return "-".join([kind, *map(str, numbers)])


def _with_fields(
    blocks: list[Block], form: QueryDict, zone: zoneinfo.ZoneInfo
) -> tuple[list[Block], str]:
    """The blocks with what was typed, and what is wrong with a time, if anything is."""
    found, wrong = list(blocks), ""
    for number, block in enumerate(blocks):
        if block.kind in WITH_HEADING and (heading := form.get(f"heading-{number}")) is not None:
            heading = " ".join(heading.split())[:LONGEST_HEADING]
            found[number] = replace(found[number], heading=heading)
        if (ranking := form.get(f"ranking-{number}")) in RANKING_WORDS:
            found[number] = replace(found[number], ranking=str(ranking))
        if count := read_number(form.get(f"count-{number}", "")):
            found = front_editing.resize(found, number, count)
        for place in range(len(block.places)):
            words = form.get(f"until-{number}-{place}")
            # A time that is there twice, when the clocks go back, is told by what it was.
            if words is None or words == written_locally(block.places[place].until, zone):
                continue
            try:
                until = local_time(words, zone)
            except Invalid as error:
                wrong = str(error)
            else:
                found = front_editing.set_until(found, Spot(number, place), until)
    return found, wrong


def local_time(words: str, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """The moment in a field for date and time (aware), None in an empty one; Invalid for others.

    Of a time that is there twice, when the clocks go back, the first; Invalid for one that is
    skipped when they go forward.
    """
    if not words.strip():
        return None
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        found = datetime.min
    if found.year not in YEARS:
        raise Invalid(_("Please write a time as in 2026-12-31 18:30."))
    if found.tzinfo is not None:
        return found
    here = found.replace(tzinfo=zone)
    if here.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found:
        raise Invalid(_("There is no such time in this time zone: the clocks go forward over it."))
    return here


def read_number(word: str) -> int | None:
    """The whole number that a field holds; None for anything else."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _DIGITS else None


def _hand(word: str) -> Hand | None:
    numbers = [read_number(part) for part in word.split(":")]
    match numbers:
        case [int(article)]:
            return Hand(article)
        case [int(article), int(block), int(place)]:
            return Hand(article, Spot(block, place))
    return None


def _block_up(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    return _move_block(draft, numbers, -1)


def _block_down(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    return _move_block(draft, numbers, 1)


def _move_block(draft: Draft, numbers: list[int], by: int) -> Draft:
    match numbers:
        case [number] if 0 <= number + by < len(draft.blocks):
            return _block_to(draft, [number, number + by], QueryDict())
    return draft


def _block_to(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    match numbers:
        case [number, to] if number < len(draft.blocks):
            to = min(to, len(draft.blocks) - 1)
            said = _("Moved: block %(place)d of %(all)d.") % {
                "place": to + 1,
                "all": len(draft.blocks),
            }
            blocks = front_editing.move_block(draft.blocks, number, to)
            way = "up" if to < number else "down"
            return replace(draft, blocks=blocks, hand=None, said=said, focus=spot_id(way, to))
    return draft


def _remove(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    match numbers:
        case [number]:
            blocks = front_editing.remove_block(draft.blocks, number)
            said = _("The block is removed.")
            return replace(draft, blocks=blocks, hand=None, said=said, focus="add-kind")
    return draft


def _add(draft: Draft, _numbers_none: list[int], form: QueryDict) -> Draft:
    kind, _colon, what = form.get("add-kind", "").partition(":")
    section = read_number(what) if kind == "section" else None
    if kind not in MOST or (kind == "section" and section is None):
        return replace(draft, said=_("Please choose a block to add."), focus="add-kind")
    block = new_block(kind, section=section, ranking=what)
    if kind == "picks":
        block = replace(block, heading=_("Editor’s pick"), count=MOST[kind])
    blocks = front_editing.add_block(draft.blocks, block)
    if len(blocks) == len(draft.blocks):
        return replace(draft, said=_("The front has this block already."), focus="add-kind")
    at = next(number for number, one in enumerate(blocks) if one is block)
    return replace(
        draft, blocks=blocks, hand=None, said=_("The block is added."), focus=f"block-{at}"
    )


def _take(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    match numbers:
        case [article]:
            hand = Hand(article)
        case [article, block, place]:
            hand = Hand(article, Spot(block, place))
        case _:
            return draft
    said = _("Taken up. Now choose a place for it, or let it go.")
    return replace(draft, hand=hand, said=said, focus="in-hand")


def _let_go(draft: Draft, _none: list[int], _form: QueryDict) -> Draft:
    return replace(draft, hand=None, said=_("Nothing is taken up any more."), focus="look-for")


def _put(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    """What is in hand, into this place."""
    if draft.hand is None or len(numbers) != 2:
        return draft
    source = draft.hand.source
    return _put_there(draft, draft.hand.article, source, Spot(*numbers))


def _drop(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    """A story dragged to a place: from the list of stories, or from another place."""
    match numbers:
        case [article, block, place]:
            return _put_there(draft, article, None, Spot(block, place))
        case [article, from_block, from_place, block, place]:
            return _put_there(draft, article, Spot(from_block, from_place), Spot(block, place))
    return draft


def _put_there(draft: Draft, article: int, source: Spot | None, target: Spot) -> Draft:
    if source is None or source.block >= len(draft.blocks):
        blocks = front_editing.put(draft.blocks, target, article)
    else:
        blocks = front_editing.move_story(draft.blocks, article, source, target)
    if blocks == draft.blocks:
        said = _("The story can’t be put there.")
        return replace(draft, hand=None, said=said)
    said = _("Put in place %(place)d.") % {"place": target.place + 1}
    focus = spot_id("place", target.block, target.place)
    return replace(draft, blocks=blocks, hand=None, said=said, focus=focus)


def _hold(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    """Keep in its place what stands there by itself."""
    match numbers:
        case [article, block, place]:
            draft = _put_there(draft, article, None, Spot(block, place))
            return replace(draft, said=_("It is pinned there."))
    return draft


def _free(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    match numbers:
        case [block, place]:
            blocks = front_editing.free(draft.blocks, Spot(block, place))
            said = _("The place fills by itself.")
            focus = spot_id("place", block, place)
            return replace(draft, blocks=blocks, hand=None, said=said, focus=focus)
    return draft


def _story_up(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    return _story_by(draft, numbers, -1)


def _story_down(draft: Draft, numbers: list[int], _form: QueryDict) -> Draft:
    return _story_by(draft, numbers, 1)


def _story_by(draft: Draft, numbers: list[int], by: int) -> Draft:
    """The story one place further; beyond its block, into the next that stories are put in."""
    match numbers:
        case [article, block, place] if block < len(draft.blocks):
            source = Spot(block, place)
            target = _beside(draft.blocks, source, by)
            if target is not None:
                return _put_there(draft, article, source, target)
            return replace(draft, said=_("It stands at the end already."))
    return draft


def _beside(blocks: list[Block], spot: Spot, by: int) -> Spot | None:
    here = Spot(spot.block, spot.place + by)
    if front_editing.can_hold(blocks[spot.block], here.place):
        return here
    number = spot.block + by
    while 0 <= number < len(blocks):
        last = blocks[number].count - 1
        if blocks[number].kind == "picks":
            last = min(last, len(blocks[number].places))
        place = 0 if by > 0 else last
        if front_editing.can_hold(blocks[number], place):
            return Spot(number, place)
        number += by
    return None


def _empty(draft: Draft, _none: list[int], _form: QueryDict) -> Draft:
    said = _("The whole front fills by itself now.")
    return replace(draft, blocks=[], hand=None, said=said, focus="add-kind")


def _refresh(draft: Draft, _none: list[int], _form: QueryDict) -> Draft:
    return draft


def _find(draft: Draft, _none: list[int], _form: QueryDict) -> Draft:
    return replace(draft, focus="look-for")


_ACTS: Final[dict[str, Callable[[Draft, list[int], QueryDict], Draft]]] = {
    "up": _block_up,
    "down": _block_down,
    "to": _block_to,
    "remove": _remove,
    "add": _add,
    "take": _take,
    "let-go": _let_go,
    "put": _put,
    "drop": _drop,
    "hold": _hold,
    "free": _free,
    "story-up": _story_up,
    "story-down": _story_down,
    "empty": _empty,
    "find": _find,
    "refresh": _refresh,
}


def written_locally(at: datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    """A moment as a field for date and time wants it, in this time zone."""
    return "" if at is None else timezone.localtime(at, zone).strftime("%Y-%m-%dT%H:%M")


def is_known(name: str) -> bool:
    """Whether this is something that a press does to the form alone."""
    return name.partition(":")[0] in _ACTS
