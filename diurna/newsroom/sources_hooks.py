"""Sources in the desk's menu and among its addresses."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, include, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from diurna.newsroom import cite_desk, sources_desk
from diurna.newsroom.models import Outlet

# After people and topics (250), before the reports of Wagtail (9000).
MENU_ORDER = 260


class SourcesMenuItem(MenuItem):
    """Shown to who writes, edits or publishes."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person works with sources."""
        return sources_desk.may_see_sources(request.user)


@hooks.register("register_admin_menu_item")
def sources_menu_item() -> SourcesMenuItem:
    """The entry of the menu."""
    return SourcesMenuItem(
        _("Sources"), reverse("diurna_sources"), icon_name="openquote", order=MENU_ORDER
    )


@hooks.register("before_delete_snippet")
def keep_what_published_sources(
    request: HttpRequest, instances: Iterable[models.Model]
) -> HttpResponse | None:
    """An outlet that published a source stays; the database would refuse it without a word."""
    kept = next(
        (one for one in instances if isinstance(one, Outlet) and one.sources.exists()), None
    )
    if kept is None:
        return None
    messages.error(
        request,
        gettext("“%(name)s” published sources, so it stays; give them another outlet first.")
        % {"name": kept.name},
    )
    return redirect("wagtailsnippets_newsroom_outlet:list")


@hooks.register("before_bulk_action")
def keep_all_that_published_sources(
    request: HttpRequest, action_type: str, objects: Iterable[models.Model], action: object
) -> HttpResponse | None:
    """The same for several outlets at once."""
    return keep_what_published_sources(request, objects) if action_type == "delete" else None


@hooks.register("register_admin_urls")
def source_urls() -> list[Any]:
    """The addresses below /newsroom/sources/ that are about one source or about citing."""
    pages: list[URLPattern] = [
        path("", sources_desk.sources, name="diurna_sources"),
        path("find/", cite_desk.find, name="diurna_sources_find"),
        path("cite/", cite_desk.cite, name="diurna_cite"),
        path("cite/<uuid:uuid>/", cite_desk.cited, name="diurna_cited"),
        path("<uuid:uuid>/", sources_desk.source, name="diurna_source"),
        path("<uuid:uuid>/approve/", sources_desk.approve, name="diurna_source_approve"),
        path("<uuid:uuid>/merge/", sources_desk.merge, name="diurna_source_merge"),
        path("<uuid:uuid>/delete/", sources_desk.delete, name="diurna_source_delete"),
    ]
    return [path("sources/", include(pages))]
