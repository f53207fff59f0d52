"""Which stories stand where on the front: put there by hand, else by themselves; none twice.

By numbers alone, so that the desk, which shows what the front would be, costs no drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import connection

from diurna.newsroom.front_composition import EMPTY, Block
from diurna.newsroom.models import Section
from diurna.web.beside import SMALL_SECTION
from diurna.web.frame import Sections
from diurna.web.front_ranked import RankedStories, ranked_stories

# Who claims first, after what was put by hand; the others claim as they stand.
_FIRST: Final = ("lead", "seconds", "ranked", "ticker", "latest")
_PICKED: Final = -1
_NEWEST: Final = -2

# CROSS JOIN keeps SQLite from beginning with the articles, which have no date.
_STORIES: Final = """SELECT {kind}, p.id, CASE WHEN a.retracted_at IS NULL THEN 0 ELSE 1 END,
  p.first_published_at
  FROM wagtailcore_page p CROSS JOIN newsroom_article a WHERE a.page_ptr_id = p.id AND p.live"""
_ORDER: Final = "ORDER BY p.first_published_at DESC, p.id DESC LIMIT {limit}"


@dataclass(frozen=True)
class Shown:
    """A story in a place: its number, and whether somebody put it there."""

    article: int
    by_hand: bool


@dataclass
class Filled:
    """A block and what stands in it. `places` has an entry for each of its places, None for none.

    `passed` are places whose story is not shown there, by number: it stands elsewhere already.
    `ranked` is the list that it fills from, for the name and the age of the page that shows it.
    """

    block: Block
    section: Section | None = None
    places: list[Shown | None] = field(default_factory=list)
    passed: dict[int, int] = field(default_factory=dict)
    ranked: RankedStories | None = None

    @property
    def shown(self) -> list[int]:
        """The numbers of the stories, in order."""
        return [place.article for place in self.places if place is not None]


@dataclass(frozen=True)
class Candidates:
    """What may be shown: of what was put by hand what is public, the newest, those of sections."""

    public: frozenset[int]
    newest: list[int]
    retracted: frozenset[int]
    of_section: dict[int, list[int]]


def fill(blocks: Sequence[Block], *, sections: Sections, at: datetime) -> list[Filled]:
    """What each block shows at that time (aware), in the order of the blocks.

    What is put by hand comes first, so that nothing above repeats it; then lead and seconds; then
    the ranked lists, a story each in turn, since most stories of one are in the others, too; then
    the latest, and the rest in order. Blocks of sections that are not public are left out.
    """
    live = {section.pk: section for section in sections.all}
    filled = [
        Filled(block, live.get(block.section or 0))
        for block in blocks
        if block.kind != "section" or block.section in live
    ]
    found = _candidates(filled, sections)
    used: set[int] = set()
    for one in filled:
        _put_by_hand(one, found, used, at)
    for kind, group in groupby(sorted(filled, key=_turn), key=lambda one: one.block.kind):
        if kind == "ranked":
            _deal(list(group), used)
        else:
            for one in group:
                _top_up(one, found, used)
    return filled


def is_empty(filled: Iterable[Filled]) -> bool:
    """Whether no block shows a story."""
    return not any(one.shown for one in filled)


def is_worth_it(one: Filled) -> bool:
    """Whether a block that nobody asked for is drawn: one story is no block of a section."""
    return one.section is None or len(one.shown) > 1


def next_end(blocks: Iterable[Block], at: datetime) -> datetime | None:
    """When the time of a story that stands somewhere now is over, the first of them."""
    later = (
        place.until
        for block in blocks
        for place in block.places
        if place.until is not None and place.holds_at(at)
    )
    return min(later, default=None)


def _turn(one: Filled) -> int:
    kind = one.block.kind
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _put_by_hand(one: Filled, found: Candidates, used: set[int], at: datetime) -> None:
    block = one.block
    for number in range(max(block.count, len(block.places))):
        place = block.place(number) if number < block.count else EMPTY
        article = place.article
        stands = article is not None and place.holds_at(at) and article in found.public
        if stands and article in used:
            one.passed[number] = article or 0
        if number < block.count:
            is_shown = stands and article not in used
            one.places.append(Shown(article or 0, by_hand=True) if is_shown else None)
            if is_shown:
                used.add(article or 0)


def _top_up(one: Filled, found: Candidates, used: set[int]) -> None:
    if one.block.kind == "picks" or None not in one.places:
        return
    left = iter([pk for pk in _choice(one, found) if pk not in used])
    for number, place in enumerate(one.places):
        if place is None and (article := next(left, None)) is not None:
            one.places[number] = Shown(article, by_hand=False)
            used.add(article)


def _deal(lists: list[Filled], used: set[int]) -> None:
    """Fill the ranked lists, each with its best that stands nowhere yet, one after the other."""
    wanted = sum(one.block.count for one in lists)
    for one in lists:
        # Some of them may stand above, or in the other lists.
        one.ranked = ranked_stories(one.block.ranking, count=wanted + len(used))
    for number in range(max(one.block.count for one in lists)):
        for one in lists:
            best = one.ranked.articles if one.ranked is not None else []
            article = next((pk for pk in best if pk not in used), None)
            if number < one.block.count and article is not None:
                one.places[number] = Shown(article, by_hand=False)
                used.add(article)


def _choice(one: Filled, found: Candidates) -> list[int]:
    if one.section is not None:
        return found.of_section.get(one.section.pk, [])
    if one.block.kind in {"lead", "seconds"}:
        # A story that was taken back leads nothing, unless there is no other.
        return sorted(found.newest, key=lambda pk: pk in found.retracted)
    return found.newest


def _candidates(filled: Sequence[Filled], sections: Sections) -> Candidates:
    """One question for all of it, whose cost does not grow with the site."""
    picked = sorted({pk for one in filled for pk in one.block.picked})
    wanted = sum(one.block.count for one in filled) + len(picked)
    rows = _read(*_statement(filled, picked, wanted, sections))
    of_section: dict[int, list[tuple[Any, int]]] = {}
    newest: list[tuple[Any, int]] = []
    for kind, number, _retracted, at in rows:
        if kind == _NEWEST:
            newest.append((at, number))
        elif kind != _PICKED:
            of_section.setdefault(kind, []).append((at, number))
    return Candidates(
        public=frozenset(number for kind, number, *_rest in rows if kind == _PICKED),
        newest=_newest_first(newest),
        retracted=frozenset(number for _kind, number, is_retracted, _at in rows if is_retracted),
        of_section={pk: _newest_first(found) for pk, found in of_section.items()},
    )


def _newest_first(found: list[tuple[Any, int]]) -> list[int]:
    # One database gives texts and the other moments; both are in order as texts.
    return [number for _at, number in sorted(found, key=_as_text, reverse=True)]


def _as_text(found: tuple[Any, int]) -> tuple[str, int]:
    at, number = found
    return str(at or ""), number


def _statement(
    filled: Sequence[Filled], picked: list[int], wanted: int, sections: Sections
) -> tuple[str, dict[str, Any]]:
    """What is put in are texts of this file, whole numbers and names of parameters."""
    values: dict[str, Any] = {}
    parts = [_part(_NEWEST, "", wanted)]
    if picked:
        numbers = ", ".join(str(int(pk)) for pk in picked)
        parts.append(f"{_STORIES.format(kind=_PICKED)} AND p.id IN ({numbers})")
    for place, section in enumerate(
        {one.section.pk: one.section for one in filled if one.section is not None}.values()
    ):
        low, high = Section._get_children_path_interval(section.path)
        values |= {f"low_{place}": low, f"high_{place}": high, f"in_{place}": f"{section.path}%"}
        inside = (
            f"AND p.path BETWEEN %(low_{place})s AND %(high_{place})s"
            if _is_small(section, sections)
            # `LIKE` on a value can't use the index of paths: so the dates are followed.
            else f"AND p.path LIKE %(in_{place})s"
        )
        parts.append(_part(section.pk, inside, wanted))
    whole = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part" for part in parts)  # noqa: S608  (names and signs of our own)
    return whole, values


def _part(kind: int, condition: str, limit: int) -> str:
    return f"{_STORIES.format(kind=kind)} {condition} {_ORDER.format(limit=limit)}"


def _is_small(section: Section, sections: Sections) -> bool:
    inside = [one.numchild for one in sections.all if one.path.startswith(section.path)]
    return sum(inside) <= SMALL_SECTION


def _read(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
