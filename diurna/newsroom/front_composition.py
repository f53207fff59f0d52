"""What a front is composed of, read from the JSON of its StreamField and written back to it.

Pure, and without the pages that it names: a front is drawn and composed by their numbers. Whatever
comes in (an old front, a form) is brought within the limits of `newsroom.blocks.front`.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

# How many places a block of this kind may have; those where stories can be put by hand.
MOST: Final = {
    "lead": 1,
    "seconds": 4,
    "river": 30,
    "section": 12,
    "picks": 6,
    "ranked": 10,
    "latest": 20,
    "ticker": 8,
}
WITH_PLACES: Final = frozenset({"lead", "seconds", "river", "section", "picks"})
WITH_HEADING: Final = frozenset({"river", "picks"})
# A block of its own kind for each; a second lead would be none.
ONLY_ONE: Final = frozenset({"lead", "seconds"})
USUAL: Final = {
    "lead": 1,
    "seconds": 3,
    "river": 8,
    "section": 4,
    "picks": 3,
    "ranked": 4,
    "latest": 8,
    "ticker": 4,
}
RANKING_WORDS: Final = ("valued", "discussed", "trending", "hot")
# A front with more is a list, and each block costs its part of every drawing.
MOST_BLOCKS: Final = 40
LONGEST_HEADING: Final = 120
# Beyond them a moment may have no time in another zone, and a browser sends the year 2 for a year
# that begins with it.
YEARS: Final = range(1970, 9999)


@dataclass(frozen=True)
class Place:
    """Where a story stands: which, and until when (aware; None: for good). Empty: by itself."""

    article: int | None = None
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Whether a story is put here and its time is not over."""
        return self.article is not None and (self.until is None or self.until > at)


EMPTY: Final = Place()


@dataclass(frozen=True)
class Block:
    """One block of a front. `places` ends with the last that is not empty."""

    kind: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    count: int = 1
    heading: str = ""
    section: int | None = None
    ranking: str = RANKING_WORDS[0]
    places: tuple[Place, ...] = ()

    def place(self, number: int) -> Place:
        """The place with this number, from 0; an empty one beyond the last."""
        return self.places[number] if 0 <= number < len(self.places) else EMPTY

    def with_place(self, number: int, place: Place) -> "Block":
        """The block with this in place `number`."""
        places = [*self.places, *[EMPTY] * (number + 1 - len(self.places))]
        places[number] = place
        return replace(self, places=_trimmed(places))

    @property
    def picked(self) -> list[int]:
        """The stories that were put into it, also those whose time is over."""
        return [place.article for place in self.places if place.article is not None]


def new_block(kind: str, *, section: int | None = None, ranking: str = "") -> Block:
    """An empty block of this kind, of the usual size."""
    return Block(
        kind=kind,
        count=USUAL[kind],
        section=section,
        ranking=ranking if ranking in RANKING_WORDS else RANKING_WORDS[0],
    )


def read(raw: Iterable[Any]) -> list[Block]:
    """The blocks of a stored or sent composition, in order; what is none is left out."""
    blocks: list[Block] = []
    for one in raw:
        if len(blocks) >= MOST_BLOCKS:
            break
        block = _block(one) if isinstance(one, Mapping) else None
        if block is None or (block.kind in ONLY_ONE and _has(blocks, block.kind)):
            continue
        blocks.append(block)
    return blocks


def written(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The composition as its StreamField stores it."""
    return [{"type": block.kind, "id": block.key, "value": _value(block)} for block in blocks]


def ends(blocks: Iterable[Block]) -> list[datetime]:
    """When the time of each story that was put somewhere is over, soonest first."""
    return sorted(
        place.until
        for block in blocks
        for place in block.places
        if place.article is not None and place.until is not None
    )


def _has(blocks: Iterable[Block], kind: str) -> bool:
    return any(block.kind == kind for block in blocks)


def _block(raw: Mapping[str, Any]) -> Block | None:
    kind, value = raw.get("type"), raw.get("value")
    if not isinstance(kind, str) or kind not in MOST or not isinstance(value, Mapping):
        return None
    places = _places(kind, value)
    section = _number(value.get("section"))
    if kind == "section" and section is None:
        return None
    ranking = value.get("ranking")
    return Block(
        kind=kind,
        key=_key(raw.get("id")),
        count=_count(kind, value.get("count"), places),
        heading=_heading(value.get("heading")) if kind in WITH_HEADING else "",
        section=section if kind == "section" else None,
        ranking=ranking if ranking in RANKING_WORDS else RANKING_WORDS[0],
        places=places,
    )


def _places(kind: str, value: Mapping[str, Any]) -> tuple[Place, ...]:
    if kind not in WITH_PLACES:
        return ()
    if kind == "lead":
        return _trimmed([_place(value)])
    items = value.get("articles")
    found = [_place(_inside(item)) for item in items] if isinstance(items, list) else []
    return _trimmed(found[: MOST[kind]])


def _inside(item: Any) -> Any:
    """The value of a list's item, with or without the frame that Wagtail puts around it."""
    is_framed = isinstance(item, Mapping) and item.get("type") == "item" and "value" in item
    return item["value"] if is_framed else item


def _place(value: Any) -> Place:
    if not isinstance(value, Mapping):
        # As earlier versions stored it.
        return Place(_number(value))
    article = _number(value.get("article"))
    return EMPTY if article is None else Place(article, moment(value.get("until")))


def _trimmed(places: list[Place]) -> tuple[Place, ...]:
    while places and places[-1].article is None:
        places = places[:-1]
    return tuple(places)


def _number(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    # More digits than a database's numbers have are none.
    return value if is_number and 0 < value < 2**31 else None


def moment(value: Any) -> datetime | None:
    """The time that this means, aware; None for what means none, or one beyond `YEARS`."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.year not in YEARS:
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _count(kind: str, value: Any, places: tuple[Place, ...]) -> int:
    if kind == "picks":
        return MOST[kind]
    number = _number(value) or (len(places) or USUAL[kind])
    return min(number, MOST[kind])


def _heading(value: Any) -> str:
    return " ".join(value.split())[:LONGEST_HEADING] if isinstance(value, str) else ""


def _key(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError):
        return str(uuid.uuid4())


def _value(block: Block) -> dict[str, Any]:
    if block.kind == "lead":
        return _written_place(block.place(0))
    value: dict[str, Any] = {}
    if block.kind != "picks":
        value["count"] = block.count
    if block.kind in WITH_HEADING:
        value["heading"] = block.heading
    if block.kind == "section":
        value["section"] = block.section
    if block.kind == "ranked":
        value["ranking"] = block.ranking
    if block.kind in WITH_PLACES:
        value["articles"] = [
            {"type": "item", "id": str(uuid.uuid4()), "value": _written_place(place)}
            for place in block.places
        ]
    return value


def _written_place(place: Place) -> dict[str, Any]:
    return {
        "article": place.article,
        "until": place.until.isoformat() if place.until is not None else None,
    }
