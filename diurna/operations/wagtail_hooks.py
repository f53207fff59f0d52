"""What whoever runs the site has to know at the desk, before everything else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from diurna.comments.models import CommentSettings
from diurna.operations import letters, networks

# Before the first panel of the newsroom (`newsroom.desk`).
ALARM_ORDER: Final = 1


class NetworksPanel(Component):
    """A red panel while the rules about networks rest."""

    name = "networks"
    template_name = "desk/networks_panel.html"
    order = ALARM_ORDER

    def __init__(self, rests: list[networks.Rest]) -> None:
        self._rests = rests

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Why they rest, until when, and what to do."""
        return {"rests": self._rests}


class LettersPanel(Component):
    """Says that no mail server is set, or that letters did not reach their readers."""

    name = "letters"
    template_name = "desk/letters_panel.html"
    order = ALARM_ORDER + 1

    def __init__(self, trouble: letters.Trouble) -> None:
        self._trouble = trouble

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """What is wrong, in figures."""
        return {"trouble": self._trouble}


class AwayPanel(Component):
    """Says that nobody moderates, and which stories take no comments because of it."""

    name = "away"
    template_name = "desk/away_panel.html"
    order = ALARM_ORDER + 2

    def __init__(self, since: datetime) -> None:
        self._since = since

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Since when."""
        return {"since": self._since}


@hooks.register("construct_homepage_panels")
def tell_of_absence(request: HttpRequest, panels: list[Component]) -> None:
    """Say on everybody's first page while new stories take no comments: writers wonder why."""
    if (since := CommentSettings.current().away_since) is not None:
        panels.append(AwayPanel(since))


@hooks.register("construct_homepage_panels")
def tell_of_letters(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's first page when letters are not sent."""
    trouble = letters.trouble(timezone.now())
    if trouble.is_any:
        panels.append(LettersPanel(trouble))


@hooks.register("construct_homepage_panels")
def tell_that_network_rules_rest(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's first page when the rules about networks rest."""
    if rests := networks.rests(timezone.now()):
        panels.append(NetworksPanel(rests))
