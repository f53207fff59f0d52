"""What an import remembers, so that the next one recognises what it brought in."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string
from wagtail.models import Page


class ImportedSite(models.Model):
    """A site that was brought in, known by its old host and path, without https and www."""

    address = models.CharField(_("old address"), max_length=500, unique=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    base_path = models.CharField(_("path of the old front"), max_length=500, blank=True)
    first_imported_at = models.DateTimeField(_("first import"), auto_now_add=True)

    class Meta:
        verbose_name = _("imported site")
        verbose_name_plural = _("imported sites")

    def __str__(self) -> str:
        return self.address

    def uuid_for(self, source_id: str) -> uuid.UUID:
        """The lasting name of an item: uuid5 of the site's address and the source id."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"https://{self.address}/?p={source_id}")


class ImportRun(models.Model):
    """One run of an import, with its counts by outcome once it has ended."""

    site = models.ForeignKey(ImportedSite, on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=500)
    counts = models.JSONField(_("counts by outcome"), default=dict)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.started_at:%Y-%m-%d %H:%M})"


class RecordState(models.TextChoices):
    """How far an item has come."""

    RESERVED = "reserved", _("Has a place in the tree, but no content yet")
    WAITING = "waiting", _("Written, waits for the pages it links to")
    DONE = "done", _("Finished")


class ImportRecord(models.Model):
    """One item of an old site, and what it became here.

    `payload` keeps what later parts of Diurna will need: comments and pings (without network
    addresses and user agents), post meta (votes among them), and the section that was chosen.
    """

    TARGETS: Final = ("page", "image", "document", "contributor", "topic")

    site = models.ForeignKey(ImportedSite, on_delete=models.CASCADE, related_name="records")
    source_id = models.CharField(_("id on the old site"), max_length=255)
    kind = models.CharField(_("kind"), max_length=32)
    state = models.CharField(
        _("state"), max_length=16, choices=RecordState.choices, default=RecordState.DONE
    )
    source_hash = models.CharField(_("hash of the source"), max_length=64, blank=True)
    content_hash = models.CharField(_("hash of what was written"), max_length=64, blank=True)
    # Which revision the import wrote last: another one means that somebody has edited since.
    revision_id = models.PositiveBigIntegerField(_("revision written"), null=True, blank=True)
    old_path = models.CharField(_("old path"), max_length=1000, blank=True)
    legacy_number = models.PositiveBigIntegerField(
        _("number in old addresses"), null=True, blank=True, db_index=True
    )
    payload = models.JSONField(_("kept for later"), default=dict, blank=True)
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_records"
    )
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="import_records",
    )
    document = models.ForeignKey(
        get_document_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="import_records",
    )
    contributor = models.ForeignKey(
        "newsroom.Contributor",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="import_records",
    )
    topic = models.ForeignKey(
        "newsroom.Topic",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="import_records",
    )
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="records", verbose_name=_("written by")
    )

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")
        constraints = [
            models.UniqueConstraint(fields=["site", "source_id"], name="import_record_once"),
            models.CheckConstraint(
                condition=Q(state__in=RecordState.values), name="import_record_state_known"
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=True) | Q(image__isnull=True, document__isnull=True),
                name="import_record_page_or_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"
