"""What an import remembers, so that the next one recognises what it brought in."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

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
    """One run of an import: of what, what came of it by kind and outcome, and whether it stands.

    A rehearsal is a run too, without a site: it wrote nothing, so nothing was brought in from one.
    Whether a run goes on is derived (`state`), since a killed process says nothing.
    """

    # Batches of outcomes are written far more often; fetching one large file may take minutes.
    SILENCE: Final = timedelta(minutes=10)

    site = models.ForeignKey(
        ImportedSite, null=True, blank=True, on_delete=models.CASCADE, related_name="runs"
    )
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last heard of"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=500)
    files = models.JSONField(_("files"), default=list, blank=True)
    dry_run = models.BooleanField(_("rehearsal"), default=False)
    counts = models.JSONField(_("counts by outcome"), default=dict)
    kinds = models.JSONField(_("counts by kind and outcome"), default=dict, blank=True)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(site__isnull=False) | Q(dry_run=True),
                name="import_run_site_unless_rehearsal",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="import_run_undone_by_only_if_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.started_at:%Y-%m-%d %H:%M})"

    def state(self, now: datetime) -> "RunState":
        """Finished, or running, or stopped: nothing was heard of it for `SILENCE`. `now` aware."""
        if self.finished_at is not None:
            return RunState.FINISHED
        heard = self.seen_at or self.started_at
        return RunState.RUNNING if now - heard < self.SILENCE else RunState.STOPPED


class RunState(models.TextChoices):
    """Whether a run goes on; derived, never stored."""

    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped before its end")


class RecordState(models.TextChoices):
    """How far an item has come."""

    RESERVED = "reserved", _("Has a place in the tree, but no content yet")
    WAITING = "waiting", _("Written, waits for the pages it links to")
    DONE = "done", _("Finished")


class ImportRecord(models.Model):
    """One item of an old site, and what it became here.

    `payload` keeps what has no other place: pings and comments that came into no thread (without
    addresses of people and networks), post meta, and the section that was chosen. `field_hash` is
    over the fields of what the import wrote that has no revisions (a person, a topic, a picture);
    other values there now mean that somebody has edited since.
    """

    TARGETS: Final = ("page", "image", "document", "contributor", "topic")
    # That something was brought in is no use of it, which the desk would have to know of.
    wagtail_reference_index_ignore = True

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
    field_hash = models.CharField(_("hash of the fields written"), max_length=64, blank=True)
    old_path = models.CharField(_("old path"), max_length=1000, blank=True)
    legacy_number = models.PositiveBigIntegerField(
        _("number in old addresses"), null=True, blank=True, db_index=True
    )
    payload = models.JSONField(_("kept for later"), default=dict, blank=True)
    # Null where an earlier version of the import kept the comments in `payload`.
    comments_brought = models.PositiveIntegerField(_("comments in the thread"), null=True)
    # Votes of the old site, which nobody can recount; kept apart from those that are cast here.
    points_up = models.PositiveBigIntegerField(_("votes up there"), null=True, blank=True)
    points_down = models.PositiveBigIntegerField(_("votes down there"), null=True, blank=True)
    points_score = models.BigIntegerField(_("score there"), null=True, blank=True)
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
    # The run that first brought it, which alone may take it back.
    created_by = models.ForeignKey(
        ImportRun,
        null=True,
        on_delete=models.PROTECT,
        related_name="created_records",
        verbose_name=_("brought by"),
    )
    # False for what stood here before: a person or section of the same name that was found.
    is_made = models.BooleanField(_("made by the import"), default=True)

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
            models.CheckConstraint(
                condition=(
                    Q(points_up__isnull=True, points_down__isnull=True, points_score__isnull=True)
                    | Q(points_up__gte=0, points_down__gte=0, points_score__isnull=False)
                ),
                name="import_record_points_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the record; what no run is named for was brought by the one that writes it."""
        if self._state.adding and self.created_by_id is None:
            self.created_by_id = self.run_id
        super().save(*args, **kwargs)

    def kind_of_target(self) -> str:
        """Which of `TARGETS` it became; empty for none."""
        return next((name for name in self.TARGETS if getattr(self, f"{name}_id")), "")


class OutcomeKind(models.TextChoices):
    """What a run did with an item."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    SKIPPED = "skipped", _("Skipped")
    CONFLICT = "conflict", _("Conflict")
    FAILED = "failed", _("Failed")


class ImportOutcome(models.Model):
    """One `<item>` of the export, and what a run made of it. Rows are written while it runs."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="outcomes")
    ordinal = models.PositiveBigIntegerField(_("place in the export"))
    source_id = models.CharField(_("id on the old site"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=64, blank=True)
    file = models.CharField(_("file"), max_length=500, blank=True)
    line = models.PositiveBigIntegerField(_("line"), default=0)
    column = models.PositiveBigIntegerField(_("column"), default=0)
    title = models.CharField(_("title"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=OutcomeKind.choices)
    reason = models.TextField(_("reason"), blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    old_address = models.TextField(_("old address"), blank=True)
    new_address = models.TextField(_("new address"), blank=True)
    record = models.ForeignKey(
        ImportRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="outcomes"
    )

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["run", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "ordinal"], name="import_outcome_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=OutcomeKind.values), name="import_outcome_known"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "outcome", "ordinal"], name="import_outcome_by_outcome"),
            models.Index(fields=["run", "kind", "ordinal"], name="import_outcome_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.ordinal} ({self.outcome})"


class ImportUpdate(models.Model):
    """A page that a run changed, with what it was before, so that the run can be taken back."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="updates")
    record = models.ForeignKey(ImportRecord, on_delete=models.CASCADE, related_name="updates")
    revision_before = models.PositiveBigIntegerField(_("revision before"), null=True)
    source_hash_before = models.CharField(_("hash of the source before"), max_length=64, blank=True)
    content_hash_before = models.CharField(_("hash written before"), max_length=64, blank=True)
    payload_before = models.JSONField(_("kept before"), default=dict, blank=True)
    run_before = models.ForeignKey(
        ImportRun,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by before"),
    )

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(fields=["run", "record"], name="import_update_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.record}"


class Decision(models.TextChoices):
    """What the desk decided on an item that was changed on both sides."""

    OPEN = "open", _("Open")
    OURS = "ours", _("Keep ours")
    THEIRS = "theirs", _("Take theirs")


class ImportConflict(models.Model):
    """An item that was changed on the old site and at the desk since the last import.

    `incoming` is what the import would have written (the shape is `conflicts.Incoming`), so that it
    can be applied later without the export.
    """

    record = models.ForeignKey(ImportRecord, on_delete=models.CASCADE, related_name="conflicts")
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="conflicts")
    found_at = models.DateTimeField(_("found"))
    incoming = models.JSONField(_("what came"), default=dict)
    decision = models.CharField(
        _("decision"), max_length=16, choices=Decision.choices, default=Decision.OPEN
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
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(decision="open"), name="import_conflict_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="import_conflict_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at__isnull=True)
                | (~Q(decision="open") & Q(decided_at__isnull=False)),
                name="import_conflict_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.get_decision_display()}"


class ImportedRedirect(models.Model):
    """A redirect that a run made, and where it led then.

    Elsewhere now means that the desk has changed it; none now, that the desk has deleted it. An
    import makes neither anew.
    """

    redirect = models.OneToOneField(
        "wagtailredirects.Redirect", null=True, on_delete=models.SET_NULL, related_name="imported"
    )
    old_path = models.CharField(_("old path"), max_length=255, db_index=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="redirects")
    page_id_written = models.PositiveBigIntegerField(_("page written"), null=True, blank=True)
    link_written = models.CharField(_("address written"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("imported redirect")
        verbose_name_plural = _("imported redirects")

    def __str__(self) -> str:
        return self.old_path


class MissingFile(models.Model):
    """A file of the old site that could not be had; the row goes when the file comes in."""

    site = models.ForeignKey(ImportedSite, on_delete=models.CASCADE, related_name="missing_files")
    address = models.CharField(_("old address"), max_length=1000)
    reason = models.TextField(_("reason"))
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    first_tried_at = models.DateTimeField(_("first tried"))
    last_tried_at = models.DateTimeField(_("last tried"))
    source_id = models.CharField(_("id on the old site"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("missing file")
        verbose_name_plural = _("missing files")
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["site", "address"], name="missing_file_once"),
        ]

    def __str__(self) -> str:
        return self.address
