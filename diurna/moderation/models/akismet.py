"""What Akismet last said to this newsroom's key, and about which comments it was asked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.comments.models import Comment


class AkismetVerdict(models.TextChoices):
    """What came of asking Akismet."""

    WORKS = "works", _("It works")
    BAD_KEY = "bad_key", _("Akismet does not take the key")
    OVER_QUOTA = "quota", _("The key is over its quota")
    SILENT = "silent", _("Akismet does not answer, or too slowly")
    WRONG = "wrong", _("Akismet answers something else than what was asked")


class AkismetCheck(models.Model):
    """The last time that Akismet was asked and its verdict was another one than before; one row.

    `key_hash` is SHA-256 of the key in hexadecimal. `since` is when the verdict was first that one;
    `failed` how often Akismet had nothing to say since then, to the nearest few: a failure that
    follows another at once is not written down by every process.
    """

    key_hash = models.CharField(_("hash of the key"), max_length=64)
    verdict = models.CharField(_("verdict"), max_length=7, choices=AkismetVerdict.choices)
    since = models.DateTimeField(_("since"))
    asked_at = models.DateTimeField(_("asked"))
    failed = models.PositiveIntegerField(_("failed since then"), default=0)

    class Meta:
        verbose_name = _("check of Akismet’s key")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=AkismetVerdict.values),
                name="moderation_akismet_verdict_known",
            ),
            models.CheckConstraint(condition=Q(pk=1), name="moderation_akismet_one_row"),
        ]

    def __str__(self) -> str:
        return str(AkismetVerdict(self.verdict).label)


class AkismetAsked(models.Model):
    """That Akismet has answered about a comment when it was sent; only of such it is told later.

    So it never learns of what was written before the form said that it is asked. Goes with the
    comment, also where its author deletes that.
    """

    comment = models.OneToOneField(
        Comment,
        on_delete=models.CASCADE,
        related_name="akismet_asked",
        verbose_name=_("comment"),
    )

    class Meta:
        verbose_name = _("comment about which Akismet was asked")

    def __str__(self) -> str:
        return f"{self.comment_id}"
