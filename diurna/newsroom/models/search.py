"""What the search keeps beside Wagtail's index: how words are spelled, and how far it is filled."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_SPELLING: Final = 32


class SearchSpelling(models.Model):
    """A word of a headline, standfirst or name, under each form it has with one letter left out.

    Two words that are one slip apart share such a form (Garbe's SymSpell, 2012), so a word close to
    a mistyped one is found by an index and not by comparing it with all. `form` is the word itself
    in one of its rows. Words are folded (`newsroom/search/words.py`). A word whose story is gone
    stays: it is only ever offered when the index finds something public for it.
    """

    wagtail_reference_index_ignore = True

    form = models.CharField(_("form"), max_length=LONGEST_SPELLING)
    word = models.CharField(_("word"), max_length=LONGEST_SPELLING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "word"], name="search_spelling_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form} → {self.word}"


class SearchFilling(models.Model):
    """How far the index is filled in the present way; one row.

    `version` and `language` say by which rules words were made; when they change, every story is
    indexed again, in the order of the keys: `filled_to` is the last one done, and `done` the end.
    """

    wagtail_reference_index_ignore = True

    only = models.BooleanField(primary_key=True, default=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    language = models.CharField(_("language"), max_length=12, blank=True)
    filled_to = models.BigIntegerField(_("filled to"), default=0)
    done = models.BooleanField(_("done"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="search_filling_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.language}, to {self.filled_to}"
