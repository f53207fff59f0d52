"""What somebody is cited for: the stories that do it, newest first, each with its notes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest

from diurna.newsroom.models import (
    Article,
    ArticleQuerySet,
    Byline,
    Citation,
    Contributor,
    Outlet,
)
from diurna.newsroom.models.citation import Claim
from diurna.web.cards import Card, Cards
from diurna.web.frame import Frame
from diurna.web.sources import bearing_words


@dataclass(frozen=True)
class CitedFor:
    """One note of a story: where it stands, what it is for, and what is cited."""

    address: str
    number: int
    title: str
    language: str
    kind: str
    claim: str
    bearing: str


@dataclass(frozen=True)
class CitedStory:
    """A story and its notes on somebody, in the order of its text."""

    card: Card
    notes: list[CitedFor]


def of_outlet(outlet: Outlet) -> Q:
    """The citations of what an outlet published."""
    return Q(source__outlet=outlet)


def of_person(person: Contributor) -> Q:
    """The citations of what a contributor saw or said, and of stories that carry the by-line."""
    written = Byline.objects.filter(contributor=person).values("article_id")
    return Q(source__person=person) | Q(source__article__in=written, source__article__live=True)


def stories_citing(which: Q) -> ArticleQuerySet:
    """The published stories whose text has such citations, newest first."""
    citing = Citation.objects.public().filter(which).values("article_id")
    return Article.objects.published().filter(pk__in=citing)


def cited_stories(
    articles: Iterable[Article], which: Q, *, request: HttpRequest, frame: Frame
) -> list[CitedStory]:
    """These stories with their citations of that kind; one query for all of them."""
    shown = list(articles)
    rows = Citation.objects.public().filter(which, article__in=shown)
    found: dict[int | None, list[Citation]] = defaultdict(list)
    for row in rows.select_related("source").order_by("position"):
        found[row.article_id].append(row)
    cards = Cards(request, frame).of(shown, full=False)
    return [
        CitedStory(card, [_cited(row, card.address) for row in found[card.pk]]) for card in cards
    ]


def _cited(row: Citation, address: str) -> CitedFor:
    return CitedFor(
        address=f"{address}#ref-{row.short}",
        number=row.position or 0,
        title=row.source.title,
        language=row.source.language,
        kind=row.source.kind_in_words(),
        claim=str(Claim(row.claim).label),
        bearing=bearing_words(row.bearing),
    )
