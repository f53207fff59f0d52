"""Who wants to hear of what by letter, and the addresses of guests who do."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.addresses import PLACEHOLDER_DOMAIN
from diurna.accounts.guests import Guest
from diurna.accounts.models import EMAIL_MAX_LENGTH
from diurna.comments.models.comment import Comment
from diurna.newsroom.models import Article

_HASH_SIZE: Final = 32


class SubscriptionKind(models.TextChoices):
    """What a reader wants to hear of."""

    REPLIES = "replies", _("Answers to my comment")
    MENTIONS = "mentions", _("Comments that name me with an @")
    THREAD = "thread", _("Everything below a comment")
    ARTICLE = "article", _("New comments of a story")
    DECISIONS = "decisions", _("Decisions about my comments")


class Frequency(models.TextChoices):
    """How often letters come."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    OFF = "off", _("Never")


class LetterAddress(models.Model):
    """An address to which a guest wants letters; its subscriptions say whether that is confirmed.

    One row for an address, whoever typed it; deleted with its last subscription. One that was given
    with a notice of illegal content has none, and goes with the last letter about it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=EMAIL_MAX_LENGTH, unique=True)
    made_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("address for letters")
        verbose_name_plural = _("addresses for letters")

    def __str__(self) -> str:
        return f"address {self.pk}"


class ConfirmationAsked(models.Model):
    """That an address was asked to confirm within the last day; it is not asked again until then.

    Apart from the address, so that erasing and asking anew does not make one more letter.
    """

    email_hash = models.BinaryField(_("HMAC of the address"), max_length=_HASH_SIZE, unique=True)
    network = models.BigIntegerField(_("network that asked"), null=True, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("address that was asked")
        verbose_name_plural = _("addresses that were asked")
        indexes = [models.Index(fields=["at"], name="comments_asked_by_time")]

    def __str__(self) -> str:
        return f"asked {self.at:%Y-%m-%d %H:%M}"


class SubscriptionQuerySet(QuerySet["Subscription"]):
    """Reads of subscriptions; in no order unless said otherwise."""

    def active(self) -> "SubscriptionQuerySet":
        """Those that letters are sent for: switched on, and the address confirmed."""
        member = Q(user__is_active=True) & ~Q(user__email__endswith=f"@{PLACEHOLDER_DOMAIN}")
        return self.exclude(frequency=Frequency.OFF).filter(
            member | Q(address__isnull=False, confirmed_at__isnull=False)
        )

    def waiting(self) -> "SubscriptionQuerySet":
        """Those of guests whose address has not confirmed them."""
        return self.filter(address__isnull=False, confirmed_at__isnull=True)


def _once(recipient: str, what: str) -> models.UniqueConstraint:
    """One subscription of a kind for a recipient and a comment, an article, or neither."""
    condition = Q(**{f"{recipient}__isnull": False})
    fields = [recipient, "kind"]
    if what == "reader":
        condition &= Q(comment__isnull=True, article__isnull=True)
    else:
        condition &= Q(**{f"{what}__isnull": False})
        fields.append(what)
    return models.UniqueConstraint(
        fields=fields, condition=condition, name=f"comments_once_{recipient}_{what}"
    )


class Subscription(models.Model):
    """One thing of which one reader wants letters: a member, or a guest at a typed address.

    `guest` is the browser that asked. A guest's is confirmed by the address (`confirmed_at`), and
    by the same browser and address once for all; `asked_at` is when the letter that asks was due.
    A member's needs a confirmed address of the account. Switched off it stays, so that old links
    still end it and nothing switches it on again unasked.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("account"),
    )
    address = models.ForeignKey(
        LetterAddress,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("address of a guest"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subscriptions",
        verbose_name=_("guest"),
    )
    kind = models.CharField(_("of what"), max_length=9, choices=SubscriptionKind.choices)
    comment = models.ForeignKey(
        Comment,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("comment"),
    )
    article = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("article"),
    )
    frequency = models.CharField(_("how often"), max_length=7, choices=Frequency.choices)
    made_at = models.DateTimeField(_("since"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked to confirm"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SubscriptionKind.values, frequency__in=Frequency.values),
                name="comments_subscription_known",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address__isnull=True, guest__isnull=True)
                | Q(user__isnull=True, address__isnull=False),
                name="comments_subscription_of_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[SubscriptionKind.REPLIES, SubscriptionKind.THREAD],
                    comment__isnull=False,
                    article__isnull=True,
                )
                | Q(kind=SubscriptionKind.ARTICLE, comment__isnull=True, article__isnull=False)
                | Q(
                    kind__in=[SubscriptionKind.MENTIONS, SubscriptionKind.DECISIONS],
                    comment__isnull=True,
                    article__isnull=True,
                ),
                name="comments_subscription_has_its_thing",
            ),
            *(
                _once(recipient, what)
                for recipient in ("user", "address")
                for what in ("comment", "article", "reader")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.frequency}"

    @property
    def is_on(self) -> bool:
        """Whether letters are wanted."""
        return self.frequency != Frequency.OFF

    def story(self) -> Article | None:
        """The article that it is about; None where it is about the reader."""
        return self.comment.thread.article if self.comment is not None else self.article
