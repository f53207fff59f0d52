"""Error reports in the desk's menu and on its start page, for those who may answer them."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from diurna.accounts.models import User
from diurna.newsroom import errors_desk

# Before moderation (8300): an error in a story is more than one below it.
MENU_ORDER: Final = 8200
# After "where to begin".
PANEL_ORDER: Final = 50


def counted(request: HttpRequest) -> int:
    """How many reports wait for this person; asked for once a page."""
    known: int | None = getattr(request, "_open_error_reports", None)
    if known is None:
        user = request.user
        known = errors_desk.open_reports(user).count() if isinstance(user, User) else 0
        request._open_error_reports = known  # type: ignore[attr-defined]  # kept for this page
    return known


class ErrorsMenuItem(MenuItem):
    """Shown to those who may publish; says how many reports wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person answers reports."""
        return errors_desk.may_answer_any(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        """The entry, with the number of what waits."""
        item = super().render_component(request)
        if total := counted(request):
            item.label = _("Error reports (%(waiting)d)") % {"waiting": total}
        return item


class ErrorsPanel(Component):
    """Says on the start page how many reports wait, and since when the oldest does."""

    name = "error-reports"
    template_name = "desk/errors_panel.html"
    order = PANEL_ORDER

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """How many wait, and the oldest."""
        request = parent_context["request"]
        oldest = errors_desk.open_reports(request.user).first()
        return {"waiting": counted(request), "oldest": oldest.at if oldest is not None else None}


@hooks.register("register_admin_menu_item")
def errors_menu_item() -> ErrorsMenuItem:
    """The entry of the menu."""
    return ErrorsMenuItem(
        gettext_lazy("Error reports"),
        reverse("diurna_errors"),
        name="error-reports",
        icon_name="warning",
        order=MENU_ORDER,
    )


@hooks.register("construct_homepage_panels")
def say_what_was_reported(request: HttpRequest, panels: list[Component]) -> None:
    """A panel for those who may answer, while something waits for them."""
    if errors_desk.may_answer_any(request.user) and counted(request):
        panels.append(ErrorsPanel())


@hooks.register("register_admin_urls")
def errors_urls() -> list[URLResolver]:
    """The addresses below /newsroom/errors/."""
    return [path("errors/", include(errors_desk.urlpatterns))]
