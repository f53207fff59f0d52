"""One vote per reader and target, and each press that made it what it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.accounts.guests import Guest
from diurna.accounts.ledger_names import NAME_LENGTH
from diurna.points.models.burst import Burst
from diurna.points.models.choices import Reason, VoterClass
from diurna.points.models.tally import Tally

VALUES = (-1, 0, 1)
HASH_SIZE = 32
# A vote of which the shown figures know more than the log, or what a moderator decided about it.
BEING_LOGGED = ~Q(logged_n=models.F("shown_n")) | ~Q(logged_value=models.F("shown_value"))


class Vote(models.Model):
    """The present vote of one reader on one target; 0 when it was taken back.

    The row stays when its reader is erased: then it says no more than the log does. No time in it
    is finer than an hour. `shown_*` and `logged_*` are what its target's tally holds of it: the
    highest `n` that was added there, with the value that counts (0 for one that does not count).
    """

    tally = models.ForeignKey(
        Tally, on_delete=models.PROTECT, related_name="votes", verbose_name=_("on")
    )
    # A reader who is gone leaves both empty.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="votes",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="votes",
        verbose_name=_("guest"),
    )
    voter = models.CharField(_("name in the log"), max_length=NAME_LENGTH)
    n = models.PositiveIntegerField(_("how often it was set"))
    value = models.SmallIntegerField(_("value"))
    voter_class = models.CharField(_("class"), max_length=8, choices=VoterClass.choices)
    reason = models.CharField(
        _("why it does not count"), max_length=16, choices=Reason.choices, blank=True
    )
    hour = models.DateTimeField(_("hour of the last change"))
    shown_n = models.PositiveIntegerField(_("shown, n"), default=0)
    shown_value = models.SmallIntegerField(_("shown, value"), default=0)
    shown_class = models.CharField(_("shown, class"), max_length=8, blank=True)
    logged_n = models.PositiveIntegerField(_("in the log, n"), default=0)
    logged_value = models.SmallIntegerField(_("in the log, value"), default=0)
    logged_class = models.CharField(_("in the log, class"), max_length=8, blank=True)
    logged_index = models.PositiveBigIntegerField(_("its entry"), null=True, blank=True)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["tally", "voter"], name="points_vote_once"),
            models.UniqueConstraint(
                fields=["tally", "user"],
                condition=Q(user__isnull=False),
                name="points_vote_once_per_account",
            ),
            models.UniqueConstraint(
                fields=["tally", "guest"],
                condition=Q(guest__isnull=False),
                name="points_vote_once_per_guest",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest__isnull=True),
                name="points_vote_of_one_reader",
            ),
            models.CheckConstraint(condition=Q(value__in=VALUES), name="points_vote_value_known"),
            models.CheckConstraint(
                condition=Q(shown_value__in=VALUES, logged_value__in=VALUES),
                name="points_vote_added_value_known",
            ),
            models.CheckConstraint(condition=Q(n__gte=1), name="points_vote_n_from_one"),
            models.CheckConstraint(
                condition=Q(logged_n__lte=models.F("shown_n"), shown_n__lte=models.F("n")),
                name="points_vote_shown_before_logged",
            ),
            models.CheckConstraint(
                condition=Q(voter_class__in=VoterClass.values), name="points_vote_class_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="points_vote_reason_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["logged_index"],
                condition=Q(logged_index__isnull=False),
                name="points_vote_by_entry",
            ),
            # Those of which something is being added to the log: few at any time.
            models.Index(fields=["tally"], condition=BEING_LOGGED, name="points_vote_being_logged"),
            models.Index(fields=["voter"], name="points_vote_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} on {self.tally_id}"

    @property
    def counted(self) -> bool:
        """Whether the vote counts, as far as has been decided."""
        return self.reason == Reason.COUNTED


class Cast(models.Model):
    """One press of a reader, which is one entry of the log: set, changed or taken back.

    `leaf` is the hash of its entry and `entry_index` its place, None until it has one. When, from
    which network and by which link is kept for 30 days at most (HMACs, never addresses), for the
    rules, and goes at once with the reader who is erased.
    """

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="casts")
    tally = models.ForeignKey(
        Tally, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("on")
    )
    n = models.PositiveIntegerField(_("n"))
    value = models.SmallIntegerField(_("value"))
    voter_class = models.CharField(_("class"), max_length=8, choices=VoterClass.choices)
    reason = models.CharField(
        _("why it did not count"), max_length=16, choices=Reason.choices, blank=True
    )
    hour = models.DateTimeField(_("hour"))
    nonce = models.BinaryField(_("hash of the browser's number"), max_length=HASH_SIZE)
    leaf = models.BinaryField(_("hash of its entry"), max_length=HASH_SIZE)
    entry_index = models.PositiveBigIntegerField(_("its entry"), null=True, blank=True)
    burst = models.ForeignKey(
        Burst,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="casts",
        verbose_name=_("burst"),
    )
    at = models.DateTimeField(_("time"), null=True, blank=True)
    network = models.BigIntegerField(_("network"), null=True, blank=True)
    address = models.BigIntegerField(_("address"), null=True, blank=True)
    referrer = models.BigIntegerField(_("site that sent the reader"), null=True, blank=True)

    class Meta:
        verbose_name = _("press")
        verbose_name_plural = _("presses")
        constraints = [
            models.UniqueConstraint(fields=["vote", "n"], name="points_cast_once"),
            # The same number again is the same request again.
            models.UniqueConstraint(fields=["vote", "nonce"], name="points_cast_nonce_once"),
            models.CheckConstraint(condition=Q(value__in=VALUES), name="points_cast_value_known"),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="points_cast_reason_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["network", "at"],
                condition=Q(network__isnull=False),
                name="points_cast_by_network",
            ),
            models.Index(
                fields=["tally", "at"], condition=Q(at__isnull=False), name="points_cast_by_time"
            ),
            models.Index(fields=["tally", "entry_index"], name="points_cast_by_entry"),
            # For the figures of a day.
            models.Index(fields=["hour", "reason"], name="points_cast_by_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} ({self.n})"
