"""Who is looking at what, so that two moderators do not decide the same thing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.comments.models import Comment
from diurna.moderation.models.appeal import Appeal
from diurna.moderation.models.report import Notice
from diurna.points.models import Burst

_THINGS = ("comment", "burst", "appeal", "notice")


def _only(thing: str) -> Q:
    return Q(**{f"{each}__isnull": each != thing for each in _THINGS})


class Claim(models.Model):
    """One thing of the queue that a moderator has taken, until then; it lapses by itself."""

    comment = models.OneToOneField(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="claim"
    )
    burst = models.OneToOneField(
        Burst, null=True, blank=True, on_delete=models.CASCADE, related_name="claim"
    )
    appeal = models.OneToOneField(
        Appeal, null=True, blank=True, on_delete=models.CASCADE, related_name="claim"
    )
    notice = models.OneToOneField(
        Notice, null=True, blank=True, on_delete=models.CASCADE, related_name="claim"
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="claims",
        verbose_name=_("moderator"),
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.CheckConstraint(
                condition=_only("comment") | _only("burst") | _only("appeal") | _only("notice"),
                name="moderation_claim_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"claimed until {self.until:%H:%M}"
