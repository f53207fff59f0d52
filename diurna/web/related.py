"""Where a reader can go from an article: related stories, its neighbours, its series."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import IntegerField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diurna.common.prepared import Prepared, Slot, padded
from diurna.newsroom.models import Article, SourceKind, Why
from diurna.web.beside import PICKED, Going, stories_beside
from diurna.web.cards import OF_A_CARD, Card, Cards
from diurna.web.frame import Frame

# How a source that two stories cite is called, by its kind.
_SAME_SOURCE: Final = {
    SourceKind.DOCUMENT: gettext_lazy("Cites the same document"),
    SourceKind.DATASET: gettext_lazy("Cites the same dataset"),
    SourceKind.INTERVIEW: gettext_lazy("Cites the same interview"),
    SourceKind.OUTLET: gettext_lazy("Cites the same report"),
    SourceKind.POST: gettext_lazy("Cites the same post"),
    SourceKind.STATEMENT: gettext_lazy("Cites the same statement"),
}


@dataclass(frozen=True)
class Related:
    """A related story, and in words why it is one."""

    card: Card
    why: str


@dataclass(frozen=True)
class Place:
    """Where a story stands in its series: part `number` of `parts`, which are more than one."""

    parts: list[Card]
    number: int

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.parts)

    @property
    def first(self) -> Card:
        """The part that the series begins with."""
        return self.parts[0]

    @property
    def previous(self) -> Card | None:
        """The part before this one."""
        return self.parts[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> Card | None:
        """The part after this one."""
        return self.parts[self.number] if self.number < self.count else None


@dataclass(frozen=True)
class Onward:
    """Everything that leads on from an article; cards without picture and names.

    `of_site`: the neighbours are looked for in the whole site, and not in the section.
    """

    related: list[Related]
    previous: Card | None
    next: Card | None
    of_site: bool
    series: Place | None

    @property
    def read_on(self) -> Card | None:
        """The story that follows when a reader reads on: the next part, else the one before it.

        Who has come to the oldest is led to a related one.
        """
        part = self.series.next if self.series else None
        return part or self.previous or next((one.card for one in self.related), None)

    @property
    def cards(self) -> list[Card]:
        """Every card shown."""
        beside = [card for card in (self.previous, self.next) if card]
        parts = self.series.parts if self.series else []
        return [*(one.card for one in self.related), *parts, *beside]


def onward(article: Article, request: HttpRequest, frame: Frame) -> Onward:
    """Related stories, the neighbours, and the parts of the series; two queries."""
    beside = stories_beside(article, frame.sections, neighbours=frame.newsroom.neighbours)
    cards = Cards(request, frame)
    stories = _stories(sorted(beside.all))
    above = frame.sections.of(article)
    section = above.title if above else ""
    shown = {pk: cards.card(story, full=False) for pk, story in stories.items()}
    # One that was taken off the site between the two questions is left out.
    return Onward(
        related=[
            Related(shown[one.story], why_related(one, section))
            for one in beside.going
            if one.story in shown
        ],
        previous=shown.get(beside.earlier or 0),
        next=shown.get(beside.later or 0),
        of_site=beside.of_site,
        series=_place(article, [shown[pk] for pk in beside.series if pk in shown]),
    )


def why_related(one: Going, section: str) -> str:
    """The reason in words, such as “Also about Harbour”; `section` is where both stand, if any."""
    if one.why == Why.TOPIC:
        return _("Also about %(topic)s") % {"topic": one.named}
    if one.why == Why.OUTLET:
        return _("Also cites %(outlet)s") % {"outlet": one.named}
    if one.why == Why.SOURCE:
        return str(_SAME_SOURCE.get(SourceKind(one.named), _("Cites the same source")))
    if one.why == Why.TEXT:
        return _("Similar text")
    if one.why == PICKED:
        return _("Picked by the editors")
    return _("Also in %(section)s") % {"section": section} if section else ""


def _place(article: Article, parts: list[Card]) -> Place | None:
    """The story's place in its series; a draft that is in none yet, or its only part, has none."""
    numbers = [part.pk for part in parts]
    if len(parts) == 1 or article.pk not in numbers:
        return None
    return Place(parts, numbers.index(article.pk) + 1)


def _stories(wanted: list[int]) -> dict[int, Article]:
    numbers = {f"story_{place}": pk for place, pk in enumerate(padded(wanted))}
    found = _STORIES.run(*numbers, **numbers) if numbers else []
    return {story.pk: story for story in found}


def _of_a_card(*stories: str) -> QuerySet[Article]:
    slots: list[Any] = [Slot(story, IntegerField()) for story in stories]
    return Article.objects.live().filter(page_ptr__pk__in=slots).only(*OF_A_CARD)


_STORIES: Final = Prepared(_of_a_card)
