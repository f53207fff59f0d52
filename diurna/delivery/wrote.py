"""Whoever has just written is shown no page from before: said once for every write there is.

A page that many readers change (points) may be shown for a moment after a change (`store`). Not to
the one who made it: the answer to his write carries a cookie of a few seconds, with which a page
that was touched is drawn anew before it is shown. In one place, by method and status, so that no
view can forget it; the desk's writes and those below `/account/` have it too, since comments are
edited, picked and decided upon there.

It is as good as the touch. What a write changes at once (comments, edits, decisions) is touched
before the write is answered. A vote gets into the points that are shown when the settler counts it,
within a third of a second as a rule, and the page is touched then: a vote by form is answered only
after that (`points.shown`, a second at most), a vote by the script at once, with the figure that
the script shows. On another machine the touch arrives a moment later (`relay`).
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from diurna.common.areas import is_api, is_private
from diurna.delivery.surrogate import wrote

_WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_TAKEN: Final = frozenset(
    {
        HTTPStatus.CREATED,
        HTTPStatus.ACCEPTED,
        HTTPStatus.NO_CONTENT,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
    }
)


class RemembersWrites:
    """Middleware that marks the browser of a reader whose write was taken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; the cookie only where something was written."""
        response = self._get_response(request)
        if request.method in _WRITING and _was_taken(request, response):
            wrote(response)
        return response


def _was_taken(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether something was written.

    A form that was taken leads to another page; one that is answered with a page was a preview, or
    asks for something. Programs are told 200 as well; a feed says that to whatever method.
    """
    if response.status_code != HTTPStatus.OK:
        return response.status_code in _TAKEN
    if not (is_api(request.path) or is_private(request.path)):
        return False
    return not response.headers.get("Content-Type", "").startswith("text/html")
