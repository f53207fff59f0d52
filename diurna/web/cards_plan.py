"""The stories of a page's cards by their numbers, with what a card shows, in three questions.

The SQL of each is written once (`common.prepared`), and only what a card shows is read: a page has
forty columns, and a picture thirty sizes of which a card takes a few.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import IntegerField, Q, QuerySet

from diurna.common.prepared import Prepared, Slot, known_rows, padded, read
from diurna.newsroom.models import Article, Byline, PhotographRendition
from diurna.newsroom.renditions import Size, know_sizes
from diurna.web.cards import CARD_ROLES, OF_A_CARD
from diurna.web.pictures import OF_A_SIZE

_OF_A_STORY: Final = (*OF_A_CARD, "points_mode", "comments_mode")
_OF_A_PICTURE: Final = ("file", "width", "height")


def stories_for_cards(numbers: Collection[int], *, wide: Collection[int] = ()) -> list[Article]:
    """The published stories with these numbers, in no order, for `Cards.of`; three queries.

    Those in `wide` have the sizes of a picture across the page besides those of a card.
    """
    slots = _slots(numbers)
    stories: list[Article] = _STORIES.run(*slots, **slots) if slots else []
    _load_names(stories)
    _load_sizes(stories, wide)
    return stories


def listed(articles: QuerySet[Article], start: int, end: int) -> list[Article]:
    """The stories of a list from one place to another, in its order, for `Cards.of`; 3 queries."""
    stories: list[Article] = read(_of_cards(articles)[start:end])
    _load_names(stories)
    _load_sizes(stories, ())
    return stories


def load_wide(stories: Collection[Article]) -> None:
    """Read the sizes across the page of these stories' pictures, too; one query."""
    _load_sizes(stories, {story.pk for story in stories})


def _load_names(stories: Iterable[Article]) -> None:
    lines: dict[int, list[Byline]] = {story.pk: [] for story in stories}
    slots = _slots(lines)
    for line in _BYLINES.run(*slots, **slots) if slots else ():
        lines[line.article_id].append(line)
    for story in stories:
        known_rows(story, "bylines", Byline, lines[story.pk])


def _load_sizes(stories: Iterable[Article], wide: Collection[int]) -> None:
    shown = [(story.pk, story.lead_image) for story in stories if story.lead_image is not None]
    sizes: dict[int, list[Size]] = {image.pk: [] for _pk, image in shown}
    cropped = _slots(sizes)
    whole = _slots({image.pk for pk, image in shown if pk in wide}, "whole")
    for of, *size in _SIZES.run(len(cropped), len(whole), **cropped, **whole) if cropped else ():
        sizes[of].append(Size(*size))
    for _pk, image in shown:
        know_sizes(image, sizes[image.pk])


def _slots(numbers: Iterable[int], name: str = "number") -> dict[str, int]:
    return {f"{name}_{place}": pk for place, pk in enumerate(padded(sorted(numbers)))}


def _named(*slots: str) -> list[Any]:
    return [Slot(slot, IntegerField()) for slot in slots]


def _stories(*slots: str) -> QuerySet[Article]:
    return _of_cards(Article.objects.live().filter(page_ptr__pk__in=_named(*slots)))


def _of_cards(articles: QuerySet[Article]) -> QuerySet[Article]:
    pictures = [f"lead_image__{name}" for name in _OF_A_PICTURE]
    return articles.select_related("lead_image").only(*_OF_A_STORY, *pictures)


def _bylines(*slots: str) -> QuerySet[Byline]:
    shown = Byline.objects.filter(
        article__page_ptr__id__in=_named(*slots), role__in=sorted(CARD_ROLES)
    )
    return shown.select_related("contributor").only(
        "article_id", "role", "sort_order", "contributor__name", "contributor__slug"
    )


def _sizes(cropped: int, whole: int) -> QuerySet[Any]:
    """Of each picture what a card shows; of some all that a page shows."""
    of_card = Q(filter_spec__startswith="fill-") | Q(filter_spec__endswith="format-jpeg")
    cards = Q(image__pk__in=_named(*(f"number_{place}" for place in range(cropped))))
    pages = Q(image__pk__in=_named(*(f"whole_{place}" for place in range(whole))))
    wanted = (cards & of_card) | pages if whole else cards & of_card
    return PhotographRendition.objects.filter(wanted).values_list(*OF_A_SIZE)


_STORIES: Final = Prepared(_stories)
_BYLINES: Final = Prepared(_bylines)
_SIZES: Final[Prepared[Any]] = Prepared(_sizes)
