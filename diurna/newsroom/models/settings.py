"""What a newsroom says of itself, set on the desk."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable, Page

from diurna.common.fields import AddressField
from diurna.delivery.surrogate import touch
from diurna.newsroom.colour import is_readable
from diurna.newsroom.language_choice import LANGUAGE_HELP, LanguageForm, LanguageSelect
from diurna.newsroom.models.article import Article
from diurna.newsroom.models.section import COLOUR

CINNABAR = "#a8321d"


def validate_time_zone(name: str) -> None:
    """Refuse what is not in the IANA time zone list."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone; please write one such as Europe/Lisbon."),
            params={"name": name},
        )


class Neighbours(models.TextChoices):
    """Which story comes before and after one."""

    SECTION = "section", _("In its section")
    SITE = "site", _("In the whole site")


@register_setting(icon="site", order=1)
class NewsroomSettings(ClusterableModel, BaseGenericSetting):
    """Name, looks and rules of the newsroom; one row."""

    name = models.CharField(_("name"), max_length=120, default="Diurna")
    motto = models.CharField(_("motto"), max_length=200, blank=True)
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default=CINNABAR,
        validators=[COLOUR],
        help_text=_("For links in action and the rule below the masthead, like #a8321d."),
    )
    description = models.TextField(_("description for search engines"), blank=True, max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    contact = models.EmailField(
        _("contact address"), blank=True, help_text=_("For the desk; readers see the contact page.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    neighbours = models.CharField(
        _("earlier and later story"),
        max_length=8,
        choices=Neighbours.choices,
        default=Neighbours.SECTION,
        help_text=_("At the foot of a story. The only story of a section leads on in the site."),
    )
    mastodon = AddressField(_("Mastodon"), blank=True)
    bluesky = AddressField(_("Bluesky"), blank=True)
    facebook = AddressField(_("Facebook"), blank=True)
    instagram = AddressField(_("Instagram"), blank=True)
    youtube = AddressField(_("YouTube"), blank=True)
    # Which pages about the newsroom readers can read, and the questions that each answers: every
    # page of the site links to them, and none asks the database for it (`newsroom/standards/`).
    standards = models.JSONField(
        _("pages about the newsroom"), default=dict, blank=True, editable=False
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("motto"),
        FieldPanel("logo"),
        FieldPanel("accent"),
        FieldPanel("description"),
        FieldPanel("publisher"),
        FieldPanel("contact"),
        MultiFieldPanel(
            [
                FieldPanel("time_zone"),
                FieldPanel("language", widget=LanguageSelect, help_text=LANGUAGE_HELP),
                FieldPanel("stories_follow"),
            ],
            heading=_("Place"),
        ),
        FieldPanel("neighbours"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("mastodon", "bluesky", "facebook", "instagram", "youtube")
            ],
            heading=_("Elsewhere"),
        ),
        InlinePanel("navigation", label=_("Link"), heading=_("Navigation")),
    ]

    base_form_class = LanguageForm

    # Whether a change of the language is one of the stories too; else they stay in the one before.
    stories_follow = False

    SOCIAL = ("mastodon", "bluesky", "facebook", "instagram", "youtube")

    class Meta:
        verbose_name = _("newsroom")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(neighbours__in=Neighbours.values),
                name="newsroom_neighbours_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "NewsroomSettings":
        """The newsroom's settings; the defaults when nothing was set yet."""
        # Not Wagtail's `load`, which writes a row when there is none: rendering never writes.
        return cls.objects.select_related("logo").first() or cls()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; every page shows something of it, so every page has changed.

        Stories stay in the language they were written in (`stories_follow`).
        """
        with transaction.atomic():
            before = self._stored_language()
            super().save(*args, **kwargs)
            if before != self._stored_language():
                stories = Article.objects
                leave = stories.follow_language if self.stories_follow else stories.keep_language
                leave(before)
            touch("navigation")

    def _stored_language(self) -> str:
        rows = NewsroomSettings.objects.select_for_update(of=("self",)).filter(pk=self.pk)
        language = rows.values_list("language", flat=True).first()
        return language or self._meta.get_field("language").default

    def clean(self) -> None:
        """Refuse an accent that can't be read on the paper (WCAG AA, 4.5 to 1)."""
        super().clean()
        if self.accent and not is_readable(self.accent):
            raise ValidationError(
                {"accent": _("This colour is too faint on the page; please choose a darker one.")}
            )

    def social_links(self) -> list[tuple[str, str]]:
        """Name and address of each account elsewhere that is set."""
        fields = (
            (self._meta.get_field(name).verbose_name, getattr(self, name)) for name in self.SOCIAL
        )
        return [(str(label), address) for label, address in fields if address]


class NavigationItem(Orderable):
    """A link in the head or the foot of every page: to a page of ours or to an address."""

    class Place(models.TextChoices):
        HEAD = "head", _("Head")
        FOOT = "foot", _("Foot")

    settings = ParentalKey(NewsroomSettings, on_delete=models.CASCADE, related_name="navigation")
    place = models.CharField(_("place"), max_length=8, choices=Place.choices, default=Place.HEAD)
    label = models.CharField(
        _("label"), max_length=80, blank=True, help_text=_("Without one, the page’s own title.")
    )
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("page"),
    )
    address = models.CharField(_("or address"), max_length=1000, blank=True)

    panels = [FieldPanel("place"), FieldPanel("page"), FieldPanel("address"), FieldPanel("label")]

    class Meta(Orderable.Meta):
        verbose_name = _("navigation link")
        verbose_name_plural = _("navigation links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False, address="")
                | (models.Q(page__isnull=True) & ~models.Q(address="")),
                name="navigation_page_or_address",
            ),
        ]

    def __str__(self) -> str:
        return self.text()

    def clean(self) -> None:
        """Refuse a link without a target, with two, or with an unsafe address."""
        super().clean()
        if bool(self.page_id) == bool(self.address):
            raise ValidationError(_("Please choose a page or write an address, one of the two."))
        if self.address and not self.address.startswith(("https://", "http://", "/", "mailto:")):
            raise ValidationError(
                {"address": _("Please write an address that starts with https:// or /.")}
            )
        if self.address and not self.label:
            raise ValidationError({"label": _("Please write a label for this address.")})

    def text(self) -> str:
        """What the link says."""
        return self.label or (self.page.title if self.page else self.address)

    def url(self) -> str:
        """Where the link leads; empty when its page is not live."""
        if self.page is None:
            return self.address
        return str(self.page.url) if self.page.live and self.page.url else ""
