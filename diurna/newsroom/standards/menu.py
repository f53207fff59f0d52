"""The guided forms in the desk's addresses and menu."""

from typing import Any, Final

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from diurna.accounts.desk_guard import has_any
from diurna.newsroom.standards.actions import MAY_SEE

# After what is done every day, before Wagtail's reports (9000).
MENU_ORDER: Final = 8700


class StandardsMenuItem(MenuItem):
    """Shown to those who answer for what the newsroom says of itself."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may see the forms."""
        return has_any(request.user, (MAY_SEE,))


@hooks.register("register_admin_urls")
def standards_urls() -> list[Any]:
    """The addresses below /newsroom/standards/."""
    return [path("", include("diurna.newsroom.standards.desk"))]


@hooks.register("register_admin_menu_item")
def standards_menu_item() -> StandardsMenuItem:
    """The entry of the menu."""
    return StandardsMenuItem(
        _("About us"),
        reverse("diurna_standards"),
        name="standards",
        icon_name="info-circle",
        order=MENU_ORDER,
    )
