"""What the desk decides about moderation."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from diurna.delivery.surrogate import touch
from diurna.moderation.bayes import HOLD_ABOVE, SPAM_ABOVE

# Eight members, or sixteen guests, of whom nothing is known yet (design: community).
HIDE_AT_WEIGHT = 8
# One household or office is no crowd.
HIDE_FROM_NETWORKS = 3

_SHARE = [MinValueValidator(0.5), MaxValueValidator(1.0)]


@register_setting(icon="warning", order=22)
class ModerationSettings(BaseGenericSetting):
    """How the spam filter and readers' reports decide; one row.

    `words_version` grows with every change of the word lists, so that every process reads them
    anew; `spam_version` with every reset of what the filter has learned.
    """

    spam_filter = models.BooleanField(
        _("the newsroom’s own spam filter"),
        default=True,
        help_text=_("It learns from what moderators call spam, here, and asks nobody else."),
    )
    hold_above = models.FloatField(
        _("a comment waits above this score"), default=HOLD_ABOVE, validators=_SHARE
    )
    spam_above = models.FloatField(
        _("a comment is refused as spam above this score"), default=SPAM_ABOVE, validators=_SHARE
    )
    akismet = models.BooleanField(
        _("ask Akismet as well"),
        default=True,
        help_text=_(
            "Only with a key (AKISMET_API_KEY). Words, name and addresses of who comments are then"
            " sent to that service, and the form says so."
        ),
    )
    hide_at_weight = models.PositiveSmallIntegerField(
        _("reports of this weight hide a comment"),
        default=HIDE_AT_WEIGHT,
        validators=[MinValueValidator(1)],
        help_text=_("A member’s report weighs 1, a guest’s ½, less if most were wrong before."),
    )
    hide_from_networks = models.PositiveSmallIntegerField(
        _("if they come from so many networks"),
        default=HIDE_FROM_NETWORKS,
        validators=[MinValueValidator(1)],
    )
    words_version = models.PositiveBigIntegerField(default=0, editable=False)
    spam_version = models.PositiveBigIntegerField(default=0, editable=False)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("spam_filter"),
                FieldPanel("hold_above"),
                FieldPanel("spam_above"),
                FieldPanel("akismet"),
                HelpPanel(template="comments/desk/try_first.html"),
            ],
            heading=_("Spam"),
        ),
        MultiFieldPanel(
            [FieldPanel("hide_at_weight"), FieldPanel("hide_from_networks")],
            heading=_("Readers’ reports"),
        ),
    ]

    class Meta:
        verbose_name = _("moderation")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    hold_above__gte=0.5, spam_above__gte=F("hold_above"), spam_above__lte=1.0
                ),
                name="moderation_scores_in_order",
                violation_error_message=_(
                    "The score for spam can’t be below the one at which a comment waits."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hide_at_weight__gte=1, hide_from_networks__gte=1),
                name="moderation_hiding_needs_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; the form under every story says whether Akismet is asked."""
        super().save(*args, **kwargs)
        touch("navigation")

    @classmethod
    def current(cls) -> "ModerationSettings":
        """The row; the defaults when nothing was set yet (reading never writes)."""
        return cls.objects.first() or cls()
