"""Bursts of votes, and what moderators decided about votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.points.models.choices import Mark
from diurna.points.models.tally import Tally


class BurstState(models.TextChoices):
    """What becomes of the votes of a burst."""

    OPEN = "open", _("Waits for a moderator")
    COUNTED = "counted", _("Counted after all")
    KEPT_OUT = "kept_out", _("Not counted")


class Burst(models.Model):
    """Many votes on one target in a few minutes, most of which share a network or a referrer.

    While it waits, what comes with the same mark is stored and not counted.
    """

    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="bursts")
    mark = models.CharField(_("what they share"), max_length=8, choices=Mark.choices)
    value = models.BigIntegerField(_("HMAC of it"))
    found_at = models.DateTimeField(_("found"))
    votes = models.PositiveIntegerField(_("votes when it was found"))
    sharing = models.PositiveIntegerField(_("of which share the mark"))
    state = models.CharField(
        _("state"), max_length=8, choices=BurstState.choices, default=BurstState.OPEN
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

    class Meta:
        verbose_name = _("burst")
        verbose_name_plural = _("bursts")
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tally", "mark", "value"],
                condition=Q(state="open"),
                name="points_burst_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BurstState.values), name="points_burst_state_known"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=Mark.values), name="points_burst_mark_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="points_burst_decided_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.votes} on {self.tally_id}"


class Ruling(models.Model):
    """A moderator's decision that a vote no longer counts, or counts again: `void`, `unvoid`.

    It becomes an entry as soon as the vote has an index in the log (`entry_made`). Of the reason
    only daily totals are public.
    """

    vote = models.ForeignKey("points.Vote", on_delete=models.CASCADE, related_name="rulings")
    counts = models.BooleanField(_("counts"))
    reason = models.CharField(_("reason"), max_length=32)
    burst = models.ForeignKey(
        Burst,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="rulings",
        verbose_name=_("burst that it was decided with"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"))
    entry_made = models.BooleanField(_("written for the log"), default=False)

    class Meta:
        verbose_name = _("decision about a vote")
        verbose_name_plural = _("decisions about votes")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["vote"], condition=Q(entry_made=False), name="points_ruling_to_write"
            ),
            models.Index(fields=["decided_at"], name="points_ruling_by_time"),
        ]

    def __str__(self) -> str:
        return f"{'counts' if self.counts else 'does not count'}: {self.vote_id}"
