"""A reader's appeal against a decision."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.comments.models import Transition
from diurna.moderation.models.choices import AppealOutcome
from diurna.moderation.models.measure import Statement

LONGEST_APPEAL = 2_000


class Appeal(models.Model):
    """One appeal against what a statement tells; its answer is by somebody else, where there is.

    `had_no_other` says that who decided first decided again, because the newsroom had nobody else.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    statement = models.OneToOneField(
        Statement, on_delete=models.CASCADE, related_name="appeal", verbose_name=_("against")
    )
    words = models.TextField(_("in the reader’s words"), max_length=LONGEST_APPEAL, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=AppealOutcome.choices, default=AppealOutcome.OPEN
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=1_000, blank=True)
    had_no_other = models.BooleanField(_("there was no other moderator"), default=False)
    transition = models.OneToOneField(
        Transition,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_appeal",
        verbose_name=_("the move that answered it"),
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=AppealOutcome.values), name="moderation_appeal_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=AppealOutcome.OPEN, answered_at__isnull=True)
                | (~Q(outcome=AppealOutcome.OPEN) & Q(answered_at__isnull=False)),
                name="moderation_appeal_answered_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(outcome=AppealOutcome.OPEN),
                name="moderation_appeal_open",
            )
        ]

    def __str__(self) -> str:
        return f"appeal: {self.outcome}"
