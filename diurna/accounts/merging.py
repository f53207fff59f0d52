"""A guest who signs in: what the browser did without an account becomes the account's."""

import logging
import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from diurna.accounts import visitors
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import handlers

logger = logging.getLogger(__name__)


def merge_guest(*, guest: uuid.UUID, user: User) -> bool:
    """Give the account what is the guest's and delete the guest; False where there is no such one.

    An account that has never voted takes over the guest's names in the log. One that has keeps its
    own for what comes; what the guest wrote stays under the guest's names, and nobody but the
    account's rows knows of both.
    """
    with transaction.atomic():
        # The account first, always: two browsers that sign in together then don't deadlock.
        user = User.objects.select_for_update().get(pk=user.pk)
        found = Guest.objects.select_for_update().filter(uuid=guest).first()
        if found is None:
            return False
        for handler in handlers():
            handler.merge(guest=found, user=user)
        if user.ledger_key is None and found.ledger_key is not None:
            user.ledger_key = found.ledger_key
            user.save(update_fields=["ledger_key"])
        found.delete()
    return True


def merge_at_sign_in(request: HttpRequest, user: User, response: HttpResponseBase) -> None:
    """Merge the guest whom the request's cookie names into the account that has just signed in.

    The cookie is dropped with the response, also one that is not ours: who signs in is known now.
    """
    try:
        guest = visitors.guest_in(request)
    except visitors.CookieRefused:
        logger.info("Somebody signed in with a guest's cookie that was not signed here.")
        visitors.forget(response)
        return
    if guest is not None:
        merge_guest(guest=guest, user=user)
        visitors.forget(response)
