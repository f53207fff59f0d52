"""Who gets into a page of the desk: those with one of its rights."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def has_any(user: Any, rights: tuple[str, ...]) -> bool:
    """Whether somebody has at least one of these rights, each `app.codename`; a guest has none."""
    return any(user.has_perm(right) for right in rights)


def needs(*rights: str) -> Callable[[View], View]:
    """Let in who has at least one of these rights; everybody else is refused (403).

    Wagtail has seen to it before that only staff come here.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has_any(request.user, rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard
