"""The newsroom's own rules for what readers write."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diurna.comments.deciding import RULE

RULE_LENGTH = 40


class HouseRule(models.Model):
    """One rule: readers read it at `/moderation/rules/`, moderators and reporters go by it.

    `word` is what transitions, statements and the public log call it, so it never changes; a rule
    that is no longer wanted is offered no longer, since earlier decisions name it.
    """

    word = models.CharField(
        _("word in the public log"),
        max_length=RULE_LENGTH,
        unique=True,
        validators=[
            RegexValidator(
                rf"\A{RULE.pattern}\Z",
                _("One word of small letters, digits and hyphens, such as “insult”."),
            )
        ],
    )
    title = models.CharField(_("rule"), max_length=80)
    explanation = models.TextField(_("what it means"), max_length=1_000)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_offered = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(word="") & ~Q(title=""), name="moderation_rule_has_words"
            )
        ]

    def __str__(self) -> str:
        return self.title
