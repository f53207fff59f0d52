"""Where a reader can go from an article: related stories, its neighbours, its series."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from diurna.newsroom.models import Article, RelatedArticle
from diurna.web.cards import Card, Cards
from diurna.web.frame import Frame
from diurna.web.participation import is_as_stored

MAX_RELATED = 4
# An editor who wants more than this beside one story wants a series.
MAX_PICKED = 20


@dataclass(frozen=True)
class Onward:
    """Everything that leads on from an article; cards without picture and names."""

    related: list[Card]
    previous: Card | None
    next: Card | None
    series: list[Card]


def onward(article: Article, request: HttpRequest, frame: Frame) -> Onward:
    """Related stories, the neighbours in the section, and the parts of the series."""
    cards = Cards(request, frame)
    earlier, later = _neighbours(article)
    parts = _series(article)
    apart = {found.pk for found in (earlier, later) if found} | {part.pk for part in parts}
    return Onward(
        related=cards.of(_related(article, apart), full=False),
        previous=cards.card(earlier, full=False) if earlier else None,
        next=cards.card(later, full=False) if later else None,
        series=cards.of(parts, full=False),
    )


def _related(article: Article, apart: set[int]) -> list[Article]:
    """What an editor picked, in that order; then what shares most topics, then the section."""
    topics = [topic.pk for topic in article.topics.all()]
    section = article.path[: -article.steplen]
    shared = Count("topics", filter=Q(topics__in=topics), distinct=True)
    found = list(
        Article.objects.published()
        .annotate(picked=_place_among_picks(article), shared_topics=shared)
        .filter(
            Q(picked__isnull=False)
            | Q(Q(topics__in=topics) | Q(path__startswith=section), ~Q(pk__in=apart))
        )
        .exclude(pk=article.pk)
        .defer("body")
        .order_by(F("picked").asc(nulls_last=True), "-shared_topics", "-first_published_at")[
            : MAX_RELATED + MAX_PICKED
        ]
    )
    picked = sum(other.picked is not None for other in found)
    return found[: max(MAX_RELATED, picked)]


def _place_among_picks(article: Article) -> Any:
    """Where an editor put a story beside this one; NULL for what nobody did.

    A preview has picks that are not stored; those of a story that readers ask for are read with
    everything else.
    """
    if is_as_stored(article):
        rows = RelatedArticle.objects.filter(article_id=article.pk, related=OuterRef("pk"))
        # What the desk has never sorted has no number, and comes first.
        return Subquery(rows.values(place=Coalesce("sort_order", Value(0)))[:1])
    picks = [row.related_id for row in article.related_articles.all()]
    whens = [When(pk=pk, then=Value(place)) for place, pk in enumerate(picks)]
    return Case(*whens, default=None, output_field=IntegerField())


def _neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """The published articles just before and just after this one in its section."""
    if article.first_published_at is None:
        return None, None
    siblings = (
        Article.objects.published()
        .filter(path__startswith=article.path[: -article.steplen], depth=article.depth)
        .exclude(pk=article.pk)
        .defer("body")
    )
    at = article.first_published_at
    before = Q(first_published_at__lt=at) | Q(first_published_at=at, pk__lt=article.pk)
    just_before = siblings.filter(before).values("pk")[:1]
    just_after = siblings.exclude(before).order_by("first_published_at", "pk").values("pk")[:1]
    # Both with one question: at most one of each, told apart by their dates.
    found = list(Article.objects.filter(Q(pk__in=just_before) | Q(pk__in=just_after)).defer("body"))
    place = (at, article.pk)
    earlier = next((a for a in found if (a.first_published_at, a.pk) < place), None)
    later = next((a for a in found if (a.first_published_at, a.pk) > place), None)
    return earlier, later


def _series(article: Article) -> list[Article]:
    """All published parts of the article's series, in their order; empty without a series."""
    if article.series_id is None:
        return []
    parts = Article.objects.published().filter(series_id=article.series_id).defer("body")
    return list(parts.order_by("series_position", "first_published_at", "pk"))
