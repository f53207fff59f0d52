"""Moving pictures of the newsroom's own library."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Gif(models.Model):
    """One moving picture that readers may put into a comment.

    Both files are WebP made here: the moving one, and the still one that is shown until a reader
    presses play.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=100)
    alt = models.CharField(
        _("what it shows"),
        max_length=250,
        help_text=_("For readers who do not see it, such as “a cat falls off a table”."),
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    moving = models.FileField(_("moving picture"), upload_to="gifs", editable=False)
    still = models.FileField(_("still picture"), upload_to="gifs", editable=False)
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    is_offered = models.BooleanField(_("offered to readers"), default=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("GIF")
        verbose_name_plural = _("GIFs")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(alt=""), name="comments_gif_has_words"),
        ]

    def __str__(self) -> str:
        return self.title
