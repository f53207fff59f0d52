"""The cookie that says: there is something personal to ask for.

Reader pages are the same for everyone, and a small module on them asks for the private fragment
only where this cookie is; a guest's says that only stories have anything of theirs. It says nothing
about who; the session cookie does, and scripts cannot read that one.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from diurna.common.areas import is_private

MARKER_COOKIE: Final = "diurna_marker"
_ACCOUNT: Final = "1"
_GUEST: Final = "g"
# What scripts and the desk keep in the browser: drafts, and which comments were seen.
_FORGET: Final = '"storage"'


class MarkerCookie:
    """Keeps the marker in step with the session, on private addresses only.

    With the end of a session goes all that its pages kept in the browser, for the next who sits
    there (W3C Clear Site Data; browsers heed it where there is TLS, or this machine alone).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and set or drop the marker where it no longer tells the truth."""
        if not is_private(request.path):
            return self.get_response(request)
        # Only a write ends a session on purpose.
        was_here = request.method == "POST" and request.user.is_authenticated
        response = self.get_response(request)
        is_here = request.user.is_authenticated
        marker = request.COOKIES.get(MARKER_COOKIE)
        if is_here and marker != _ACCOUNT:
            _set(response, _ACCOUNT, seconds=settings.SESSION_COOKIE_AGE)
        elif not is_here and marker is not None and not _is_guest(request):
            response.delete_cookie(MARKER_COOKIE, samesite="Lax")
        if was_here and not is_here:
            response.headers["Clear-Site-Data"] = _FORGET
        return response


def mark_guest(response: HttpResponseBase, *, seconds: int) -> None:
    """Say that stories have something of this browser's guest, for so long."""
    _set(response, _GUEST, seconds=seconds)


def _set(response: HttpResponseBase, value: str, *, seconds: int) -> None:
    response.set_cookie(
        MARKER_COOKIE,
        value,
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _is_guest(request: HttpRequest) -> bool:
    return settings.DIURNA_GUEST_COOKIE in request.COOKIES
