"""The one type of page of the bare site: an article as Wagtail's own tutorial would make it."""

from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page


class BarePage(Page):
    """A page with a standfirst, a date and a body of paragraphs, headings and pictures."""

    intro = models.CharField(max_length=500, blank=True)
    date = models.DateTimeField(null=True, blank=True)
    body = StreamField(
        [
            ("heading", blocks.CharBlock()),
            ("paragraph", blocks.RichTextBlock()),
            ("picture", ImageBlock()),
        ],
        blank=True,
    )
    lead = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
