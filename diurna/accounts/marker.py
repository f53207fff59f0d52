"""The cookie that says: there is something personal to ask for.

Reader pages are the same for everyone, and a small module on them asks for the private fragment
only where this cookie is. It says nothing about who; the session cookie does, and scripts cannot
read that one.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from diurna.common.areas import is_private

MARKER_COOKIE = "diurna_marker"


class MarkerCookie:
    """Keeps the marker in step with the session, on private addresses only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and set or drop the marker where it no longer tells the truth."""
        response = self.get_response(request)
        if is_private(request.path):
            has_marker = MARKER_COOKIE in request.COOKIES
            if request.user.is_authenticated and not has_marker:
                mark(response, seconds=settings.SESSION_COOKIE_AGE)
            elif has_marker and not (request.user.is_authenticated or _is_guest(request)):
                response.delete_cookie(MARKER_COOKIE, samesite="Lax")
        return response


def mark(response: HttpResponseBase, *, seconds: int) -> None:
    """Say that there is something personal to ask for, for so long."""
    response.set_cookie(
        MARKER_COOKIE,
        "1",
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _is_guest(request: HttpRequest) -> bool:
    return settings.DIURNA_GUEST_COOKIE in request.COOKIES
