"""A reader's appeal against a decision."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.guests import Guest
from diurna.comments.models import Transition
from diurna.moderation.models.choices import AppealOutcome
from diurna.moderation.models.measure import Statement

LONGEST_APPEAL = 2_000


class Appeal(models.Model):
    """One appeal against what a statement tells; its answer is by somebody else, where there is.

    Whom the statement names appeals once. What is about a domain or a network names nobody, and
    each whom it bars appeals for themselves (`of_many`): `user` or `guest` say who, until that
    reader is erased. `had_no_other` says that who decided first decided again, because the newsroom
    had nobody else.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="appeals", verbose_name=_("against")
    )
    of_many = models.BooleanField(_("one of many may appeal"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="appeals",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="appeals",
        verbose_name=_("guest"),
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
            models.CheckConstraint(
                condition=Q(user__isnull=True, guest__isnull=True)
                | Q(of_many=True) & (Q(user__isnull=True) | Q(guest__isnull=True)),
                name="moderation_appeal_of_one_reader",
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(of_many=False), name="moderation_appeal_once"
            ),
            models.UniqueConstraint(
                fields=["statement", "user"],
                condition=Q(user__isnull=False),
                name="moderation_appeal_once_user",
            ),
            models.UniqueConstraint(
                fields=["statement", "guest"],
                condition=Q(guest__isnull=False),
                name="moderation_appeal_once_guest",
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
