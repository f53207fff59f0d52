"""Readers without an account who have written something: a signed cookie knows them, no name."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.ledger_names import KEY_SIZE


class Guest(models.Model):
    """A browser that has voted or commented; the row is made with its first write.

    Nothing of the person is here. The cookie holds `uuid`, signed. Without `ledger_key` nobody can
    say which names in the log were this guest's.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    ledger_key = models.BinaryField(
        _("key of its names in the log"), max_length=KEY_SIZE, null=True
    )

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        indexes = [models.Index(fields=["created_at"], name="accounts_guest_by_age")]

    def __str__(self) -> str:
        return f"guest {self.pk}"
