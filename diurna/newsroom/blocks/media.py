"""Blocks that play, link or load something."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from diurna.newsroom.blocks.canonical_block import CanonicalBlock
from diurna.newsroom.canonical import Line, file_line, plain_line
from diurna.newsroom.models.file_digest import digest_of


class RecordingBlock(CanonicalBlock):
    """A sound or film from the newsroom's own library."""

    KIND = ""

    media = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Title"), max_length=255)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=1000)
    credit = blocks.CharBlock(label=_("Credit"), required=False, max_length=255)
    transcript = blocks.TextBlock(
        label=_("Transcript"), required=False, help_text=_("For those who do not hear it.")
    )

    def canonical(self, value: Any) -> list[Line]:
        lines = plain_line(self.KIND, value["title"])
        for kind in ("caption", "credit"):
            lines += plain_line(kind, value[kind])
        for paragraph in value["transcript"].splitlines():
            lines += plain_line("transcript", paragraph)
        return lines + file_line(digest_of(value["media"]) if value["media"] else "")


class AudioBlock(RecordingBlock):
    """A sound recording."""

    KIND = "audio"

    class Meta:
        icon = "media"
        label = _("Sound")
        template = "blocks/audio.html"


class VideoBlock(RecordingBlock):
    """A film."""

    KIND = "video"

    class Meta:
        icon = "media"
        label = _("Film")
        template = "blocks/video.html"


class EmbedBlock(CanonicalBlock):
    """Something on another site, loaded only after the reader asks for it."""

    address = blocks.URLBlock(label=_("Address"), max_length=1000)
    title = blocks.CharBlock(
        label=_("Title"), max_length=255, help_text=_("What it is: shown before it is loaded.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=1000)

    def canonical(self, value: Any) -> list[Line]:
        lines = plain_line("embed", f"{value['title']} ⟨{value['address']}⟩")
        return lines + plain_line("caption", value["caption"])

    @staticmethod
    def host(value: Any) -> str:
        """The host that will see the reader once they press, without `www.`."""
        return (urlsplit(value["address"]).hostname or "").removeprefix("www.")

    class Meta:
        icon = "media"
        label = _("Embed")
        template = "blocks/embed.html"


class DocumentBlock(CanonicalBlock):
    """A document to read or download."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=255)
    note = blocks.CharBlock(label=_("What it is"), required=False, max_length=1000)

    def canonical(self, value: Any) -> list[Line]:
        document = value["document"]
        if document is None:
            return []
        title = value["title"] or document.title
        lines = plain_line("document", f"{title} ⟨document:{digest_of(document)}⟩")
        return lines + plain_line("note", value["note"])

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "blocks/document.html"
