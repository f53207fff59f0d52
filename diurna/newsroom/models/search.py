"""What the search keeps beside Wagtail's index: how words are spelled, and how far it is filled."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_SPELLING: Final = 32
LONGEST_NAME: Final = 200
LONGEST_REASON: Final = 300


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


class SearchSkipped(models.Model):
    """A row that could not be indexed: what it is, why, and when it is tried again.

    It is gone from here as soon as it is indexed, or deleted. `key` is no reference, since rows of
    several models are indexed (`model`, such as `newsroom.article`).
    """

    wagtail_reference_index_ignore = True

    model = models.CharField(_("model"), max_length=100)
    key = models.BigIntegerField(_("key"))
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    tries = models.PositiveSmallIntegerField(_("tries"), default=1)
    next_at = models.DateTimeField(_("tried again"), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="search_skipped_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"
