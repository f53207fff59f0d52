"""How the desk differs from Wagtail's: its name, its first page, what it asks before acting."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from diurna.newsroom import copying  # noqa: F401  (for the form and the hook it registers)
from diurna.newsroom.models import Article, Section

# The first panel of the dashboard; Wagtail's begin at 100.
START_PANEL_ORDER = 10
# So many sections are offered on the dashboard; the others are in the page menu.
SECTIONS_OFFERED = 8


@hooks.register("insert_global_admin_css")
def desk_style() -> str:
    """The newsroom's colours and the banner."""
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("construct_help_menu")
def no_news_about_wagtail(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Help is about writing; what is new in Wagtail is for who runs the site."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith("whats-new")]


@hooks.register("before_create_page")
def only_articles_without_the_right_to_publish(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """A writer writes articles: sections and information pages are made by who may publish them."""
    if page_class is Article or parent.permissions_for_user(request.user).can_publish_subpage():
        return None
    messages.error(request, _("You can write articles here; other pages are made by an editor."))
    return redirect("wagtailadmin_explore", parent.pk)


@hooks.register("before_copy_page")
def no_second_address_for_an_article(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An alias would be one story at two addresses, with one history between them."""
    if request.method != "POST" or not request.POST.get("alias"):
        return None
    messages.error(
        request,
        _("A story has one address, so an alias can’t be made; please make a copy instead."),
    )
    return redirect("wagtailadmin_pages:copy", page.pk)


@hooks.register("before_unpublish_page")
def no_story_without_its_section(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A section is not taken down from above stories that stay."""
    if request.method != "POST" or request.POST.get("include_descendants"):
        return None
    if not page.get_descendants().live().exists():
        return None
    messages.error(
        request,
        _("“%(title)s” has live pages below it; unpublish them too, or move them elsewhere first.")
        % {"title": page.get_admin_display_title()},
    )
    return redirect("wagtailadmin_pages:unpublish", page.pk)


class StartPanel(Component):
    """The first panel of the dashboard: where to begin, also when there is nothing yet."""

    name = "start"
    template_name = "desk/start_panel.html"
    order = START_PANEL_ORDER

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """The sections this person may write in, and whether the newsroom has any."""
        user = parent_context["request"].user
        sections = [
            section
            for section in Section.objects.order_by("path")
            if section.permissions_for_user(user).can_add_subpage()
        ]
        return {
            "sections": sections[:SECTIONS_OFFERED],
            "has_sections": Section.objects.exists(),
            "has_articles": Article.objects.exists(),
            "new_section": _new_section_address(user),
        }


def _new_section_address(user: Any) -> str:
    front = Page.objects.filter(content_type__model="front").specific().first()
    if front is None or not front.permissions_for_user(user).can_publish_subpage():
        return ""
    return reverse("wagtailadmin_pages:add", args=["newsroom", "section", front.pk])


@hooks.register("construct_homepage_panels")
def put_start_first(request: HttpRequest, panels: list[Component]) -> None:
    """Begin the dashboard with what to do next."""
    panels.append(StartPanel())
