"""What the public pages add to the desk: the composer of the front, in its addresses and menu."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from diurna.accounts.desk_guard import has_any
from diurna.newsroom.front_composing import LOG_PLAN, LOG_UNPLAN, MAY_COMPOSE
from diurna.newsroom.models import PlannedFront
from diurna.newsroom.section_leads import LOG_PIN, LOG_UNPIN

# Before everything else that is done every day.
MENU_ORDER: Final = 50
# Before what waits: readers see the wrong front meanwhile.
PANEL_ORDER: Final = 5


class FrontMenuItem(MenuItem):
    """Shown to those who compose the front."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may compose it."""
        return has_any(request.user, (MAY_COMPOSE,))


@hooks.register("register_admin_urls")
def front_urls() -> list[Any]:
    """The addresses below /newsroom/front/."""
    return [
        path("", include("diurna.web.front_desk")),
        path("", include("diurna.web.front_desk_sections")),
    ]


@hooks.register("register_admin_menu_item")
def front_menu_item() -> FrontMenuItem:
    """The entry of the menu."""
    return FrontMenuItem(
        _("Front"), reverse("diurna_front"), name="front", icon_name="home", order=MENU_ORDER
    )


class FailedFrontsPanel(Component):
    """Says on the start page that a planned front did not appear."""

    name = "failed-fronts"
    template_name = "desk/failed_fronts_panel.html"
    order = PANEL_ORDER

    def __init__(self, failed: list[PlannedFront]) -> None:
        self.failed = failed

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """The planned fronts that failed, the oldest first."""
        return {"failed": self.failed}


@hooks.register("construct_homepage_panels")
def say_what_did_not_appear(request: HttpRequest, panels: list[Component]) -> None:
    """A panel for those who compose the front, until it has appeared or is taken off."""
    if not has_any(request.user, (MAY_COMPOSE,)):
        return
    failed = list(PlannedFront.objects.exclude(failed_at=None).defer("composition"))
    if failed:
        panels.append(FailedFrontsPanel(failed))


@hooks.register("register_log_actions")
def register_plans(actions: LogActionRegistry) -> None:
    """Their histories say who planned another front or took it off, and who pinned what."""
    actions.register_action(LOG_PLAN, _("Plan a front"), _("A front was planned"))
    actions.register_action(LOG_UNPLAN, _("Unplan a front"), _("A front is planned no more"))
    actions.register_action(LOG_PIN, _("Pin the lead"), _("A story was pinned to the top"))
    actions.register_action(LOG_UNPIN, _("Take the pin off"), _("The newest story leads again"))
