"""What ties a source to the exact words of an article."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models.archived_copy import ArchivedCopy
from diurna.newsroom.models.source import Source


class Claim(models.TextChoices):
    """What the words claim."""

    FACT = "fact", _("Fact")
    FIGURE = "figure", _("Figure")
    QUOTE = "quote", _("Quotation")
    ATTRIBUTION = "attribution", _("Attribution")


class Bearing(models.TextChoices):
    """How the source bears on what is claimed."""

    SUPPORTS = "supports", _("Supports it")
    PARTLY = "partly", _("Supports it partly")
    DISPUTES = "disputes", _("Disputes it")


class CitationQuerySet(models.QuerySet["Citation"]):
    """Reads of citations."""

    def with_sources(self) -> "CitationQuerySet":
        """With all that a note beside the text shows, in one query."""
        return self.select_related(
            "source__outlet",
            "source__person",
            "source__document__digest",
            "source__article",
            "source__approved_by",
            "checked_by",
            "copy",
        ).defer("source__article__body", "source__article__methods", "copy__text")

    def public(self) -> "CitationQuerySet":
        """Those that stand in the text of a story that readers may see now."""
        return self.filter(position__isnull=False, article__live=True)


class Citation(models.Model):
    """One source for some exact words (W3C Web Annotation: a text quote selector).

    The words are named by `exact` with what stands before and after it; in the text a marker
    follows them that holds `uuid` (`newsroom/citation_marks.py`). `article` is None until the story
    in whose text the marker stands is stored for the first time. `position` is the number of its
    note in the published text, from 1, None while the marker is only in a draft.
    """

    # So much of the text stands beside the words, to find them again.
    CONTEXT_LENGTH = 64
    # Its words are in the text itself; the index of references has no use of the row.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        "newsroom.Article", null=True, on_delete=models.CASCADE, related_name="citations"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="citations", verbose_name=_("source")
    )
    exact = models.TextField(_("the words"), max_length=2000, blank=True)
    prefix = models.CharField(_("before the words"), max_length=CONTEXT_LENGTH, blank=True)
    suffix = models.CharField(_("after the words"), max_length=CONTEXT_LENGTH, blank=True)
    claim = models.CharField(
        _("what is claimed"), max_length=16, choices=Claim.choices, default=Claim.FACT
    )
    bearing = models.CharField(
        _("the source"), max_length=8, choices=Bearing.choices, default=Bearing.SUPPORTS
    )
    passage = models.TextField(
        _("passage"),
        max_length=3000,
        blank=True,
        help_text=_("What the source says, word for word. Readers see it, and it is looked up."),
    )
    locator = models.CharField(
        _("page or place in it"), max_length=300, blank=True, help_text=_("Such as p. 12.")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    checked_on = models.DateField(_("checked"), null=True, blank=True)
    never_fetch = models.BooleanField(
        _("never fetch"),
        default=False,
        help_text=_("The site is not asked for this citation, neither now nor later."),
    )
    position = models.PositiveSmallIntegerField(_("number of the note"), null=True, editable=False)
    copy = models.ForeignKey(
        ArchivedCopy,
        verbose_name=_("archived copy"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="citations",
    )
    passage_found = models.BooleanField(_("passage found in the copy"), null=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["article", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__in=Claim.values) & Q(bearing__in=Bearing.values),
                name="citation_known",
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=True) | Q(position__gte=1, article__isnull=False),
                name="citation_numbered_in_article",
            ),
            models.CheckConstraint(
                condition=Q(passage_found__isnull=True) | ~Q(passage=""),
                name="citation_found_what_is_there",
            ),
            models.UniqueConstraint(
                fields=["article", "position"],
                condition=Q(position__isnull=False),
                name="citation_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.exact[:40]}"

    @property
    def short(self) -> str:
        """How the marker stands in the canonical text: the first 8 digits of the name."""
        return self.uuid.hex[:8]
