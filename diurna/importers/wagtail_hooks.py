"""Imports in the desk's menu, once there is one."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from diurna.importers import desk, desk_catalogue
from diurna.importers.models import ImportRun

# After the reports of Wagtail (9000), before the settings (10000).
MENU_ORDER = 9500


class ImportsMenuItem(MenuItem):
    """Shown to editors, publishers and administrators of a newsroom that has imported something."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has anything to do there."""
        return desk.may_see_imports(request.user) and ImportRun.objects.exists()


@hooks.register("register_admin_menu_item")
def imports_menu_item() -> ImportsMenuItem:
    """The entry of the menu."""
    return ImportsMenuItem(
        _("Imports"), reverse("diurna_imports"), icon_name="download", order=MENU_ORDER
    )


@hooks.register("register_admin_urls")
def import_urls() -> list[Any]:
    """The addresses below /newsroom/imports/."""
    pages: list[URLPattern] = [
        path("", desk.runs, name="diurna_imports"),
        path("<int:number>/", desk.run, name="diurna_import_run"),
        path("conflicts/", desk.conflicts, name="diurna_import_conflicts"),
        path("conflicts/<int:number>/", desk.conflict, name="diurna_import_conflict"),
        path("missing-files/", desk.missing, name="diurna_import_missing"),
        path("ready/", desk.ready, name="diurna_import_ready"),
        path("people/", desk_catalogue.people, name="diurna_import_people"),
        path("sections/", desk_catalogue.sections, name="diurna_import_sections"),
        path("pictures/", desk_catalogue.pictures, name="diurna_import_pictures"),
    ]
    return [path("imports/", include(pages))]
