"""The body of an article: which blocks there are."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from diurna.newsroom.blocks.media import AudioBlock, DocumentBlock, EmbedBlock, VideoBlock
from diurna.newsroom.blocks.pictures import GalleryBlock, PictureBlock
from diurna.newsroom.blocks.table import TableBlock
from diurna.newsroom.blocks.text import (
    CodeBlock,
    DividerBlock,
    FactBoxBlock,
    HeadingBlock,
    ImportedHtmlBlock,
    ListBlock,
    PullQuoteBlock,
    QuoteBlock,
    TextBlock,
)
from diurna.newsroom.canonical import Line


class BodyBlock(blocks.StreamBlock):
    """The body of an article or information page."""

    text = TextBlock()
    heading = HeadingBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    pull_quote = PullQuoteBlock()
    quote = QuoteBlock()
    list = ListBlock()
    table = TableBlock()
    fact_box = FactBoxBlock()
    audio = AudioBlock(group=_("Media"))
    video = VideoBlock(group=_("Media"))
    embed = EmbedBlock(group=_("Media"))
    document = DocumentBlock(group=_("Media"))
    code = CodeBlock()
    divider = DividerBlock()
    html = ImportedHtmlBlock()

    def canonical(self, value: Any) -> Sequence[Line]:
        """The lines of the whole body, block by block."""
        return [line for child in value for line in child.block.canonical(child.value)]
