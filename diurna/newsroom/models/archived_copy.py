"""Copies of what stories cite, kept by the desk."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ArchivedCopy(models.Model):
    """One page as it was fetched once, in a WARC file (ISO 28500) below `DIURNA_HOME/copies`.

    Private to the desk unless `is_public` (a document of the newsroom's own). `sha256` is of the
    file's bytes, `commitment` SHA-256 over `salt` and these bytes: it is in the public log, the
    salt is not public as long as the copy is not. `text` is the page's plain text, in which
    passages are looked up. Rows are added and go with their source; only
    `is_public` changes.
    """

    SALT_BYTES = 32
    # It refers to one source, which is no page and no file of the library.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(
        "newsroom.Source", on_delete=models.CASCADE, related_name="copies", verbose_name=_("source")
    )
    path = models.CharField(_("file"), max_length=200, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    requested_address = models.CharField(_("address asked for"), max_length=2000)
    final_address = models.CharField(_("address that answered"), max_length=2000)
    redirects = models.JSONField(_("redirects"), default=list, blank=True)
    status = models.PositiveSmallIntegerField(_("status"))
    content_type = models.CharField(_("media type"), max_length=100, blank=True)
    captured_at = models.DateTimeField(_("captured"))
    tool = models.CharField(_("tool"), max_length=100)
    salt = models.BinaryField(_("salt"), max_length=SALT_BYTES)
    commitment = models.BinaryField(_("commitment"), max_length=32)
    title = models.CharField(_("title"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_public = models.BooleanField(_("public"), default=False)

    class Meta:
        verbose_name = _("archived copy")
        verbose_name_plural = _("archived copies")
        ordering = ["-captured_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0, status__gte=100, status__lte=599),
                name="archived_copy_of_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.final_address} ({self.captured_at:%Y-%m-%d})"


class LinkCheck(models.Model):
    """One look at the address of a source after it was cited, and what it found."""

    wagtail_reference_index_ignore = True

    source = models.ForeignKey(
        "newsroom.Source", on_delete=models.CASCADE, related_name="link_checks"
    )
    at = models.DateTimeField(_("time"))
    state = models.CharField(_("state found"), max_length=8, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    final_address = models.CharField(_("address that answered"), max_length=2000, blank=True)
    trouble = models.CharField(_("what failed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["source", "-at"], name="link_check_by_source"),
            # Which hosts were asked a moment ago, and what is old enough to be forgotten.
            models.Index(fields=["at"], name="link_check_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.state or self.trouble}"
