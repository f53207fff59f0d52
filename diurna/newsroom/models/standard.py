"""What the newsroom says of itself: one row a page, and every state that readers could read."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from diurna.newsroom.search import text as search_text


class StandardKind(models.TextChoices):
    """The pages, in the order in which readers find them; the value is the end of the address."""

    ETHICS = "ethics", _("How we work")
    CORRECTIONS = "corrections", _("How we correct errors")
    UNNAMED = "unnamed-sources", _("Unnamed sources")
    DIVERSITY = "diversity", _("Who speaks, and who writes")
    OWNERSHIP = "ownership", _("Ownership and funding")
    MASTHEAD = "masthead", _("Masthead")
    COMPLAINTS = "complaints", _("Complaints and feedback")


class Standard(index.Indexed, models.Model):
    """One page of the newsroom's own: the draft of its answers, and which version readers read.

    `answers` is `{key of the question: text}`; for a question that asks for people, a list of
    `{"uuid": ..., "name": ..., "role": ...}` (`newsroom/standards/`). `draft_number` counts the
    times the draft was stored, so that of two who write at once the second is told.
    """

    kind = models.CharField(
        _("page"), max_length=16, choices=StandardKind.choices, unique=True, editable=False
    )
    answers = models.JSONField(_("answers in draft"), default=dict, blank=True)
    draft_number = models.PositiveIntegerField(_("times the draft was stored"), default=0)
    public_number = models.PositiveIntegerField(_("version that readers read"), null=True)

    search_fields = [index.SearchField("search_text")]

    class Meta:
        verbose_name = _("page about the newsroom")
        verbose_name_plural = _("pages about the newsroom")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=StandardKind.values), name="standard_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(public_number__isnull=True) | Q(public_number__gte=1),
                name="standard_public_from_one",
            ),
        ]

    def __str__(self) -> str:
        return str(StandardKind(self.kind).label)

    def get_absolute_url(self) -> str:
        return reverse("standard", args=[self.kind])

    def search_text(self) -> str:
        """What readers' search finds the page by; empty while it is not public."""
        return search_text.of_standard(self)


class StandardVersion(models.Model):
    """One published state of a page, or its withdrawal. Rows are only ever added.

    `note` says what changed; only the first version has none. The words of a withdrawn page stay in
    its earlier versions, which readers no longer see.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, related_name="versions", verbose_name=_("page")
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    note = models.CharField(_("what changed"), max_length=500, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a page about the newsroom")
        verbose_name_plural = _("versions of pages about the newsroom")
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & (Q(number=1, withdrawn=False) | ~Q(note="")),
                name="standard_version_says_what_changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; TypeError for one that is stored already, since history is not rewritten."""
        if self.pk is not None:
            raise TypeError("A published version is never changed; publish a new one instead.")
        super().save(*args, **kwargs)
