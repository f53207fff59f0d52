"""What readers say of comments, and anybody of content that is against the law."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH, EMAIL_MAX_LENGTH
from diurna.comments.models import Comment, Transition
from diurna.moderation.models.choices import NoticeOutcome, ReportOutcome
from diurna.moderation.models.rule import RULE_LENGTH
from diurna.newsroom.models import Article

LONGEST_REPORT = 500
LONGEST_NOTICE = 5_000
LONGEST_ADDRESS = 2_000


class Report(models.Model):
    """A reader's report of a comment, by one of the house rules or "other".

    `weight` is what it weighed when it was made. One for each reader and comment; who is erased
    leaves it without a reporter. `decided_by` is the moderator who decided about the comment or
    kept it, empty for a rule or the author; `transition` the move that answered it, which a comment
    that was kept has none of.
    """

    # Its name in links and in letters.
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="reports", verbose_name=_("comment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        verbose_name=_("guest"),
    )
    rule = models.CharField(_("rule"), max_length=RULE_LENGTH)
    words = models.CharField(_("in the reader’s words"), max_length=LONGEST_REPORT, blank=True)
    weight = models.FloatField(_("weight"))
    # As with comments: forgotten after 30 days.
    network = models.BigIntegerField(_("network"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=ReportOutcome.choices, default=ReportOutcome.OPEN
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    transition = models.ForeignKey(
        Transition,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_reports",
        verbose_name=_("decision"),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=ReportOutcome.values)
                & ~Q(rule="")
                & Q(weight__gte=0.0, weight__lte=1.0),
                name="moderation_report_known",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest__isnull=True),
                name="moderation_report_of_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReportOutcome.OPEN, decided_at__isnull=True)
                | (~Q(outcome=ReportOutcome.OPEN) & Q(decided_at__isnull=False)),
                name="moderation_report_decided_with_time",
            ),
            models.UniqueConstraint(
                fields=["comment", "user"],
                condition=Q(user__isnull=False),
                name="moderation_report_once_user",
            ),
            models.UniqueConstraint(
                fields=["comment", "guest"],
                condition=Q(guest__isnull=False),
                name="moderation_report_once_guest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["comment"],
                condition=Q(outcome=ReportOutcome.OPEN),
                name="moderation_report_open",
            ),
            models.Index(
                fields=["network", "at"],
                condition=Q(network__isnull=False),
                name="moderation_report_by_network",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"


class Notice(models.Model):
    """A notice of illegal content (DSA, Art. 16); it needs no account.

    `comment` or `article` is what its address leads to here, where it does. Name and e-mail address
    may be missing; where an address is there, it gets an acknowledgement and the decision. They are
    never published.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    address = models.CharField(_("address of the content"), max_length=LONGEST_ADDRESS)
    comment = models.ForeignKey(
        Comment,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="notices",
        verbose_name=_("comment"),
    )
    article = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="notices",
        verbose_name=_("story"),
    )
    words = models.TextField(_("why it is illegal"), max_length=LONGEST_NOTICE)
    name = models.CharField(_("name"), max_length=DISPLAY_NAME_MAX_LENGTH, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=EMAIL_MAX_LENGTH, blank=True)
    is_sincere = models.BooleanField(_("said to be accurate and complete"))
    network = models.BigIntegerField(_("network"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    acknowledged_at = models.DateTimeField(_("acknowledged by letter"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=13, choices=NoticeOutcome.choices, default=NoticeOutcome.OPEN
    )
    rule = models.CharField(_("rule"), max_length=RULE_LENGTH, blank=True)
    reason = models.TextField(_("reason"), max_length=1_000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    told_at = models.DateTimeField(_("decision told by letter"), null=True, blank=True)
    # Where the decision took a comment away: taking that back opens the notice again.
    transition = models.OneToOneField(
        Transition,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_notice",
        verbose_name=_("the move that answered it"),
    )

    class Meta:
        verbose_name = _("notice of illegal content")
        verbose_name_plural = _("notices of illegal content")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=NoticeOutcome.values, is_sincere=True) & ~Q(words=""),
                name="moderation_notice_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome=NoticeOutcome.OPEN, decided_at__isnull=True)
                | (~Q(outcome=NoticeOutcome.OPEN) & Q(decided_at__isnull=False)),
                name="moderation_notice_decided_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(outcome=NoticeOutcome.OPEN),
                name="moderation_notice_open",
            ),
            models.Index(
                fields=["network", "at"],
                condition=Q(network__isnull=False),
                name="moderation_notice_by_network",
            ),
        ]

    def __str__(self) -> str:
        return f"notice: {self.outcome}"
