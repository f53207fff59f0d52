"""What the votes on one target add up to."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import Article
from diurna.points.models.choices import TargetKind


class Tally(models.Model):
    """The points of an article or a comment; one row per target, made with its first vote.

    Shown figures are those of every vote that was told to the settler (at most a second ago); the
    logged ones those of the votes in the log, as of its present size. Only `tallies` writes them.
    Points that came with an import stand apart and are never added.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TargetKind.choices)
    uuid = models.UUIDField(_("name in the log"))
    # Votes outlive their article, as the log does.
    article = models.OneToOneField(
        Article,
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tally",
    )
    guest_up = models.PositiveIntegerField(_("up, guests"), default=0)
    guest_down = models.PositiveIntegerField(_("down, guests"), default=0)
    member_up = models.PositiveIntegerField(_("up, members"), default=0)
    member_down = models.PositiveIntegerField(_("down, members"), default=0)
    points = models.GeneratedField(
        expression=F("guest_up") - F("guest_down") + F("member_up") - F("member_down"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("points"),
    )
    logged_guest_up = models.PositiveIntegerField(_("up, guests, in the log"), default=0)
    logged_guest_down = models.PositiveIntegerField(_("down, guests, in the log"), default=0)
    logged_member_up = models.PositiveIntegerField(_("up, members, in the log"), default=0)
    logged_member_down = models.PositiveIntegerField(_("down, members, in the log"), default=0)
    logged_points = models.GeneratedField(
        expression=F("logged_guest_up")
        - F("logged_guest_down")
        + F("logged_member_up")
        - F("logged_member_down"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("points in the log"),
    )
    imported_up = models.PositiveBigIntegerField(_("up, old site"), null=True, blank=True)
    imported_down = models.PositiveBigIntegerField(_("down, old site"), null=True, blank=True)
    imported_score = models.BigIntegerField(_("score, old site"), null=True, blank=True)

    class Meta:
        verbose_name = _("points of a target")
        verbose_name_plural = _("points of targets")
        constraints = [
            models.UniqueConstraint(fields=["kind", "uuid"], name="points_tally_once"),
            models.CheckConstraint(
                condition=Q(kind__in=TargetKind.values), name="points_tally_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=TargetKind.ARTICLE) | Q(article__isnull=True),
                name="points_tally_article_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    imported_up__isnull=True,
                    imported_down__isnull=True,
                    imported_score__isnull=True,
                )
                | Q(imported_up__gte=0, imported_down__gte=0, imported_score__isnull=False),
                name="points_tally_imported_whole",
            ),
        ]
        indexes = [models.Index(fields=["-points", "id"], name="points_tally_by_points")]

    def __str__(self) -> str:
        return f"{self.on()}: {self.points}"

    def on(self) -> str:
        """The target's name in the log: `article:<uuid>`."""
        return f"{self.kind}:{self.uuid}"

    def surrogate_key(self) -> str:
        """The word under which pages that show an article's points are found again."""
        return surrogate_key_of(self.on())


def surrogate_key_of(on: str) -> str:
    """The word for pages that show the points of the article with this name in the log.

    Those of a comment are found by the thread it stands in (`points.comment_marks`).
    """
    return on.replace(":", "-", 1)


def uuid_in(on: str) -> UUID:
    """The uuid in a target's name in the log."""
    return UUID(on.partition(":")[2])
