"""What an editor composes a front from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


def _article_chooser(**kwargs: object) -> blocks.PageChooserBlock:
    return blocks.PageChooserBlock(page_type="newsroom.Article", **kwargs)


class LeadBlock(blocks.StructBlock):
    """The story of the day; without one chosen, the newest that no other block shows."""

    article = _article_chooser(label=_("Article"), required=False)

    class Meta:
        icon = "pick"
        label = _("Lead")


class SecondsBlock(blocks.StructBlock):
    """Up to four stories beside the lead; what is not chosen is filled with the newest."""

    articles = blocks.ListBlock(_article_chooser(), label=_("Articles"), max_num=4, default=[])
    count = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=4)

    class Meta:
        icon = "pick"
        label = _("Seconds")


class RiverBlock(blocks.StructBlock):
    """The newest stories that no other block shows, one below the other."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    count = blocks.IntegerBlock(label=_("How many"), default=8, min_value=1, max_value=30)

    class Meta:
        icon = "list-ul"
        label = _("River")


class SectionStoriesBlock(blocks.StructBlock):
    """The newest stories of one section."""

    section = blocks.PageChooserBlock(page_type="newsroom.Section", label=_("Section"))
    count = blocks.IntegerBlock(label=_("How many"), default=4, min_value=1, max_value=12)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Section")


class PicksBlock(blocks.StructBlock):
    """Stories that an editor chose, under a heading."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    articles = blocks.ListBlock(_article_chooser(), label=_("Articles"), min_num=1, max_num=6)

    class Meta:
        icon = "pick"
        label = _("Editor’s pick")


class LatestBlock(blocks.StructBlock):
    """The newest headlines with their times; may repeat what stands above."""

    count = blocks.IntegerBlock(label=_("How many"), default=8, min_value=1, max_value=20)

    class Meta:
        icon = "time"
        label = _("Latest")


class CompositionBlock(blocks.StreamBlock):
    """A front, top to bottom. No story is shown twice, but for the list of the latest."""

    lead = LeadBlock()
    seconds = SecondsBlock()
    river = RiverBlock()
    section = SectionStoriesBlock()
    picks = PicksBlock()
    latest = LatestBlock()

    class Meta:
        block_counts = {"lead": {"max_num": 1}, "seconds": {"max_num": 1}}
