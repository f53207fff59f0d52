"""Sections: where every article lives."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from diurna.newsroom.colour import is_readable
from diurna.newsroom.models.public_page import PublicPage
from diurna.newsroom.models.work_type import Participation

COLOUR = RegexValidator(
    r"^#[0-9a-fA-F]{6}$", _("Please write a colour as # and six digits, like #8c2f1b.")
)


class Section(Participation, PublicPage):
    """A section front; sections nest, and their order is the page tree's."""

    FEEDS = (("feed",), ("feed", "atom"), ("feed.json",))
    # Ranked by `points`, and drawn by `web`; a test compares these words with theirs.
    LISTS = (
        ("hot",),
        ("trending",),
        ("discussed",),
        ("controversial",),
        *(("top", window) for window in ("day", "week", "month", "year", "all")),
    )

    description = models.TextField(_("description"), blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True, validators=[COLOUR])

    parent_page_types = ["newsroom.Front", "newsroom.Section"]
    subpage_types = ["newsroom.Section", "newsroom.Article"]

    show_in_menus_default = True
    content_panels = [
        *Page.content_panels,
        FieldPanel("description"),
        FieldPanel("colour"),
        MultiFieldPanel(
            [FieldPanel("points_mode"), FieldPanel("comments_mode")], heading=_("Readers")
        ),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def clean(self) -> None:
        """Refuse a colour that can't be told apart from the paper."""
        super().clean()
        if self.colour and not is_readable(self.colour):
            raise ValidationError(
                {"colour": _("This colour is too faint on the page; please choose a darker one.")}
            )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The section, one of its feeds or ranked lists, or a page below it."""
        words = tuple(path_components)
        if self.live and (words in self.FEEDS or (words in self.LISTS and self._is_free(words[0]))):
            return RouteResult(self, kwargs={"view": "/".join(path_components)})
        return super().route(request, path_components)

    def _is_free(self, slug: str) -> bool:
        """Whether no page below has this slug: from before it was reserved, or from an import."""
        return not self.get_children().filter(slug=slug).exists()

    def surrogate_key(self) -> str:
        """The word under which pages that show this section are found again."""
        return f"section-{self.pk}"
