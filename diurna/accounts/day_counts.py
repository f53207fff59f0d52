"""How many accounts came and went each day: what the log's `day` entry says of them."""

from datetime import UTC, date, datetime
from enum import StrEnum

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """What is counted; the words are those of the log."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    DELETED = "deleted"


class AccountsDay(models.Model):
    """Counts of one day (UTC). An account that is gone leaves nothing else to count."""

    day = models.DateField(_("day"), unique=True)
    registered = models.PositiveIntegerField(_("accounts registered"), default=0)
    confirmed = models.PositiveIntegerField(_("addresses confirmed"), default=0)
    deleted = models.PositiveIntegerField(_("accounts deleted"), default=0)

    class Meta:
        verbose_name = _("accounts of a day")
        verbose_name_plural = _("accounts by day")

    def __str__(self) -> str:
        return f"{self.day}"


def count(event: Event, *, at: datetime | None = None) -> None:
    """Count it with its day, inside the caller's transaction."""
    day = (at or timezone.now()).astimezone(UTC).date()
    with transaction.atomic():
        row, _created = AccountsDay.objects.get_or_create(day=day)
        AccountsDay.objects.filter(pk=row.pk).update(**{event.value: F(event.value) + 1})


def figures(day: date) -> dict[str, int]:
    """What is counted with this day, by the log's words."""
    row = AccountsDay.objects.filter(day=day).first() or AccountsDay(day=day)
    return {event.value: getattr(row, event.value) for event in Event}
