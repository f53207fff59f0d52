"""What the check before publishing asks for, what was seen of it, and what was overruled."""

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from diurna.newsroom.models.article import Article

LONGEST_REASON: Final = 500


class Level(models.TextChoices):
    """How much a newsroom makes of what a check finds."""

    OFF = "off", _("Not looked for")
    HINT = "hint", _("Hint: one press publishes all the same")
    ERROR = "error", _("Error: publishing all the same needs a reason")


def _level(label: Any, default: Level) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=5, choices=Level.choices, default=default)


@register_setting(icon="check", order=5)
class PrepublishSettings(BaseGenericSetting):
    """What is looked for before a story is published, and how much is made of it; one row.

    The name of each field is the value of a `prepublish.finding.Check`.
    """

    attribution = _level(_("somebody’s words, report or figures without a citation"), Level.HINT)
    quotation = _level(_("a quotation that nobody has checked"), Level.HINT)
    anonymous = _level(_("an unnamed source that nobody has approved"), Level.ERROR)
    marker = _level(_("a marker of a citation that is not there"), Level.ERROR)
    words_gone = _level(_("a citation whose words are gone from the text"), Level.HINT)
    dead_source = _level(_("a cited page that is no longer there"), Level.HINT)
    alt_text = _level(_("a picture that is not described"), Level.ERROR)
    credit = _level(_("a picture without credit"), Level.HINT)
    licence = _level(_("a picture without licence"), Level.HINT)
    headline = _level(_("a headline too long for search and social cards"), Level.HINT)
    standfirst = _level(_("no standfirst"), Level.HINT)
    topic = _level(_("no topic"), Level.HINT)
    section = _level(_("a section that readers can’t see"), Level.ERROR)
    byline = _level(_("no by-line"), Level.HINT)
    byline_name = _level(_("a by-line that names nobody"), Level.HINT)
    link = _level(_("a link that leads nowhere"), Level.HINT)
    empty_part = _level(_("a part without words"), Level.HINT)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "attribution",
                    "quotation",
                    "anonymous",
                    "marker",
                    "words_gone",
                    "dead_source",
                )
            ],
            heading=_("Sources"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("alt_text", "credit", "licence")],
            heading=_("Pictures"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "headline",
                    "standfirst",
                    "topic",
                    "section",
                    "byline",
                    "byline_name",
                    "link",
                    "empty_part",
                )
            ],
            heading=_("The story"),
        ),
    ]

    class Meta:
        verbose_name = _("check before publishing")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "PrepublishSettings":
        """The newsroom's settings; the defaults when nothing was set yet."""
        # Not Wagtail's `load`, which writes a row when there is none: looking never writes.
        return cls.objects.first() or cls()

    def level(self, check: str) -> Level:
        """How much this newsroom makes of a check, named by its field."""
        return Level(getattr(self, check))


class SeenFindings(models.Model):
    """What somebody with the right to publish has seen in the draft of a story and let stand.

    `names` are the names of all findings of the draft that they let stand (`Finding.name`: a hash,
    no words), so that the same one is not asked about again before it changes.
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="seen_findings", verbose_name=_("story")
    )
    names = models.JSONField(_("findings"), default=list)
    at = models.DateTimeField(_("seen"), default=timezone.now)

    class Meta:
        verbose_name = _("seen findings")
        verbose_name_plural = _("seen findings")

    def __str__(self) -> str:
        return f"{self.article}: {len(self.names)}"


class Overruling(models.Model):
    """Somebody published although the check called something an error, and said why.

    `findings` is a list of `{"name", "check", "about", "source", "why", "place"}`: what was
    overruled, in words as they were then; of a source only its lasting name. A row is never
    changed; it goes with the story.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="overrulings", verbose_name=_("story")
    )
    findings = models.JSONField(_("what was overruled"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("overruling")
        verbose_name_plural = _("overrulings")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="overruling_has_a_reason"),
        ]
        indexes = [models.Index(fields=["-at"], name="overruling_newest")]

    def __str__(self) -> str:
        return f"{self.article}: {self.reason}"
