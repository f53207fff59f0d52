"""People and desks who did the work, and what each of them did on an article."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from diurna.common.routes import address
from diurna.newsroom.search import text as search_text


class Contributor(index.Indexed, models.Model):
    """Somebody named in by-lines; needs no account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    is_organisation = models.BooleanField(_("an organisation, not a person"), default=False)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    photo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    biography = RichTextField(_("biography"), blank=True, features=["bold", "italic", "link"])
    expertise = models.CharField(_("expertise"), max_length=500, blank=True)
    places = models.CharField(_("places"), max_length=300, blank=True)
    languages = models.CharField(_("languages"), max_length=300, blank=True)
    contact = models.CharField(
        _("contact"), max_length=300, blank=True, help_text=_("Public: an address or a number.")
    )
    disclosures = models.TextField(_("disclosures"), blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributor",
    )

    search_fields = [
        index.SearchField("name"),
        index.SearchField("search_text"),
        index.AutocompleteField("name"),
    ]

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("person", self.slug)

    def search_text(self) -> str:
        """What readers' search finds the contributor by."""
        return search_text.of_person(self)


def names_in_bylines() -> list[str]:
    """The names of all contributors; no reader may take one (`accounts.reserved_names`)."""
    return list(Contributor.objects.values_list("name", flat=True))


class BylineRole(models.TextChoices):
    """What a contributor did; the order here is the order on the page."""

    REPORTING = "reporting", _("Reporting")
    WRITING = "writing", _("Writing")
    PHOTOGRAPHY = "photography", _("Photography")
    EDITING = "editing", _("Editing")
    TRANSLATION = "translation", _("Translation")


class Byline(Orderable):
    """One contributor's part in one article."""

    article = ParentalKey("newsroom.Article", on_delete=models.CASCADE, related_name="bylines")
    contributor = models.ForeignKey(
        Contributor, on_delete=models.PROTECT, related_name="bylines", verbose_name=_("contributor")
    )
    role = models.CharField(
        _("role"), max_length=16, choices=BylineRole.choices, default=BylineRole.WRITING
    )

    class Meta(Orderable.Meta):
        verbose_name = _("by-line")
        verbose_name_plural = _("by-lines")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.contributor}"
