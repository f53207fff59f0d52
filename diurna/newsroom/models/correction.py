"""Corrections, clarifications, updates and retractions: what was wrong, and what is right."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models.revision import PublicRevision

if TYPE_CHECKING:
    from diurna.newsroom.models.article import Article


class CorrectionKind(models.TextChoices):
    """What a notice is (`design/trust.md`)."""

    CORRECTION = "correction", _("Correction")
    CLARIFICATION = "clarification", _("Clarification")
    UPDATE = "update", _("Update")
    RETRACTION = "retraction", _("Retraction")


class Severity(models.TextChoices):
    """How much it matters to what the story says."""

    SMALL = "small", _("A detail")
    SUBSTANTIAL = "substantial", _("Matters to the story")
    SERIOUS = "serious", _("The story was wrong in the main")


class FoundBy(models.TextChoices):
    """Who found the error."""

    READER = "reader", _("A reader")
    STAFF = "staff", _("The newsroom")
    SUBJECT = "subject", _("Somebody the story is about")
    OTHER = "other", _("Somebody else")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Reads of corrections."""

    def public(self) -> "CorrectionQuerySet":
        """Those of stories that readers may see now, newest first."""
        return self.filter(article__live=True, removed=False).order_by("-at", "-pk")

    def listed(self) -> "CorrectionQuerySet":
        """Those that readers hear of, newest first, also of stories that are gone by now.

        Of what is gone nobody may be told the words (`tells_words`). Not those of a draft, and not
        what an import brought and its undo took back.
        """
        history = PublicRevision.objects.filter(article_uuid=OuterRef("article_uuid"))
        taken_back = Q(article=None, imported=True, removed=False)
        found = self.filter(Q(article__live=True) | Exists(history) & ~taken_back)
        return found.order_by("-at", "-pk")

    def blank(self, article: uuid.UUID) -> int:
        """Take the words and salts out of an article's notices, for a legal removal; how many.

        The one way in which a notice ever changes; number, kind, time and commitment stay.
        """
        return self.filter(article_uuid=article).update(
            text="", wrong="", right="", channels="", salt=b"", comment_uuid=None, removed=True
        )

    def adopt(self, article: "Article") -> int:
        """Link notices to the article that has come back under their name; how many they are."""
        return self.filter(article=None, article_uuid=article.uuid).update(article=article)


class Correction(models.Model):
    """One notice about one article. Rows are only ever added, and no revert takes one away.

    `number` counts from 1 within the article. `before` and `after` are numbers of public revisions:
    what stood until then, and the one that the notice came with (None for one that an import
    brought). `block` is the id of the block of the text at whose end it is named, if at one.
    `commitment` is SHA-256 over `salt` and the notice's own text (`correction_lines.notice_text`).
    A row without words (`removed`) of a story that is still there was lost: the log knows of it,
    and the site was restored from a backup that is older.
    """

    SALT_BYTES = 32
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        "newsroom.Article", null=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    article_uuid = models.UUIDField(_("lasting name of the article"), editable=False)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=CorrectionKind.choices)
    text = models.TextField(_("notice"), max_length=2000, blank=True)
    wrong = models.TextField(_("what was wrong"), max_length=2000, blank=True)
    right = models.TextField(_("what is right"), max_length=2000, blank=True)
    severity = models.CharField(_("severity"), max_length=16, choices=Severity.choices, blank=True)
    found_by = models.CharField(_("found by"), max_length=8, choices=FoundBy.choices, blank=True)
    reported_on = models.DateField(_("reported"), null=True, blank=True)
    at = models.DateTimeField(_("corrected"))
    before = models.PositiveIntegerField(_("version before"), null=True)
    after = models.PositiveIntegerField(_("version with the notice"), null=True)
    block = models.CharField(_("place in the text"), max_length=36, blank=True)
    # Where else readers were told: "Newsletter", "Mastodon", ..., as the editor wrote it.
    channels = models.CharField(_("also told"), max_length=300, blank=True)
    # The comment that led to it; comments are a higher room, so there is no key.
    comment_uuid = models.UUIDField(_("comment that led to it"), null=True, editable=False)
    salt = models.BinaryField(_("salt"), max_length=SALT_BYTES)
    commitment = models.BinaryField(_("commitment"), max_length=32)
    imported = models.BooleanField(_("from the old site"), default=False)
    removed = models.BooleanField(_("without words"), default=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["article_uuid", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article_uuid", "number"], name="correction_once"),
            models.CheckConstraint(
                condition=Q(kind__in=CorrectionKind.values, number__gte=1)
                & Q(severity__in=["", *Severity.values])
                & Q(found_by__in=["", *FoundBy.values]),
                name="correction_known",
            ),
            models.CheckConstraint(
                condition=Q(removed=False) & ~Q(text="")
                | Q(removed=True, text="", wrong="", right="", salt=b""),
                name="correction_text_unless_removed",
            ),
            models.CheckConstraint(
                condition=Q(imported=True) | Q(after__isnull=False),
                name="correction_comes_with_version",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="correction_by_time")]

    def __str__(self) -> str:
        return f"{self.article_uuid}/{self.number} ({self.kind})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; TypeError for one that is stored already, since history is not rewritten."""
        if self.pk is not None:
            raise TypeError("A correction is never changed; add a new one instead.")
        if self.article is not None:
            self.article_uuid = self.article.uuid
        super().save(*args, **kwargs)

    @property
    def tells_words(self) -> bool:
        """Whether its story is there to be read, and so its own words are too."""
        return self.article is not None and self.article.live
