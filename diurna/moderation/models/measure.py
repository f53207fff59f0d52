"""What is done about a reader, a domain or a network, and what its author is told."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.guests import Guest
from diurna.comments.models import Comment, Transition
from diurna.moderation.models.choices import MeasureKind, MeasureOn
from diurna.moderation.models.rule import RULE_LENGTH

# RFC 1035, 2.3.4.
DOMAIN_LENGTH = 253
# "2001:db8:1234::/48" and the like.
NETWORK_LENGTH = 43


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Which measures there are."""

    def in_force(self, at: datetime) -> "MeasureQuerySet":
        """Suspensions and bans that hold at this moment."""
        has_not_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        return self.filter(has_not_ended, lifted_at__isnull=True, began_at__lte=at).exclude(
            kind=MeasureKind.WARNING
        )


class Measure(models.Model):
    """A warning, a suspension or a ban, with its reason; a ban without an end lasts until lifted.

    It is never silent: whom it is about reads of it where they write, and at their account. A
    network (a /24 or /48) is stored as such, as `network`, or by the HMAC that a comment came from,
    as `network_name`, whose key is gone after 30 days; either has an end. A reader who is erased
    leaves `user` and `guest` empty.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("measure"), max_length=10, choices=MeasureKind.choices)
    on = models.CharField(_("about"), max_length=7, choices=MeasureOn.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="measures",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="measures",
        verbose_name=_("guest"),
    )
    domain = models.CharField(_("domain"), max_length=DOMAIN_LENGTH, blank=True)
    network = models.CharField(_("network"), max_length=NETWORK_LENGTH, blank=True)
    network_name = models.BigIntegerField(_("HMAC of the network"), null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=RULE_LENGTH)
    reason = models.TextField(_("reason"), max_length=1_000, blank=True)
    comment = models.ForeignKey(
        Comment,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="measures",
        verbose_name=_("because of this comment"),
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    began_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_because = models.CharField(_("why it was lifted"), max_length=500, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MeasureKind.values, on__in=MeasureOn.values) & ~Q(rule=""),
                name="moderation_measure_known",
            ),
            models.CheckConstraint(
                condition=Q(on=MeasureOn.ACCOUNT, guest__isnull=True, domain="", network="")
                | Q(on=MeasureOn.GUEST, user__isnull=True, domain="", network="")
                | (
                    Q(on=MeasureOn.DOMAIN, user__isnull=True, guest__isnull=True, network="")
                    & ~Q(domain="")
                )
                | Q(on=MeasureOn.NETWORK, user__isnull=True, guest__isnull=True, domain=""),
                name="moderation_measure_about_one",
            ),
            models.CheckConstraint(
                condition=Q(on=MeasureOn.NETWORK) & (~Q(network="") ^ Q(network_name__isnull=False))
                | ~Q(on=MeasureOn.NETWORK) & Q(network_name__isnull=True),
                name="moderation_measure_names_its_network_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=MeasureKind.BAN) & ~Q(on=MeasureOn.NETWORK)
                | Q(kind=MeasureKind.WARNING, ends_at__isnull=True)
                | Q(ends_at__isnull=False),
                name="moderation_measure_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MeasureKind.WARNING)
                | Q(on__in=[MeasureOn.ACCOUNT, MeasureOn.GUEST]),
                name="moderation_warning_to_a_reader",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("began_at")),
                name="moderation_measure_ends_later",
            ),
        ]
        indexes = [
            models.Index(fields=["domain"], condition=~Q(domain=""), name="moderation_by_domain"),
            models.Index(fields=["-began_at"], name="moderation_measure_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


class Statement(models.Model):
    """What the author of a comment, or whom a measure is about, was told (DSA, Art. 17).

    Made with the restriction and never changed: the words of rule and reason as they were then.
    About one transition of a comment or one measure. None is made for spam.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    transition = models.OneToOneField(
        Transition,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="statement",
        verbose_name=_("decision about a comment"),
    )
    measure = models.OneToOneField(
        Measure,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="statement",
        verbose_name=_("measure"),
    )
    # To whom; both are empty once the reader is erased, or never gave anything to be known by.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="statements",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="statements",
        verbose_name=_("guest"),
    )
    action = models.CharField(_("what was done"), max_length=20)
    rule = models.CharField(_("rule"), max_length=RULE_LENGTH)
    rule_words = models.CharField(_("the rule’s words then"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    automated = models.BooleanField(_("automated"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    appeal_until = models.DateTimeField(_("an appeal is possible until"))

    class Meta:
        verbose_name = _("statement of reasons")
        verbose_name_plural = _("statements of reasons")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(transition__isnull=False, measure__isnull=True)
                | Q(transition__isnull=True, measure__isnull=False),
                name="moderation_statement_about_one",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest__isnull=True),
                name="moderation_statement_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.rule}"
