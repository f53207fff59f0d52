"""What the desk decides about comments."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from diurna.comments.models.choices import Commenters
from diurna.delivery.surrogate import touch

# A month after publication those who come are mostly machines (design: community).
CLOSE_AFTER_DAYS = 30
# More than two links in one comment are mostly advertising.
LINKS_WITHOUT_LOOK = 2
# A newsroom of two has weekends; a comment that waits longer is a promise broken.
AWAY_AFTER_HOURS = 24


@register_setting(icon="comment", order=21)
class CommentSettings(BaseGenericSetting):
    """Who may comment, for how long, and what a moderator looks at first; one row.

    `away_since` is set while nobody moderates (`comments.away`): since then a comment has waited
    longer than `away_after_hours`.
    """

    commenters = models.CharField(
        _("who may comment"),
        max_length=8,
        choices=Commenters.choices,
        default=Commenters.EVERYONE,
    )
    email_required = models.BooleanField(
        _("guests give an e-mail address"),
        default=True,
        help_text=_("It is never published, and erased after 90 days."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("threads close after so many days"),
        default=CLOSE_AFTER_DAYS,
        help_text=_("Counted from the publication of the story; 0 leaves them open."),
    )
    links_without_look = models.PositiveSmallIntegerField(
        _("links that a comment may have before a moderator looks at it"),
        default=LINKS_WITHOUT_LOOK,
    )
    hold_newcomers = models.BooleanField(
        _("a moderator looks at a reader’s first comment"), default=True
    )

    away_after_hours = models.PositiveSmallIntegerField(
        _("nobody is there when a comment waits so many hours"),
        default=AWAY_AFTER_HOURS,
        help_text=_(
            "Stories published from then on take no comments, and say so, until somebody has"
            " decided about those that wait. 0 never closes them."
        ),
    )
    away_since = models.DateTimeField(
        _("nobody is there since"), null=True, blank=True, editable=False
    )

    panels = [
        FieldPanel("commenters"),
        FieldPanel("email_required"),
        FieldPanel("close_after_days"),
        FieldPanel("links_without_look"),
        FieldPanel("hold_newcomers"),
        # The page is of a room above this one, which the template finds by its name.
        HelpPanel(template="comments/desk/try_first.html"),
        FieldPanel("away_after_hours"),
    ]

    class Meta:
        verbose_name = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(commenters__in=Commenters.values),
                name="comments_commenters_known",
            ),
        ]

    def __str__(self) -> str:
        return str(Commenters(self.commenters).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; every story's page says who may comment, so all of them have changed."""
        super().save(*args, **kwargs)
        touch("navigation")

    @classmethod
    def current(cls) -> "CommentSettings":
        """The row; the defaults when nothing was set yet (reading never writes)."""
        return cls.objects.first() or cls()
