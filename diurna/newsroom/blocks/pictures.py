"""Blocks that show pictures."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from diurna.newsroom.blocks.canonical_block import CanonicalBlock
from diurna.newsroom.canonical import Line, file_line, plain_line


def picture_lines(value: Any) -> list[Line]:
    """Alternative text, caption, credit, licence and name of a picture, as its figure has them."""
    photograph = value["image"]
    if photograph is None:
        return []
    lines = [] if value["decorative"] else plain_line("image", value["alt"])
    lines += plain_line("caption", value["caption"])
    lines += plain_line("credit", photograph.credit)
    lines += plain_line("licence", photograph.licence)
    return lines + file_line(photograph.sha256)


class PictureBlock(CanonicalBlock):
    """One picture: described, or marked as decorative."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("Description"),
        required=False,
        max_length=500,
        help_text=_("What is to be seen, for those who do not see it."),
    )
    decorative = blocks.BooleanBlock(label=_("Only decoration"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=1000)
    width = blocks.ChoiceBlock(
        choices=[
            ("text", _("As wide as the text")),
            ("wide", _("Wider than the text")),
            ("start", _("Small, text beside it (start)")),
            ("end", _("Small, text beside it (end)")),
        ],
        default="text",
        label=_("Width"),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["alt"].strip() and not cleaned["decorative"]:
            sentence = _("Please describe the picture, or mark it as only decoration.")
            raise StructBlockValidationError({"alt": ValidationError(sentence)})
        return cleaned

    def canonical(self, value: Any) -> list[Line]:
        return picture_lines(value)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/image.html"


class GalleryBlock(CanonicalBlock):
    """Several pictures that belong together."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=255)
    columns = blocks.ChoiceBlock(
        choices=[(str(n), str(n)) for n in range(1, 7)], default="3", label=_("Columns")
    )
    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=1)

    def canonical(self, value: Any) -> list[Line]:
        lines = plain_line("gallery", value["title"])
        return lines + [line for picture in value["pictures"] for line in picture_lines(picture)]

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "blocks/gallery.html"
