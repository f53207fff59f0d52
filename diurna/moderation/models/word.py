"""Words that the policy looks for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.moderation.models.choices import WordList

LONGEST_WORD = 80
# Folding can make one character into several (NFKC: at most 18, for one of them).
LONGEST_FOLDED = 400


class Word(models.Model):
    """One word, or a few in a row, of a list; `folded` is the form that is compared.

    A star at the end stands for any further letters. `folded` is computed by `moderation.words`.
    """

    list_name = models.CharField(_("list"), max_length=8, choices=WordList.choices)
    word = models.CharField(_("word"), max_length=LONGEST_WORD)
    folded = models.CharField(_("as compared"), max_length=LONGEST_FOLDED, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("word of a list")
        verbose_name_plural = _("words of the lists")
        ordering = ["list_name", "folded"]
        constraints = [
            models.CheckConstraint(
                condition=Q(list_name__in=WordList.values), name="moderation_word_list_known"
            ),
            models.CheckConstraint(
                condition=~Q(word="") & ~Q(folded=""), name="moderation_word_not_empty"
            ),
            models.UniqueConstraint(fields=["list_name", "folded"], name="moderation_word_once"),
        ]

    def __str__(self) -> str:
        return self.word
