"""What GIPHY last said to this newsroom's key."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GiphyVerdict(models.TextChoices):
    """What came of asking GIPHY with the key."""

    WORKS = "works", _("It works")
    BAD_KEY = "bad_key", _("GIPHY does not take the key")
    OVER_QUOTA = "quota", _("The key is over its quota")
    SILENT = "silent", _("GIPHY does not answer, or too slowly")
    WRONG = "wrong", _("GIPHY answers something else than what was asked")


class GiphyCheck(models.Model):
    """The last time that GIPHY was asked whether the key works; one row.

    `key_hash` is SHA-256 of the key in hexadecimal: another key has to be asked about anew. `since`
    is when the verdict was first that one.
    """

    key_hash = models.CharField(_("hash of the key"), max_length=64)
    verdict = models.CharField(_("verdict"), max_length=7, choices=GiphyVerdict.choices)
    since = models.DateTimeField(_("since"))
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("check of GIPHY’s key")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=GiphyVerdict.values),
                name="comments_giphy_verdict_known",
            ),
            models.CheckConstraint(condition=models.Q(pk=1), name="comments_giphy_one_row"),
        ]

    def __str__(self) -> str:
        return str(GiphyVerdict(self.verdict).label)
