"""What is stored of the log: entries and full tiles, and what waits to become entries.

Entries, tiles and checkpoints are only ever added: the settler writes them, in one transaction.
Partial tiles and bundles are computed from these rows (`reading`).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.ledger.tiles import MAX_ENTRY_SIZE, TILE_WIDTH
from diurna.ledger.tree import HASH_SIZE


class Log(models.Model):
    """One log under one origin; `size` and `root` are those of its last checkpoint.

    One log is active. An earlier one stays here when a restore had to begin under a new origin.
    """

    origin = models.CharField(_("origin"), max_length=255, unique=True)
    active = models.BooleanField(_("active"), default=True)
    verifier_key = models.CharField(_("verifier key"), max_length=400)
    site = models.CharField(_("address of the site"), max_length=255)
    founded_at = models.DateTimeField(_("time of its first entry"))
    size = models.PositiveBigIntegerField(_("entries"), default=0)
    root = models.BinaryField(_("root"), max_length=HASH_SIZE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="ledger_log_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} ({self.size})"


class Haste(models.TextChoices):
    """How soon an entry enters the log (`settler`)."""

    AT_ONCE = "at_once", _("At once")
    # Shuffled with others, so that order and minute tell little about a reader.
    TOGETHER = "together", _("Together with others")


class PendingEntry(models.Model):
    """An entry that was written with what it tells of, and is not in the log yet.

    `name` says the same fact in a word where it may be told only once: `revision/<uuid>/<number>`.
    `not_before` keeps an entry back (votes on comments, until their hour is over).
    """

    type = models.CharField(_("type"), max_length=16)
    name = models.CharField(_("name"), max_length=120, blank=True)
    data = models.BinaryField(_("bytes"), max_length=MAX_ENTRY_SIZE)
    haste = models.CharField(_("haste"), max_length=8, choices=Haste.choices)
    not_before = models.DateTimeField(_("not before"), null=True)
    created_at = models.DateTimeField(_("written"))
    counted = models.BooleanField(_("told to the consumers"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="ledger_pending_named_once"
            ),
            models.CheckConstraint(
                condition=Q(haste__in=Haste.values), name="ledger_pending_haste_known"
            ),
        ]
        indexes = [
            models.Index(fields=["haste", "id"], name="ledger_pending_by_haste"),
            models.Index(fields=["id"], condition=Q(counted=False), name="ledger_pending_to_count"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Entry(models.Model):
    """One entry of a log, at its index; `data` are its bytes, `leaf` their hash."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField(_("index"))
    type = models.CharField(_("type"), max_length=16)
    name = models.CharField(_("name"), max_length=120, blank=True)
    data = models.BinaryField(_("bytes"), max_length=MAX_ENTRY_SIZE)
    leaf = models.BinaryField(_("leaf hash"), max_length=HASH_SIZE)

    class Meta:
        ordering = ["log", "index"]
        constraints = [
            models.UniqueConstraint(fields=["log", "index"], name="ledger_entry_once"),
            models.UniqueConstraint(
                fields=["log", "name"], condition=~Q(name=""), name="ledger_entry_named_once"
            ),
        ]
        indexes = [models.Index(fields=["leaf"], name="ledger_entry_by_leaf")]

    def __str__(self) -> str:
        return f"{self.type} {self.index}"


class Tile(models.Model):
    """A full tile: 256 hashes, and the root over them, which is one hash of the level above."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="tiles")
    level = models.PositiveSmallIntegerField(_("level"))
    index = models.PositiveBigIntegerField(_("index"))
    data = models.BinaryField(_("hashes"), max_length=TILE_WIDTH * HASH_SIZE)
    root = models.BinaryField(_("root"), max_length=HASH_SIZE)

    class Meta:
        ordering = ["log", "level", "index"]
        constraints = [
            models.UniqueConstraint(fields=["log", "level", "index"], name="ledger_tile_once"),
            models.CheckConstraint(condition=Q(level__lte=63), name="ledger_tile_level_known"),
        ]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A checkpoint as it was signed: `note` is the whole signed note."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField(_("entries"))
    root = models.BinaryField(_("root"), max_length=HASH_SIZE)
    note = models.TextField(_("signed note"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["log", "size"]
        constraints = [
            models.UniqueConstraint(fields=["log", "size"], name="ledger_checkpoint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.size} at {self.at:%Y-%m-%d %H:%M}"


class Announcement(models.Model):
    """A new key or a new address of the site, in a note signed by the key that was valid before."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="announcements")
    number = models.PositiveIntegerField(_("number"))
    note = models.TextField(_("signed note"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["log", "number"]
        constraints = [
            models.UniqueConstraint(fields=["log", "number"], name="ledger_announcement_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="ledger_announcement_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} at {self.at:%Y-%m-%d}"
