"""What moderation adds to the desk: its pages, each part's in the part's own module."""

from typing import Any, Final

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import hooks

from diurna.moderation import akismet_panel, queue_hooks

queue_hooks.register()
akismet_panel.register()

# Modules with `urlpatterns`, relative to /newsroom/moderation/.
PARTS: Final[list[str]] = [
    "diurna.moderation.spam_desk",
    "diurna.moderation.measures_desk",
    "diurna.moderation.readers_desk",
    "diurna.moderation.queue_desk",
    "diurna.moderation.notices_desk",
    "diurna.moderation.words_desk",
    "diurna.moderation.tryout_desk",
    "diurna.moderation.rules_desk",
    "diurna.moderation.search_desk",
]


@hooks.register("register_admin_urls")
def moderation_urls() -> list[Any]:
    """The addresses below /newsroom/moderation/, and the one that the queue had before."""
    return [
        path("moderation/", include([path("", include(part)) for part in PARTS])),
        path(
            "comments/", RedirectView.as_view(pattern_name="diurna_queue"), name="diurna_comments"
        ),
    ]
