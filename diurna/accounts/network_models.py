"""What is kept of network addresses: keys for their HMACs, and whether the rules rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diurna.accounts.ledger_names import KEY_SIZE


class NetworkKey(models.Model):
    """A key for the HMACs of network addresses, deleted after 30 days (`networks`)."""

    key = models.BinaryField(_("key"), max_length=KEY_SIZE)
    began_at = models.DateTimeField(_("used from"), unique=True)

    class Meta:
        verbose_name = _("key of network names")
        verbose_name_plural = _("keys of network names")

    def __str__(self) -> str:
        return f"key of {self.began_at:%Y-%m-%d}"


class RestReason(models.TextChoices):
    """Why the rules about networks rest."""

    FORWARDED = "forwarded", _("Forwarded requests come from a proxy that nobody named")
    ONE_ADDRESS = "one_address", _("Nearly all votes come from one address")


class NetworkRest(models.Model):
    """The rules about networks rest until then: all readers seem to share one address."""

    reason = models.CharField(_("reason"), max_length=16, choices=RestReason.choices, unique=True)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("rest of the network rules")
        verbose_name_plural = _("rests of the network rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=RestReason.values),
                name="accounts_network_rest_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return str(RestReason(self.reason).label)
