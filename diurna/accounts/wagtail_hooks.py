"""What an administrator deletes at the desk is erased, as its owner would: nothing half-way.

Wagtail's own deletion would leave the tie between an account's votes and its network, and write the
person's name into the desk's history once more.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.users.utils import user_can_delete_user

from diurna.accounts.erasure import erase_account
from diurna.accounts.models import User
from diurna.accounts.shown_names import touch_account
from diurna.common.errors import Refused


@hooks.register("before_delete_user")
def erase_instead(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Erase the account that was to be deleted, once it was confirmed."""
    return _erase(request, [user]) if request.method == "POST" else None


@hooks.register("before_bulk_action")
def erase_many_instead(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action_class_instance: Any
) -> HttpResponseBase | None:
    """The same for several that were ticked in the list."""
    if action_type != "delete" or action_class_instance.model is not User:
        return None
    allowed = [user for user in objects if user_can_delete_user(request.user, user)]
    return _erase(request, allowed)


@hooks.register("after_bulk_action")
def show_many_otherwise(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action_class_instance: Any
) -> None:
    """Have drawn again what names accounts that were switched off or on, past `User.save`."""
    if action_class_instance.model is User:
        for user in objects:
            touch_account(user)


def _erase(request: HttpRequest, users: Sequence[User]) -> HttpResponseBase:
    for user in users:
        try:
            erase_account(user=user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The account was erased."))
    return redirect("wagtailusers_users:index")
