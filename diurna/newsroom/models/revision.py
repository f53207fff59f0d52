"""The public history of an article: every published revision, kept as a row."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from diurna.newsroom.models.article import Article


class RevisionKind(models.TextChoices):
    """Why a public revision exists (`design/ledger.md`, entry `revision`)."""

    PUBLISH = "publish", _("Published")
    IMPORT = "import", _("Brought in from the old site")
    EDIT = "edit", _("Changed")
    REVERT = "revert", _("Changed back to an earlier version")
    MOVE = "move", _("Moved to a new address")
    CORRECT = "correct", _("Corrected")
    RETRACT = "retract", _("Retracted")
    UNPUBLISH = "unpublish", _("Withdrawn")
    REMOVE = "remove", _("Removed for legal reasons")


class PublicRevisionQuerySet(models.QuerySet["PublicRevision"]):
    """Reads of the public history, and the one link that may be set anew."""

    def first_of(self, article: uuid.UUID) -> "PublicRevision | None":
        """The first row of an article, whether the article is there or was taken back."""
        return self.filter(article_uuid=article).order_by("number").first()

    def adopt(self, article: "Article") -> int:
        """Link rows to the article that has come back under their name; how many they are."""
        return self.filter(article=None, article_uuid=article.uuid).update(article=article)

    def removed_articles(self) -> set[uuid.UUID]:
        """The lasting names of all articles that were removed for legal reasons."""
        return set(self.filter(removed=True).values_list("article_uuid", flat=True))

    def blank(self, article: uuid.UUID) -> int:
        """Take words, salts, notes and addresses out of an article's rows, for a legal removal.

        The one way in which a row ever changes; the commitments stay. How many rows there were.
        """
        return self.filter(article_uuid=article).update(
            text="", salt=b"", note="", address="", removed=True
        )


class PublicRevision(models.Model):
    """One published state of an article, as anyone may read and recompute it.

    `text` is the canonical text; `commitment` is SHA-256 over `salt` and the text's UTF-8 bytes.
    Rows are only ever added: `save` refuses to change one. They outlive an article that an import
    brought in and an undo took back; `article_uuid` then says whose they are, and an article that
    comes back under the same name finds its rows again (`adopt`) and counts on from them. A legal
    removal blanks them once (`blank`), after which they are `removed`. A restore adds rows that are
    `removed` and `lost`: the log knows the version, and the backup is older than its words.
    """

    SALT_BYTES = 32
    # An article's own history is no use of it, which the desk would have to know of.
    wagtail_reference_index_ignore = True

    article = models.ForeignKey(
        "newsroom.Article", null=True, on_delete=models.SET_NULL, related_name="public_revisions"
    )
    article_uuid = models.UUIDField(_("lasting name of the article"), editable=False)
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=16, choices=RevisionKind.choices)
    text = models.TextField(_("canonical text"), blank=True)
    salt = models.BinaryField(_("salt"), max_length=SALT_BYTES)
    commitment = models.BinaryField(_("commitment"), max_length=32)
    minor = models.BooleanField(_("minor edit"), default=False)
    note = models.CharField(_("what changed"), max_length=500, blank=True)
    address = models.CharField(_("address"), max_length=1000, blank=True)
    reverts_to = models.PositiveIntegerField(_("changed back to number"), null=True)
    removed = models.BooleanField(_("without words"), default=False)
    lost = models.BooleanField(_("words lost, made after the backup"), default=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PublicRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["article_uuid", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article_uuid", "number"], name="public_revision_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="public_revision_from_one"),
            models.CheckConstraint(
                condition=Q(kind__in=RevisionKind.values), name="public_revision_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(removed=True, text="")
                | Q(removed=False, kind="unpublish", text="")
                | (Q(removed=False) & ~Q(kind__in=["unpublish", "remove"]) & ~Q(text="")),
                name="public_revision_text_unless_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(removed=False) | Q(salt=b"", note="", address=""),
                name="public_revision_removed_is_blank",
            ),
            models.CheckConstraint(
                # The log does not say to what a version went back whose row was lost.
                condition=Q(kind="revert", reverts_to__isnull=False)
                | Q(kind="revert", lost=True)
                | (~Q(kind="revert") & Q(reverts_to__isnull=True)),
                name="public_revision_reverts_to_one",
            ),
            models.CheckConstraint(
                condition=Q(lost=False) | Q(removed=True), name="public_revision_lost_is_removed"
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="public_revision_by_time")]

    def __str__(self) -> str:
        return f"{self.article_uuid}/{self.number} ({self.kind})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; TypeError for one that is stored already, since history is not rewritten."""
        if self.pk is not None:
            raise TypeError("A public revision is never changed; add a new one instead.")
        if self.article is not None:
            self.article_uuid = self.article.uuid
        super().save(*args, **kwargs)
