"""What kept copies add to the desk: addresses, and a report in the menu."""

from typing import Any

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from diurna.newsroom.archive.desk import LinksItem

MENU_ORDER = 900


@hooks.register("register_admin_urls")
def archive_urls() -> list[Any]:
    """The addresses below /newsroom/sources/ that are about links and copies."""
    return [path("sources/", include("diurna.newsroom.archive.urls"))]


@hooks.register("register_reports_menu_item")
def links_item() -> LinksItem:
    """Links of stories, among the reports."""
    return LinksItem(
        _("Links of sources"), reverse("diurna_links"), icon_name="link", order=MENU_ORDER
    )
