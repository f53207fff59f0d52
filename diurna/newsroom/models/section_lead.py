"""The story that an editor has pinned to the top of a section's page."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models.article import Article
from diurna.newsroom.models.section import Section


class SectionLead(models.Model):
    """Until its time is over, this story leads the section's page; else the newest one does.

    A story that is not public, or stands in the section no more, leads nothing meanwhile. Another
    pin is another row, so that its number says whether somebody has pinned since.
    """

    section = models.OneToOneField(
        Section, verbose_name=_("section"), on_delete=models.CASCADE, related_name="lead"
    )
    article = models.ForeignKey(
        Article, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )
    until = models.DateTimeField(_("until"), null=True, blank=True, db_index=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("pinned by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    pinned_at = models.DateTimeField(_("pinned"), auto_now_add=True)

    class Meta:
        verbose_name = _("lead of a section")
        verbose_name_plural = _("leads of sections")

    def __str__(self) -> str:
        return f"{self.section_id}: {self.article_id}"

    def holds_at(self, at: datetime) -> bool:
        """Whether its time is not over."""
        return self.until is None or self.until > at
