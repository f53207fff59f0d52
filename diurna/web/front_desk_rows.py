"""What the composer shows of a front: block by block, place by place, and what is amiss with it."""

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diurna.newsroom.front_composition import (
    MOST,
    ONLY_ONE,
    RANKING_WORDS,
    WITH_HEADING,
    WITH_PLACES,
    Block,
)
from diurna.newsroom.models import Article, ArticleQuerySet
from diurna.web.frame import Sections
from diurna.web.front_desk_form import Draft, Hand, spot_id, written_locally
from diurna.web.front_filling import Filled, Shown
from diurna.web.front_ranked import heading_of_ranking

# A story that was put somewhere by hand and is older is mentioned.
OLD: Final = timedelta(days=7)
# So many stories a search offers: who looks for an older one writes more of its headline.
OFFERED: Final = 12
KINDS: Final = {
    "lead": gettext_lazy("Lead"),
    "seconds": gettext_lazy("Seconds"),
    "river": gettext_lazy("River"),
    "section": gettext_lazy("Section"),
    "picks": gettext_lazy("Editor’s pick"),
    "ranked": gettext_lazy("Ranked by readers"),
    "latest": gettext_lazy("Latest"),
    "ticker": gettext_lazy("Ticker"),
}


@dataclass(frozen=True)
class Story:
    """A story as the composer names it; `where` is the place on the front where it stands."""

    pk: int
    headline: str
    section: str
    published: datetime | None
    where: str = ""
    hand: str = ""


@dataclass(frozen=True)
class PlaceRow:
    """A place: what stands there, whether somebody put it there and until when, what is amiss."""

    number: int
    story: Story | None
    by_hand: bool
    # There is something to let go, whether readers see it or not.
    is_held: bool
    can_hold: bool
    until: str
    problems: list[str]
    id: str


@dataclass
class BlockRow:
    """A block with its places; `label` names it among others of its kind."""

    number: int
    block: Block
    label: str
    places: list[PlaceRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False

    @property
    def has_heading(self) -> bool:
        """Whether it has a heading of its own."""
        return self.block.kind in WITH_HEADING

    @property
    def has_count(self) -> bool:
        """Whether its number of places can be chosen."""
        return self.block.kind not in {"lead", "picks"}

    @property
    def most(self) -> int:
        """How many places it may have."""
        return MOST[self.block.kind]


@dataclass(frozen=True)
class Addition:
    """A block that can be added: the value of its option, and its name."""

    value: str
    name: str


def rows(
    draft: Draft,
    filled: Sequence[Filled],
    *,
    sections: Sections,
    now: datetime,
    zone: zoneinfo.ZoneInfo,
) -> list[BlockRow]:
    """The blocks of the form with what they would show now."""
    shown = {one.block.key: one for one in filled}
    numbers = {pk for one in filled for pk in one.shown}
    numbers |= {pk for block in draft.blocks for pk in block.picked}
    stories = _stories(numbers)
    where = {pk: labels(one.block, sections) for one in filled for pk in one.shown}
    found = []
    for number, block in enumerate(draft.blocks):
        row = BlockRow(number, block, labels(block, sections))
        row.is_first, row.is_last = number == 0, number == len(draft.blocks) - 1
        one = shown.get(block.key)
        look = _Look(stories, where, sections, now, zone)
        row.places = look.places(number, block, one)
        row.problems = _problems(block, one)
        found.append(row)
    return found


def automatic_rows(filled: Sequence[Filled], sections: Sections) -> list[tuple[str, list[Story]]]:
    """What the front shows where nobody composes it: the name of each block, and its stories."""
    stories = _stories({pk for one in filled for pk in one.shown})
    return [
        (labels(one.block, sections), [_story(stories[pk], sections) for pk in one.shown])
        for one in filled
        if one.shown
    ]


def labels(block: Block, sections: Sections) -> str:
    """How the composer names a block."""
    if block.kind == "section":
        title = next((one.title for one in sections.all if one.pk == block.section), "")
        return title or str(KINDS["section"])
    if block.kind == "ranked":
        return heading_of_ranking(block.ranking)
    return block.heading or str(KINDS[block.kind])


def offered(query: str, filled: Sequence[Filled], sections: Sections) -> list[Story]:
    """Public stories with these words in the headline, newest first; without words, the newest."""
    stories = with_words(Article.objects.published().defer("body", "methods"), query)
    where = {pk: labels(one.block, sections) for one in filled for pk in one.shown}
    return [
        _story(article, sections, where=where.get(article.pk, "")) for article in stories[:OFFERED]
    ]


def with_words(stories: ArticleQuerySet, query: str) -> ArticleQuerySet:
    """Those that have all of these words in their headline."""
    for word in query.split():
        stories = stories.filter(Q(title__icontains=word) | Q(short_headline__icontains=word))
    return stories


def additions(blocks: Iterable[Block], sections: Sections) -> list[Addition]:
    """What can be added: each ranked list and each section is a block of its own."""
    blocks = list(blocks)
    there = {block.kind for block in blocks}
    known = {block.section for block in blocks}
    rankings = {block.ranking for block in blocks if block.kind == "ranked"}
    found = [
        Addition(kind, str(KINDS[kind]))
        for kind in MOST
        if kind not in {"section", "ranked"} and not (kind in ONLY_ONE and kind in there)
    ]
    found += [
        Addition(f"ranked:{word}", heading_of_ranking(word))
        for word in RANKING_WORDS
        if word not in rankings
    ]
    return found + [
        Addition(f"section:{one.pk}", _("Section: %(title)s") % {"title": one.title})
        for one in sections.all
        if one.pk not in known
    ]


def story_in_hand(hand: Hand | None, sections: Sections) -> Story | None:
    """The story that is taken up, if there is one and it is still there."""
    if hand is None:
        return None
    article = _stories({hand.article}).get(hand.article)
    return _story(article, sections) if article is not None else None


class _Look:
    """Looks at the places of one block after the other."""

    def __init__(
        self,
        stories: dict[int, Article],
        where: dict[int, str],
        sections: Sections,
        now: datetime,
        zone: zoneinfo.ZoneInfo,
    ) -> None:
        self._stories = stories
        self._where = where
        self._sections = sections
        self._now = now
        self._zone = zone

    def places(self, number: int, block: Block, one: Filled | None) -> list[PlaceRow]:
        """All places of a block; of an editor's pick those that are taken, and one to fill."""
        count = block.count
        if block.kind == "picks":
            count = min(len(block.places) + 1, MOST["picks"])
        return [self._place(number, block, one, place) for place in range(count)]

    def _place(self, number: int, block: Block, one: Filled | None, place: int) -> PlaceRow:
        held = block.place(place)
        shown = one.places[place] if one is not None and place < len(one.places) else None
        by_hand = shown is not None and shown.by_hand
        article = self._stories.get(shown.article) if shown is not None else None
        if article is None and block.kind == "picks" and held.article is not None:
            article = self._stories.get(held.article)
        return PlaceRow(
            number=place,
            story=self._named(article, number, place) if article is not None else None,
            by_hand=by_hand,
            is_held=held.article is not None,
            can_hold=block.kind in WITH_PLACES,
            until=written_locally(held.until, self._zone),
            problems=self._amiss(block, place, shown, one),
            id=spot_id("place", number, place),
        )

    def _named(self, article: Article, number: int, place: int) -> Story:
        hand = f"{article.pk}:{number}:{place}"
        return _story(article, self._sections, hand=hand)

    def _amiss(
        self, block: Block, number: int, shown: Shown | None, one: Filled | None
    ) -> list[str]:
        place = block.place(number)
        if place.article is None:
            return []
        article = self._stories.get(place.article)
        if article is None:
            return [_("The story that was put here is not there any more.")]
        named = {"headline": article.display_headline()}
        if not article.live:
            return [self._not_public(article) % named]
        found = []
        if place.until is not None and place.until <= self._now:
            said = _("The time of “%(headline)s” was over on %(time)s.")
            return [said % {**named, "time": self._time(place.until)}]
        if one is not None and number in one.passed:
            said = _("“%(headline)s” stands in “%(block)s” already; it is not shown twice.")
            found.append(said % {**named, "block": self._where.get(article.pk, "")})
        if article.retracted_at is not None:
            found.append(_("“%(headline)s” was retracted.") % named)
        if shown is not None and (days := self._days(article)) > OLD.days:
            found.append(
                ngettext(
                    "“%(headline)s” is %(days)d day old.",
                    "“%(headline)s” is %(days)d days old.",
                    days,
                )
                % {**named, "days": days}
            )
        return found

    def _not_public(self, article: Article) -> str:
        if article.first_published_at is not None:
            return _("“%(headline)s” was withdrawn, so readers do not see it.")
        return _("“%(headline)s” is a draft, so readers do not see it.")

    def _days(self, article: Article) -> int:
        at = article.first_published_at
        return (self._now - at).days if at is not None else 0

    def _time(self, at: datetime) -> str:
        local = timezone.localtime(at, self._zone)
        return str(formats.date_format(local, "SHORT_DATETIME_FORMAT"))


def _problems(block: Block, one: Filled | None) -> list[str]:
    if one is None:
        return [_("This section is not public, so readers do not see the block.")]
    if not one.shown:
        return [_("There is nothing to show here now, so readers do not see the block.")]
    return []


def _stories(numbers: Iterable[int]) -> dict[int, Article]:
    rows = Article.objects.filter(pk__in=set(numbers)).defer("body", "methods")
    return {row.pk: row for row in rows}


def _story(article: Article, sections: Sections, *, where: str = "", hand: str = "") -> Story:
    section: Any = sections.of(article)
    return Story(
        pk=article.pk,
        headline=article.display_headline(),
        section=section.title if section is not None else "",
        published=article.first_published_at,
        where=where,
        hand=hand or str(article.pk),
    )
