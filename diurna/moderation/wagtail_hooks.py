"""What moderation adds to the desk: its pages, each part's in the part's own module."""

from typing import Any, Final

from django.urls import include, path
from wagtail import hooks

# Modules with `urlpatterns`, relative to /newsroom/moderation/.
PARTS: Final[list[str]] = []


@hooks.register("register_admin_urls")
def moderation_urls() -> list[Any]:
    """The addresses below /newsroom/moderation/."""
    return [path("moderation/", include([path("", include(part)) for part in PARTS]))]
