"""Which language a story is written in, and from which side it is read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.language import is_right_to_left


class InALanguage(models.Model):
    """The part of a story that says its language.

    `language` is what an editor chose. `written_in` is set when the newsroom changes its own
    (docs/decisions/stories-keep-their-language.md), and belongs to the row, not to a revision.
    """

    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("Only if it is not the newsroom’s language: a tag such as ar or pt-br."),
    )
    written_in = models.CharField(
        _("the newsroom’s language when it was written"),
        max_length=12,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    direction = models.CharField(
        _("direction"),
        max_length=4,
        choices=[
            ("", _("As the language is written")),
            ("ltr", _("Left to right")),
            ("rtl", _("Right to left")),
        ],
        default="",
        blank=True,
    )

    class Meta:
        abstract = True

    def own_language(self) -> str:
        """The language of the text; "" while it is the newsroom's, whichever that is now."""
        return self.language or self.written_in

    def language_code(self) -> str:
        """The language of the text: its own, else the newsroom's."""
        from diurna.newsroom.models.settings import NewsroomSettings

        return self.own_language() or NewsroomSettings.current().language

    def text_direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.direction or ("rtl" if is_right_to_left(self.language_code()) else "ltr")
