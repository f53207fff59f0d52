"""Bursts of votes in the desk's menu and on its start page, for those who may decide about them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from diurna.points import desk

# Before the reports of Wagtail (9000).
MENU_ORDER = 8500
# After "where to begin".
PANEL_ORDER = 60


class BurstsMenuItem(MenuItem):
    """Shown to those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has anything to do there."""
        return desk.may_decide(request.user)


class BurstsPanel(Component):
    """Says on the start page that a burst waits; nothing where none does."""

    name = "bursts"
    template_name = "points/desk/panel.html"
    order = PANEL_ORDER

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """How many wait."""
        return {"waiting": desk.open_bursts()}


@hooks.register("register_admin_menu_item")
def bursts_menu_item() -> BurstsMenuItem:
    """The entry of the menu."""
    return BurstsMenuItem(
        _("Bursts of votes"), reverse("diurna_bursts"), icon_name="warning", order=MENU_ORDER
    )


@hooks.register("construct_homepage_panels")
def say_that_bursts_wait(request: HttpRequest, panels: list[Component]) -> None:
    """A panel for those who may decide, while something waits for them."""
    if desk.may_decide(request.user) and desk.open_bursts():
        panels.append(BurstsPanel())


@hooks.register("register_admin_urls")
def burst_urls() -> list[Any]:
    """The addresses below /newsroom/bursts/."""
    pages: list[URLPattern] = [
        path("", desk.bursts, name="diurna_bursts"),
        path("<int:number>/", desk.burst, name="diurna_burst"),
    ]
    return [path("bursts/", include(pages))]
