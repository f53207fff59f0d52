"""Comments in the desk's menu and on its start page, for those who have to do with them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from diurna.comments import held_desk

# Before the bursts of votes (8500).
MENU_ORDER = 8400
# After "where to begin", before the bursts (60).
PANEL_ORDER = 55


class CommentsMenuItem(MenuItem):
    """Shown to those who decide or pick; says how many wait to those who decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has anything to do there."""
        return held_desk.may_decide(request.user) or held_desk.may_pick(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        """The entry, with the number of comments that wait, and the page that this person needs."""
        item = super().render_component(request)
        if not held_desk.may_decide(request.user):
            item.url = reverse("diurna_comments_published")
        elif waiting := held_desk.waiting():
            item.label = _("Comments (%(waiting)d)") % {"waiting": waiting}
        return item


class CommentsPanel(Component):
    """Says on the start page that comments wait; nothing where none does."""

    name = "held_comments"
    template_name = "comments/desk/panel.html"
    order = PANEL_ORDER

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """How many wait."""
        return {"waiting": held_desk.waiting()}


def register() -> None:
    """Have Wagtail call the three functions below."""
    hooks.register("register_admin_menu_item", comments_menu_item)
    hooks.register("construct_homepage_panels", say_that_comments_wait)
    hooks.register("register_admin_urls", comment_urls)


def comments_menu_item() -> CommentsMenuItem:
    """The entry of the menu."""
    return CommentsMenuItem(
        gettext_lazy("Comments"), reverse("diurna_comments"), icon_name="comment", order=MENU_ORDER
    )


def say_that_comments_wait(request: HttpRequest, panels: list[Component]) -> None:
    """A panel for those who decide, while something waits for them."""
    if held_desk.may_decide(request.user) and held_desk.waiting():
        panels.append(CommentsPanel())


def comment_urls() -> list[Any]:
    """The addresses below /newsroom/comments/."""
    pages: list[URLPattern] = [
        path("", held_desk.held, name="diurna_comments"),
        path("published/", held_desk.published, name="diurna_comments_published"),
        path("<uuid:uuid>/", held_desk.one, name="diurna_comment"),
    ]
    return [path("comments/", include(pages))]
