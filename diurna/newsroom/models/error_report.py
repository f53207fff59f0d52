"""What readers say is wrong in a story."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.models import EMAIL_MAX_LENGTH, Guest
from diurna.newsroom.models.correction import Correction

LONGEST_WORDS = 1_000
# A screen of a phone says what is wrong; who has more to say sends an address of it.
LONGEST_EXPLANATION = 3_000
LONGEST_EVIDENCE = 1_000
LONGEST_ANSWER = 2_000


class ErrorOutcome(models.TextChoices):
    """What became of a report."""

    OPEN = "open", _("Being looked at")
    CORRECTED = "corrected", _("The story was corrected")
    DECLINED = "declined", _("The story stays as it is")


class ErrorReport(models.Model):
    """An error that somebody reports in a story; it needs no account.

    `words` is the passage of the story, `explanation` what is wrong with it. An e-mail address may
    be missing; where it is there, it gets a receipt and hears the outcome, as an account's own does
    where `to_account` asks for it. Neither is ever published. `comment_uuid` names the comment that
    a moderator (`filed_by`) made into the report; comments are a higher room, so there is no key.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(
        "newsroom.Article",
        on_delete=models.CASCADE,
        related_name="error_reports",
        verbose_name=_("story"),
    )
    words = models.TextField(_("the words that are wrong"), max_length=LONGEST_WORDS, blank=True)
    explanation = models.TextField(_("what is wrong"), max_length=LONGEST_EXPLANATION)
    evidence = models.CharField(
        _("where one can see that"), max_length=LONGEST_EVIDENCE, blank=True
    )
    is_subject = models.BooleanField(_("the story is about the reporter"), default=False)
    email = models.EmailField(_("e-mail address"), max_length=EMAIL_MAX_LENGTH, blank=True)
    to_account = models.BooleanField(_("answer to the account’s address"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="error_reports",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="error_reports",
        verbose_name=_("guest"),
    )
    comment_uuid = models.UUIDField(_("comment"), null=True, unique=True, editable=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("made of a comment by"),
    )
    network = models.BigIntegerField(_("network"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    acknowledged_at = models.DateTimeField(_("receipt sent"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=ErrorOutcome.choices, default=ErrorOutcome.OPEN
    )
    answer = models.TextField(_("answer"), max_length=LONGEST_ANSWER, blank=True)
    correction = models.ForeignKey(
        Correction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="error_reports",
        verbose_name=_("correction"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    told_at = models.DateTimeField(_("outcome told by letter"), null=True, blank=True)

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=ErrorOutcome.values) & ~Q(explanation=""),
                name="error_report_known",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest__isnull=True),
                name="error_report_of_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_at__isnull=True, correction__isnull=True)
                | Q(outcome="corrected", decided_at__isnull=False)
                | Q(outcome="declined", decided_at__isnull=False, correction__isnull=True),
                name="error_report_decided_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["article"], condition=Q(outcome="open"), name="error_report_open"),
            models.Index(
                fields=["network", "at"],
                condition=Q(network__isnull=False),
                name="error_report_by_network",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.outcome}"
