"""The front page, the fronts planned for later, and the information pages."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from diurna.newsroom.blocks import BodyBlock, CompositionBlock
from diurna.newsroom.models.public_page import PublicPage
from diurna.newsroom.search import text as search_text
from diurna.newsroom.search.fields import HeadlineField

LONGEST_FAILURE: Final = 300


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


class PlannedFront(models.Model):
    """A whole front that replaces the present one at its time; gone once it has."""

    front = models.ForeignKey(
        Front, verbose_name=_("front"), on_delete=models.CASCADE, related_name="planned"
    )
    # As the front's own field stores it; read through `front_composition`.
    composition = models.JSONField(_("composition"), default=list, blank=True)
    at = models.DateTimeField(_("appears"), unique=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("planned by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    planned_at = models.DateTimeField(_("planned"), auto_now_add=True)
    # When the clock last tried in vain, and why; for whoever runs the server, so not translated.
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    failure = models.CharField(
        _("failure"), max_length=LONGEST_FAILURE, blank=True, default="", db_default=""
    )
    # Another front has appeared meanwhile, which this one must not replace belatedly.
    given_up = models.BooleanField(_("given up"), default=False, db_default=False)

    class Meta:
        verbose_name = _("planned front")
        verbose_name_plural = _("planned fronts")
        ordering: ClassVar[list[str]] = ["at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    def is_late_after(self, front: Front) -> bool:
        """Whether readers were given another front since this one failed."""
        last = front.last_published_at
        return self.failed_at is not None and last is not None and last >= self.failed_at


class InformationPage(PublicPage):
    """About, ethics, contact and the like."""

    standfirst = models.TextField(_("standfirst"), blank=True, max_length=1000)
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))

    parent_page_types = ["newsroom.Front", "newsroom.InformationPage"]
    subpage_types = ["newsroom.InformationPage"]
    content_panels = [*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body")]
    search_fields = [*Page.search_fields, HeadlineField(), index.SearchField("search_text")]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def search_headline(self) -> str:
        """What the index has of the title (`newsroom/search/text.py`)."""
        return search_text.page_headline(self)

    def search_text(self) -> str:
        """What readers' search finds the page by; empty while it is not public."""
        return search_text.of_page(self)
