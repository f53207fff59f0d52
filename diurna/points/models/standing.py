"""Where stories stand: sums over the votes by hour, marks by which lists are ranked, lists.

All of it follows from votes, comments and stories, and is made again from them (`standings`).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import Article
from diurna.points.models.tally import Tally


class HourSum(models.Model):
    """The votes on one story that were set in one hour and count as they stand now.

    `hour` counts hours since 1970 (UTC); the log says of no vote anything finer. A vote that is
    changed leaves its old hour and enters the new one, so the sums of all hours are the points that
    are shown. Only `tallies` writes them, with the figures of the tally.
    """

    tally = models.ForeignKey(
        Tally, on_delete=models.CASCADE, related_name="hours", db_index=False, verbose_name=_("on")
    )
    hour = models.IntegerField(_("hour"))
    up = models.IntegerField(_("up"), default=0)
    down = models.IntegerField(_("down"), default=0)

    class Meta:
        verbose_name = _("votes of an hour")
        verbose_name_plural = _("votes by hour")
        constraints = [models.UniqueConstraint(fields=["tally", "hour"], name="points_hour_once")]
        # Where the list of all time begins.
        indexes = [models.Index(fields=["hour"], name="points_hour_first")]

    def __str__(self) -> str:
        return f"{self.up - self.down:+d} in hour {self.hour}"


def _by(*fields: str, name: str, only: Q | None = None) -> models.Index:
    return models.Index(fields=[*fields, "-article"], name=name, condition=only)


class Standing(models.Model):
    """The marks of one published story, by which lists are ranked; terms of `ranking`'s formulas.

    Windows begin with a full hour (`ranked_windows`). `due_at` is when the clock alone will change
    one of them: a vote or a commenter leaves a window. `at` is when they were computed; of a moment
    that has not come, they are those of a clock that was wrong, and are made again.
    """

    article = models.OneToOneField(
        Article,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="standing",
        verbose_name=_("article"),
    )
    hot = models.FloatField(_("mark by “hot”"), default=0.0)
    points = models.IntegerField(_("points"), default=0)
    up = models.IntegerField(_("up"), default=0)
    down = models.IntegerField(_("down"), default=0)
    day_points = models.IntegerField(_("points of a day"), default=0)
    week_points = models.IntegerField(_("points of a week"), default=0)
    month_points = models.IntegerField(_("points of a month"), default=0)
    year_points = models.IntegerField(_("points of a year"), default=0)
    controversy = models.FloatField(_("mark by “controversial”"), default=0.0)
    day_commenters = models.IntegerField(_("commenters of a day"), default=0)
    week_commenters = models.IntegerField(_("commenters of a week"), default=0)
    due_at = models.DateTimeField(_("changes by itself"), null=True, blank=True)
    at = models.DateTimeField(_("computed"), null=True, blank=True)

    class Meta:
        verbose_name = _("standing of a story")
        verbose_name_plural = _("standings of stories")
        # Only what a list may show: most stories have no vote in most windows.
        indexes = [
            _by("-hot", name="points_by_hot"),
            _by("-day_points", name="points_by_day", only=Q(day_points__gt=0)),
            _by("-week_points", name="points_by_week", only=Q(week_points__gt=0)),
            _by("-month_points", name="points_by_month", only=Q(month_points__gt=0)),
            _by("-year_points", name="points_by_year", only=Q(year_points__gt=0)),
            _by("-points", name="points_by_all", only=Q(points__gt=0)),
            _by("-controversy", name="points_by_controversy", only=Q(controversy__gt=0)),
            _by("-week_commenters", name="points_by_commenters", only=Q(week_commenters__gt=0)),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="points_standing_due"
            ),
            models.Index(fields=["at"], name="points_standing_at"),
        ]

    def __str__(self) -> str:
        return f"standing of {self.article_id}"


class StaleStanding(models.Model):
    """A story whose standing has to be made again: somebody voted, commented or published.

    Whoever changes something adds a row and waits for nobody; who keeps the standings takes them
    away. `article_key` is no reference, so that a story may go meanwhile.
    """

    article_key = models.BigIntegerField(_("article"))

    class Meta:
        verbose_name = _("standing to be made again")
        verbose_name_plural = _("standings to be made again")

    def __str__(self) -> str:
        return str(self.article_key)


class Edition(models.Model):
    """One list as it was ranked at one time; kept for an hour after the next one has replaced it.

    `scope` is `site`, `section:<key>` or `topic:<key>`; `window` is empty for all orders but `top`.
    `entries` has a line of JSON for each story, in the order of the list (`ranked_editions`).
    """

    scope = models.CharField(_("of"), max_length=32)
    order = models.CharField(_("order"), max_length=16)
    window = models.CharField(_("window"), max_length=8, blank=True)
    at = models.DateTimeField(_("ranked"))
    entries = models.TextField(_("stories"), blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("ranked list")
        verbose_name_plural = _("ranked lists")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "order", "window"],
                condition=Q(replaced_at__isnull=True),
                name="points_edition_one_present",
            ),
        ]
        indexes = [
            models.Index(
                fields=["replaced_at"],
                condition=Q(replaced_at__isnull=False),
                name="points_edition_replaced",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.scope, self.order, self.window]))
