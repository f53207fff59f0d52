"""What a reader has put aside to read later."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReadLater(models.Model):
    """A story on the list of an account: nobody else sees it, and it goes with the account."""

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("put aside"), default=timezone.now)

    class Meta:
        verbose_name = _("story to read later")
        verbose_name_plural = _("stories to read later")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "article"], name="read_later_once"),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="read_later_newest")]

    def __str__(self) -> str:
        return str(self.article_id)
