"""Moderation in the desk's menu and on its start page, for those who decide about comments."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from diurna.accounts.desk_guard import has_any
from diurna.accounts.moderators_desk import only_moderates
from diurna.comments.held_desk import MAY_DECIDE
from diurna.moderation.queue import Kind
from diurna.moderation.queue_buttons import KINDS
from diurna.moderation.queue_counts import counted

# Before what the rooms below have in the menu: comments (8400), bursts (8500).
MENU_ORDER: Final = 8300
# After "where to begin".
PANEL_ORDER: Final = 55
# What the rooms below add has to be there to be left out.
AFTER_OTHERS: Final = 10
# The queue has them, so they need no entry and no panel of their own beside it.
_IN_THE_QUEUE: Final = frozenset({"comments", "bursts-of-votes"})


class ModerationMenuItem(MenuItem):
    """Shown to those who decide; says how many things wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person decides."""
        return has_any(request.user, (MAY_DECIDE,))

    def render_component(self, request: HttpRequest) -> Any:
        """The entry, with the number of what waits."""
        item = super().render_component(request)
        if total := counted(request).total:
            item.label = _("Moderation (%(waiting)d)") % {"waiting": total}
        return item


class ModerationPanel(Component):
    """Says on the start page what waits, by kind."""

    name = "moderation"
    template_name = "moderation/desk/panel.html"
    order = PANEL_ORDER

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """How many wait of each kind there is something of, and since when the oldest does."""
        present = counted(parent_context["request"])
        counts = [(KINDS[kind], present.counts[kind]) for kind in Kind if present.counts[kind]]
        return {"counts": counts, "oldest": present.oldest}


class ModeratorsPanel(ModerationPanel):
    """The same for who does nothing else, also while nothing waits; without a search for pages."""

    name = "moderators"

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("moderation/start.css",)}


def register() -> None:
    """Have Wagtail call the three functions below."""
    hooks.register("register_admin_menu_item", moderation_menu_item)
    hooks.register("construct_main_menu", leave_out_what_the_queue_has, order=AFTER_OTHERS)
    hooks.register("construct_homepage_panels", say_what_waits, order=AFTER_OTHERS)


def moderation_menu_item() -> ModerationMenuItem:
    """The entry of the menu."""
    return ModerationMenuItem(
        gettext_lazy("Moderation"),
        reverse("diurna_queue"),
        name="moderation",
        icon_name="comment",
        order=MENU_ORDER,
    )


def leave_out_what_the_queue_has(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """One entry instead of three, for those who have the queue."""
    if has_any(request.user, (MAY_DECIDE,)):
        menu_items[:] = [item for item in menu_items if item.name not in _IN_THE_QUEUE]


def say_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    """A panel for those who decide, while something waits; the bursts are among it."""
    if not has_any(request.user, (MAY_DECIDE,)):
        return
    is_all = only_moderates(request.user)
    replaced = {"bursts", "start"} if is_all else {"bursts"}
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in replaced]
    if is_all:
        panels.append(ModeratorsPanel())
    elif counted(request).total:
        panels.append(ModerationPanel())
