"""Says on the desk's start page that Akismet does not work; nothing while it does."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from diurna.moderation import akismet
from diurna.moderation.models import AkismetCheck

# After GIPHY's: comments go on without either.
PANEL_ORDER: Final = 71
# Who learns of it: those who moderate, and those who can mend it.
_TOLD: Final = ("moderation.view_spamtoken", "moderation.change_moderationsettings")


class AkismetPanel(Component):
    """What is wrong with Akismet, and what to do."""

    name = "akismet"
    template_name = "moderation/desk/akismet_panel.html"
    order = PANEL_ORDER

    def __init__(self, check: AkismetCheck) -> None:
        self._check = check

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """The sentence."""
        return {"sentence": akismet.sentence_about(self._check)}


def register() -> None:
    """Have Wagtail ask for the panel; called by `wagtail_hooks`."""
    hooks.register("construct_homepage_panels", say_that_akismet_fails)


def say_that_akismet_fails(request: HttpRequest, panels: list[Component]) -> None:
    """Add the panel for those who are told, while Akismet is on and fails."""
    if not any(map(request.user.has_perm, _TOLD)) or not akismet.is_on():
        return
    trouble = akismet.trouble()
    if trouble is not None:
        panels.append(AkismetPanel(trouble))
