"""Published comments in the desk's menu, for those who pick.

What waits is moderation's queue, which has a place of its own in the menu.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from diurna.accounts.desk_guard import has_any
from diurna.comments import held_desk

# Before the bursts of votes (8500).
MENU_ORDER = 8400


class CommentsMenuItem(MenuItem):
    """Shown to those who decide or pick."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has anything to do there."""
        return has_any(request.user, (held_desk.MAY_DECIDE, held_desk.MAY_PICK))


def register() -> None:
    """Have Wagtail call the two functions below."""
    hooks.register("register_admin_menu_item", comments_menu_item)
    hooks.register("register_admin_urls", comment_urls)


def comments_menu_item() -> CommentsMenuItem:
    """The entry of the menu."""
    return CommentsMenuItem(
        gettext_lazy("Comments"),
        reverse("diurna_comments_published"),
        name="comments",
        icon_name="comment",
        order=MENU_ORDER,
    )


def comment_urls() -> list[Any]:
    """The addresses below /newsroom/comments/; the list itself is moderation's queue."""
    pages: list[URLPattern] = [
        path("published/", held_desk.published, name="diurna_comments_published"),
        path("<uuid:uuid>/", held_desk.one, name="diurna_comment"),
    ]
    return [path("comments/", include(pages))]
