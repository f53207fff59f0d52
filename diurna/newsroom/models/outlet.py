"""Other houses that publish, and that stories refer to."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from diurna.common.fields import AddressField
from diurna.common.routes import address


class Outlet(index.Indexed, models.Model):
    """A newspaper, an agency, a broadcaster, a public body: who published what a story cites.

    `host` is the domain of its addresses, in lower case and without `www.`, so that a pasted
    address finds its outlet.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    home = AddressField(_("website"), max_length=1000, blank=True)
    host = models.CharField(_("domain"), max_length=253, blank=True)
    description = models.TextField(_("what it is"), blank=True, max_length=500)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=~models.Q(host=""), name="outlet_host_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("outlet", self.slug)
