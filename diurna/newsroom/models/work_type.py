"""What kind of work an article is, and what readers may do beside it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkType(models.TextChoices):
    """The type of work, shown as the kicker (Trust Project indicator “Labels”)."""

    REPORT = "report", pgettext_lazy("type of work", "Report")
    ANALYSIS = "analysis", pgettext_lazy("type of work", "Analysis")
    OPINION = "opinion", pgettext_lazy("type of work", "Opinion")
    EXPLAINER = "explainer", pgettext_lazy("type of work", "Explainer")
    INTERVIEW = "interview", pgettext_lazy("type of work", "Interview")
    REVIEW = "review", pgettext_lazy("type of work", "Review")
    OBITUARY = "obituary", pgettext_lazy("type of work", "Obituary")
    LIVE = "live", pgettext_lazy("type of work", "Live")
    SATIRE = "satire", pgettext_lazy("type of work", "Satire")
    SPONSORED = "sponsored", pgettext_lazy("type of work", "Sponsored")
    # What comes from another site has not said what it is, and nobody here may say it for it.
    UNLABELLED = "unlabelled", pgettext_lazy("type of work", "Not labelled")

    def kicker(self) -> str:
        """What readers see; empty for what nobody has labelled."""
        return "" if self is WorkType.UNLABELLED else str(self.label)


class PointsMode(models.TextChoices):
    """Which votes an article takes; empty means that the next wider rule decides."""

    INHERIT = "", _("As set for the section or type of work")
    UP_DOWN = "up_down", _("Up and down")
    UP = "up", _("Up only")
    OFF = "off", _("Off")


class CommentsMode(models.TextChoices):
    """Who may comment; empty means that the next wider rule decides."""

    INHERIT = "", _("As set for the section or type of work")
    OPEN = "open", _("Everyone")
    MEMBERS = "members", _("Members only")
    CLOSED = "closed", _("Closed: shown, but nothing new")
    OFF = "off", _("Off")


class Participation(models.Model):
    """Points and comments of an article or a section; the narrower rule wins."""

    points_mode = models.CharField(
        _("points"), max_length=16, choices=PointsMode.choices, default="", blank=True
    )
    comments_mode = models.CharField(
        _("comments"), max_length=16, choices=CommentsMode.choices, default="", blank=True
    )

    class Meta:
        abstract = True


class WorkTypeRule(Participation):
    """Points and comments by type of work; a type without a row has `DEFAULT_POINTS`."""

    # The design: never on the dead, never on what was paid for, unless a newsroom says so.
    NO_POINTS_BY_DEFAULT = frozenset({WorkType.OBITUARY, WorkType.SPONSORED})

    work_type = models.CharField(
        _("type of work"), max_length=16, choices=WorkType.choices, unique=True
    )

    class Meta:
        verbose_name = _("rule by type of work")
        verbose_name_plural = _("rules by type of work")
        ordering = ["work_type"]

    def __str__(self) -> str:
        return str(WorkType(self.work_type).label)

    @classmethod
    def points_for(cls, work_type: str) -> str:
        """The points mode of a type of work: its own row, else the default."""
        rule = cls.objects.filter(work_type=work_type).exclude(points_mode="").first()
        return rule.points_mode if rule else cls._default_points(work_type)

    @classmethod
    def points_by_type(cls) -> dict[str, str]:
        """The points mode of every type of work."""
        rules = cls.objects.exclude(points_mode="").values_list("work_type", "points_mode")
        return {str(kind): cls._default_points(kind) for kind in WorkType.values} | dict(rules)

    @classmethod
    def _default_points(cls, work_type: str) -> str:
        return PointsMode.OFF if work_type in cls.NO_POINTS_BY_DEFAULT else PointsMode.UP_DOWN

    @classmethod
    def comments_for(cls, work_type: str) -> str:
        """The comments mode of a type of work: its own row, else open."""
        rule = cls.objects.filter(work_type=work_type).exclude(comments_mode="").first()
        return rule.comments_mode if rule else CommentsMode.OPEN

    @classmethod
    def comments_by_type(cls) -> dict[str, str]:
        """The comments mode of every type of work."""
        rules = cls.objects.exclude(comments_mode="").values_list("work_type", "comments_mode")
        return dict.fromkeys(WorkType.values, str(CommentsMode.OPEN)) | dict(rules)
