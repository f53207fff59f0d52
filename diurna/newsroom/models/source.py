"""What stories rest on: documents, people, places, what others published."""

import hashlib
import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string
from wagtail.search import index

from diurna.common.fields import AddressField
from diurna.newsroom.models.outlet import Outlet

LONGEST_ADDRESS = 2000
PARTIAL_DATE = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z",
    _("Please write a year, a month or a day: 2026, 2026-03 or 2026-03-14."),
)


class SourceKind(models.TextChoices):
    """What a source is (`design/trust.md`)."""

    DOCUMENT = "document", _("Document")
    DATASET = "dataset", _("Dataset")
    INTERVIEW = "interview", _("Interview")
    SCENE = "scene", _("On the scene")
    OUTLET = "outlet", _("Another outlet")
    POST = "post", _("Social post")
    STATEMENT = "statement", _("Statement")


class SourceState(models.TextChoices):
    """What the last look at its address found; `""` is not looked at."""

    LIVE = "live", _("Live")
    MOVED = "moved", _("Moved")
    CHANGED = "changed", _("Changed since it was cited")
    DEAD = "dead", _("No longer there")


class Anonymity(models.TextChoices):
    """How much of who it is the newsroom tells."""

    NAMED = "named", _("Named")
    PARTLY = "partly", _("Role told, name not")
    UNNAMED = "unnamed", _("Not named")


class Source(index.Indexed, models.Model):
    """One source, however many stories cite it. `title` of an unnamed one is how it is described.

    No field may hold who an unnamed source is: the database refuses authors, addresses and the like
    beside an anonymity. `published` is a date or a part of one (`2026`, `2026-03`, `2026-03-14`).
    `state` and what follows it are found by link checks and are no words of any story.
    """

    # Naming fields, all of which are empty for a source that is not named.
    NAMING = (
        "authors",
        "address",
        "publisher",
        "doi",
        "isbn",
        "outlet",
        "person",
        "document",
        "article",
    )
    # What readers see of one that is not named: its approval holds for these words alone.
    APPROVED = (
        "kind", "title", "language", "published", "accessed_on", "place", "paywalled", "anonymity",
        "anonymity_reason",
    )  # fmt: skip

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=16, choices=SourceKind.choices, default=SourceKind.DOCUMENT
    )
    title = models.CharField(_("title"), max_length=500)
    authors = models.CharField(_("authors"), max_length=500, blank=True)
    outlet = models.ForeignKey(
        Outlet,
        verbose_name=_("outlet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sources",
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    address = AddressField(_("address"), max_length=LONGEST_ADDRESS, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    published = models.CharField(
        _("published"), max_length=10, blank=True, validators=[PARTIAL_DATE]
    )
    accessed_on = models.DateField(_("accessed"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True)
    paywalled = models.BooleanField(_("behind a pay-wall"), default=False)
    # One of our own people, who was on the scene or spoke; one of our own stories; our own file.
    person = models.ForeignKey(
        "newsroom.Contributor",
        verbose_name=_("contributor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sources",
    )
    article = models.ForeignKey(
        "newsroom.Article",
        verbose_name=_("own story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="as_sources",
    )
    document = models.ForeignKey(
        get_document_model_string(),
        verbose_name=_("own document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confidential = models.BooleanField(
        _("confidential material"),
        default=False,
        help_text=_("Nothing is fetched or kept, and no hash of it is ever public."),
    )
    anonymity = models.CharField(
        _("anonymity"), max_length=8, choices=Anonymity.choices, default=Anonymity.NAMED
    )
    anonymity_reason = models.CharField(_("why it is not named"), max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("anonymity approved by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    # Whoever last changed what readers see of it: somebody else approves that.
    worded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last worded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=8, choices=SourceState.choices, blank=True, editable=False
    )
    state_since = models.DateTimeField(_("state since"), null=True, editable=False)
    moved_to = models.CharField(
        _("moved to"), max_length=LONGEST_ADDRESS, blank=True, editable=False
    )
    checked_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    check_due_at = models.DateTimeField(_("next look"), null=True, editable=False)
    failures = models.PositiveSmallIntegerField(
        _("failed looks in a row"), default=0, editable=False
    )
    trouble = models.CharField(_("what failed last"), max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("authors"),
        index.AutocompleteField("authors"),
        index.FilterField("kind"),
        index.FilterField("state"),
    ]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values)
                & Q(anonymity__in=Anonymity.values)
                & Q(state__in=["", *SourceState.values])
                & ~Q(title=""),
                name="source_known",
            ),
            models.CheckConstraint(
                condition=Q(anonymity="named")
                | Q(
                    ~Q(anonymity_reason=""),
                    authors="",
                    address="",
                    publisher="",
                    doi="",
                    isbn="",
                    outlet__isnull=True,
                    person__isnull=True,
                    document__isnull=True,
                    article__isnull=True,
                ),
                name="source_unnamed_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | ~Q(anonymity="named"),
                name="source_approved_only_unnamed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_due_at"],
                condition=Q(check_due_at__isnull=False),
                name="source_check_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def kind_in_words(self) -> str:
        """Its kind as people read it; a story of our own is no other outlet's."""
        if self.article_id and self.kind == SourceKind.OUTLET:
            return str(_("Our own story"))
        return str(SourceKind(self.kind).label)

    @property
    def is_named(self) -> bool:
        """Whether readers may know who or what it is."""
        return self.anonymity == Anonymity.NAMED

    @property
    def wording(self) -> str:
        """16 hexadecimal digits for what an approval is about: what was on somebody's screen."""
        told = "\0".join(str(getattr(self, name)) for name in self.APPROVED)
        return hashlib.sha256(told.encode()).hexdigest()[:16]
