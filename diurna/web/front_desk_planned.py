"""The planned fronts in the composer's list, each with what will be amiss at its time."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diurna.newsroom.front_composing import composition_of
from diurna.newsroom.front_composition import Block
from diurna.newsroom.models import Article, PlannedFront


@dataclass(frozen=True)
class PlannedRow:
    """A planned front, and sentences about what an editor should know before its time."""

    planned: PlannedFront
    problems: list[str]


def planned_rows() -> list[PlannedRow]:
    """All of them, the next first; two queries."""
    planned = list(PlannedFront.objects.select_related("planned_by"))
    picked = {pk for one in planned for block in blocks_of(one) for pk in block.picked}
    stories = Article.objects.filter(pk__in=picked).defer("body", "methods").in_bulk()
    return [PlannedRow(one, list(_problems(one, stories))) for one in planned]


def blocks_of(planned: PlannedFront) -> list[Block]:
    """What it is composed of; nothing where its row holds no composition."""
    # What a database was given by hand is reported when its time comes.
    return composition_of(planned) if isinstance(planned.composition, list) else []


def _problems(planned: PlannedFront, stories: dict[int, Article]) -> Iterator[str]:
    if planned.given_up:
        yield _(
            "It could not be published at its time, and another front has appeared since. "
            "Look at it, and publish it if it is still wanted."
        )
    elif planned.failed_at is not None:
        yield _("It could not be published at its time; it is tried again each minute.")
    places = [place for block in blocks_of(planned) for place in block.places]
    for place in places:
        if place.article is None:
            continue
        article = stories.get(place.article)
        if article is None:
            yield _("A story that was put there is not there any more.")
            continue
        named = {"headline": article.display_headline()}
        if not article.live:
            yield _("“%(headline)s” is not public, so its place fills by itself.") % named
        elif article.retracted_at is not None:
            yield _("“%(headline)s” was retracted.") % named
        elif place.until is not None and place.until <= planned.at:
            yield _("The time of “%(headline)s” is over by then.") % named
