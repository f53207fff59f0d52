"""What the desk decides about votes. Nothing here adds to a count, and nothing ever may."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from diurna.delivery.surrogate import touch
from diurna.points.models.choices import Voters

# Ten people of one household, club or small office in an hour; more is rarely chance.
NETWORK_LIMIT = 10


@register_setting(icon="pick", order=20)
class PointsSettings(BaseGenericSetting):
    """Who may vote, and from when on guests of one network are too many; one row."""

    voters = models.CharField(
        _("who may vote"), max_length=8, choices=Voters.choices, default=Voters.EVERYONE
    )
    network_limit = models.PositiveIntegerField(
        _("guests of one network that count, per article and hour"),
        default=NETWORK_LIMIT,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Further votes are stored and not counted, and the reader is told so. Networks with"
            " many readers of long standing get more by themselves."
        ),
    )

    panels = [
        FieldPanel(
            "voters",
            help_text=_(
                "Members have confirmed their e-mail address. Every page says how many points came"
                " from each. Which stories take votes at all is set for each type of work, section"
                " or story."
            ),
        ),
        FieldPanel("network_limit"),
    ]

    class Meta:
        verbose_name = _("points")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(network_limit__gte=1), name="points_network_limit_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(voters__in=Voters.values), name="points_voters_known"
            ),
        ]

    def __str__(self) -> str:
        return str(Voters(self.voters).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; every story says who votes on it, so every story's page has changed."""
        super().save(*args, **kwargs)
        touch("navigation")

    @classmethod
    def current(cls) -> "PointsSettings":
        """The row; the defaults when nothing was set yet (reading never writes)."""
        return cls.objects.first() or cls()
