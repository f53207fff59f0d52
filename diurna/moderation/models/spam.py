"""What the spam filter has learned, word by word."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.comments.models import Comment

LONGEST_TOKEN = 64


class SpamToken(models.Model):
    """In how many comments a token stood that were spam, and in how many that were not.

    The row of the token `*` counts the lessons themselves, so that one query has all that a score
    needs, and whoever learns takes turns at it.
    """

    token = models.CharField(_("word"), max_length=LONGEST_TOKEN, unique=True)
    spam = models.PositiveIntegerField(_("in spam"), default=0)
    ham = models.PositiveIntegerField(_("in comments that stood"), default=0)

    class Meta:
        verbose_name = _("word that the spam filter knows")
        verbose_name_plural = _("words that the spam filter knows")
        constraints = [
            models.CheckConstraint(
                condition=~Q(token="") & Q(spam__gte=0) & Q(ham__gte=0),
                name="moderation_token_counted",
            )
        ]

    def __str__(self) -> str:
        return self.token


class SpamLesson(models.Model):
    """One comment from which the filter has learned, and what: so that it can be unlearned.

    `tokens` are those that were counted, each once. `comment` is empty when its row is gone (a
    story that was removed); then the lesson is forgotten by the clock.
    """

    comment = models.OneToOneField(
        Comment,
        null=True,
        on_delete=models.SET_NULL,
        related_name="spam_lesson",
        verbose_name=_("comment"),
    )
    is_spam = models.BooleanField(_("spam"))
    tokens = models.JSONField(_("words"), default=list)
    at = models.DateTimeField(_("learned"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("lesson of the spam filter")
        verbose_name_plural = _("lessons of the spam filter")

    def __str__(self) -> str:
        return f"{'spam' if self.is_spam else 'no spam'}: {self.comment_id}"
