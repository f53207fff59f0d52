"""What an editor composes a front from."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

# The ranked lists that a front may show, by the word that its block stores.
RANKINGS = (
    ("valued", _("Most valued this week")),
    ("discussed", _("Most discussed")),
    ("trending", _("Trending")),
    ("hot", _("Hot")),
)


def _article_chooser(**kwargs: object) -> blocks.PageChooserBlock:
    return blocks.PageChooserBlock(page_type="newsroom.Article", **kwargs)


def _until() -> blocks.DateTimeBlock:
    return blocks.DateTimeBlock(
        label=_("Until"),
        required=False,
        help_text=_("From then on the place fills by itself."),
    )


class PlaceBlock(blocks.StructBlock):
    """A place for a story: the one that stands there, until when; without one it fills by itself.

    Fronts of earlier versions stored the number of the article alone.
    """

    article = _article_chooser(label=_("Article"), required=False)
    until = _until()

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """The places of these stored values, earlier ones included."""
        found: list[Any] = super().bulk_to_python([_whole(value) for value in values])
        return found

    def to_python(self, value: Any) -> Any:
        """The place of this stored value."""
        return super().to_python(_whole(value))

    def normalize(self, value: Any) -> Any:
        """The place that this value means: a story alone stands there without an end."""
        is_place = value is None or isinstance(value, dict)
        return super().normalize(value if is_place else {"article": value})

    class Meta:
        icon = "pick"
        label = _("Place")


def _whole(value: Any) -> Any:
    return value if isinstance(value, dict) else {"article": value}


def _places(most: int) -> blocks.ListBlock:
    return blocks.ListBlock(PlaceBlock(), label=_("Places"), max_num=most, default=[])


class LeadBlock(blocks.StructBlock):
    """The story of the day; without one chosen, the newest that no other block shows."""

    article = _article_chooser(label=_("Article"), required=False)
    until = _until()

    class Meta:
        icon = "pick"
        label = _("Lead")


class SecondsBlock(blocks.StructBlock):
    """Up to four stories beside the lead; what is not chosen is filled with the newest."""

    articles = _places(4)
    count = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=4)

    class Meta:
        icon = "pick"
        label = _("Seconds")


class RiverBlock(blocks.StructBlock):
    """The newest stories that no other block shows, one below the other."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    articles = _places(30)
    count = blocks.IntegerBlock(label=_("How many"), default=8, min_value=1, max_value=30)

    class Meta:
        icon = "list-ul"
        label = _("River")


class SectionStoriesBlock(blocks.StructBlock):
    """The newest stories of one section."""

    section = blocks.PageChooserBlock(page_type="newsroom.Section", label=_("Section"))
    articles = _places(12)
    count = blocks.IntegerBlock(label=_("How many"), default=4, min_value=1, max_value=12)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Section")


class PicksBlock(blocks.StructBlock):
    """Stories that an editor chose, under a heading; one whose time is over leaves no gap."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    articles = _places(6)

    class Meta:
        icon = "pick"
        label = _("Editor’s pick")


class RankedBlock(blocks.StructBlock):
    """What readers value, discuss or read most; it fills from the list of that name."""

    ranking = blocks.ChoiceBlock(label=_("List"), choices=RANKINGS, default="valued")
    count = blocks.IntegerBlock(label=_("How many"), default=4, min_value=1, max_value=10)

    class Meta:
        icon = "order"
        label = _("Ranked by readers")


class LatestBlock(blocks.StructBlock):
    """The newest headlines with their times."""

    count = blocks.IntegerBlock(label=_("How many"), default=8, min_value=1, max_value=20)

    class Meta:
        icon = "time"
        label = _("Latest")


class TickerBlock(blocks.StructBlock):
    """The newest headlines with their times, side by side."""

    count = blocks.IntegerBlock(label=_("How many"), default=4, min_value=1, max_value=8)

    class Meta:
        icon = "time"
        label = _("Ticker")


class CompositionBlock(blocks.StreamBlock):
    """A front, top to bottom. No story is shown twice."""

    lead = LeadBlock()
    seconds = SecondsBlock()
    river = RiverBlock()
    section = SectionStoriesBlock()
    picks = PicksBlock()
    ranked = RankedBlock()
    latest = LatestBlock()
    ticker = TickerBlock()

    class Meta:
        block_counts = {"lead": {"max_num": 1}, "seconds": {"max_num": 1}}
