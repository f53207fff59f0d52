"""The front page and the information pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from diurna.newsroom.blocks import BodyBlock, CompositionBlock
from diurna.newsroom.models.public_page import PublicPage


class Front(PublicPage):
    """The newsroom's front, composed by an editor; empty, it shows the newest stories by itself."""

    composition = StreamField(
        CompositionBlock(required=False), blank=True, verbose_name=_("composition")
    )

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["newsroom.Section", "newsroom.InformationPage"]
    content_panels = [*Page.content_panels, FieldPanel("composition")]

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")


class InformationPage(PublicPage):
    """About, ethics, contact and the like."""

    standfirst = models.TextField(_("standfirst"), blank=True, max_length=1000)
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))

    parent_page_types = ["newsroom.Front", "newsroom.InformationPage"]
    subpage_types = ["newsroom.InformationPage"]
    content_panels = [*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body")]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")
