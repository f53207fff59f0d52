"""What stands below a story moves with it: its discussion, its history, its points.

Wagtail remembers the old address of a page that moved, and of nothing else. So a link to a comment
or to the public history of a story would end nowhere after its section was changed.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from diurna.common.areas import is_private
from diurna.newsroom.withdrawn_addresses import was_public

# `web.urls` has the addresses below a story.
_BELOW: Final = re.compile(
    r"(?P<story>/(?:[\w\-]+/)+?)(?P<rest>(?:changes|comments|points|report)/.*)"
)
_READING: Final = frozenset({"GET", "HEAD"})


class MovedBelow:
    """Middleware: where nothing was found below a story that moved, on to the same place there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; 301 instead of 404 where the story has another address by now."""
        response = self._get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in _READING:
            return response
        found = _BELOW.fullmatch(request.path_info)
        if found is None or is_private(request.path_info):
            return response
        moved = get_redirect(request, Redirect.normalise_path(found["story"]))
        if moved is None or moved.redirect_page is None or not was_public(moved.redirect_page):
            return response
        query = request.META.get("QUERY_STRING", "")
        target = f"{moved.link}{found['rest']}"
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
