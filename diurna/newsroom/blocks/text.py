"""Blocks made of words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from diurna.common.sanitise import sanitise_html
from diurna.newsroom.blocks.canonical_block import CanonicalBlock
from diurna.newsroom.canonical import Line, html_lines, plain_line, verbatim_lines
from diurna.newsroom.rich_text import TEXT_FEATURES, public_html


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists with a small set of marks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=TEXT_FEATURES, **kwargs)

    def canonical(self, value: Any) -> list[Line]:
        return html_lines("text", public_html(value.source))

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"


class HeadingBlock(CanonicalBlock):
    """A heading inside the text, at one of two levels."""

    text = blocks.CharBlock(label=_("Heading"), max_length=255)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Heading")), ("3", _("Smaller heading"))], default="2", label=_("Level")
    )

    def canonical(self, value: Any) -> list[Line]:
        return plain_line("heading", value["text"])

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"


class PullQuoteBlock(CanonicalBlock):
    """A sentence of the article itself, set large."""

    text = blocks.TextBlock(label=_("Words"), max_length=400)
    attribution = blocks.CharBlock(label=_("Who says it"), required=False, max_length=255)

    def canonical(self, value: Any) -> list[Line]:
        return plain_line("pull-quote", value["text"]) + plain_line(
            "attribution", value["attribution"]
        )

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        template = "blocks/pull_quote.html"


class QuoteBlock(CanonicalBlock):
    """Somebody else's words, with whose they are."""

    text = blocks.RichTextBlock(label=_("Words"), features=["bold", "italic", "link"])
    attribution = blocks.CharBlock(label=_("Whose words"), required=False, max_length=255)
    address = blocks.URLBlock(label=_("Where they stand"), required=False)

    def canonical(self, value: Any) -> list[Line]:
        lines = html_lines("quote", public_html(value["text"].source))
        lines += plain_line("attribution", value["attribution"])
        return lines + plain_line("address", value["address"])

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"


class ListItemBlock(blocks.StructBlock):
    """One entry of a list article."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=255)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=TEXT_FEATURES)


class ListBlock(CanonicalBlock):
    """A list of headed entries; a countdown numbers them from the last to the first."""

    style = blocks.ChoiceBlock(
        choices=[
            ("plain", _("Without numbers")),
            ("numbered", _("1, 2, 3")),
            ("countdown", _("Countdown: 3, 2, 1")),
        ],
        default="numbered",
        label=_("Style"),
    )
    items = blocks.ListBlock(ListItemBlock(), label=_("Entries"), min_num=1)

    def canonical(self, value: Any) -> list[Line]:
        lines: list[Line] = []
        for item in value["items"]:
            lines += plain_line("item", item["heading"])
            lines += html_lines("text", public_html(item["text"].source))
        return lines

    class Meta:
        icon = "list-ol"
        label = _("List")
        template = "blocks/list.html"


class FactBoxBlock(CanonicalBlock):
    """Facts set apart from the text."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=255)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    def canonical(self, value: Any) -> list[Line]:
        return plain_line("fact-heading", value["heading"]) + html_lines(
            "fact", public_html(value["text"].source)
        )

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        template = "blocks/fact_box.html"


class CodeBlock(CanonicalBlock):
    """Lines of a program, as they are."""

    code = blocks.TextBlock(label=_("Code"))
    language = blocks.CharBlock(label=_("Language"), required=False, max_length=40)

    def canonical(self, value: Any) -> list[Line]:
        return verbatim_lines("code", value["code"].replace("\r\n", "\n"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "blocks/code.html"


class DividerBlock(blocks.StaticBlock):
    """A rule between two parts."""

    def canonical(self, value: Any) -> list[Line]:
        return []

    class Meta:
        icon = "horizontalrule"
        label = _("Divider")
        template = "blocks/divider.html"


class ImportedHtmlBlock(blocks.RawHTMLBlock):
    """HTML that came with an import and has no block of its own; sanitised when stored."""

    def clean(self, value: str) -> str:
        cleaned = sanitise_html(super().clean(value))
        if self.required and not cleaned.strip():
            raise ValidationError(_("Nothing of this HTML may be shown; please remove the block."))
        return cleaned

    def canonical(self, value: str) -> list[Line]:
        return html_lines("html", sanitise_html(value))

    class Meta:
        icon = "code"
        label = _("HTML from the old site")
        template = "blocks/html.html"
