"""Who only moderates has the moderation part of the desk, and nothing else of it.

Wagtail opens some addresses to everybody who may enter: choosers of pages, pictures and documents
(drafts among them) and the history of the whole site. A moderator needs none of them.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import permission_denied

from diurna.accounts.models import User
from diurna.accounts.roles import RIGHTS, Role
from diurna.common.areas import is_desk

_DESK: Final = "/newsroom/"
# The start page is added to these: moderation, what it stands on, one's own account, and what every
# page of Wagtail loads.
_OPEN: Final = tuple(
    f"{_DESK}{part}/"
    for part in (
        "moderation",
        "comments",
        "bursts",
        "account",
        "login",
        "logout",
        "dismissibles",
        "jsi18n",
        "sprite",
    )
)


def only_moderates(user: Any) -> bool:
    """Whether somebody has the role of a moderator and no other right at the desk."""
    if not isinstance(user, User) or user.is_superuser:
        return False
    groups = set(user.groups.values_list("name", flat=True))
    return groups == {RIGHTS[Role.MODERATOR].group} and not user.user_permissions.exists()


class ModeratorsDesk:
    """Turns moderators away from the rest of the desk, as Wagtail turns people away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through, or lead back to the start page."""
        path = request.path
        is_open = not is_desk(path) or path == _DESK or path.startswith(_OPEN)
        # Asked last: it is two queries.
        if is_open or not only_moderates(request.user):
            return self.get_response(request)
        return permission_denied(request)
