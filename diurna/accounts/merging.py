"""A guest who signs in: what the browser did without an account becomes the account's."""

import logging
import uuid
from typing import Final

from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponseBase

from diurna.accounts import visitors
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import handlers

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3


def merge_guest(*, guest: uuid.UUID, user: User) -> bool:
    """Give the account what is the guest's and delete the guest; False where there is no such one.

    An account that has never voted takes over the guest's names in the log. One that has keeps its
    own for what comes; what the guest wrote stays under the guest's names, and nobody but the
    account's rows knows of both.
    """
    for _attempt in range(MAX_ATTEMPTS - 1):
        try:
            return _merge(guest, user)
        except (IntegrityError, OperationalError):
            if connection.in_atomic_block:
                raise
            # The guest has written something at this very moment, in another tab.
            logger.info("A guest is merged again, having written meanwhile.")
    return _merge(guest, user)


def _merge(guest: uuid.UUID, user: User) -> bool:
    with transaction.atomic():
        # Keeps out a second merge, and lets those through who write for the guest meanwhile.
        found = Guest.objects.select_for_update(no_key=True).filter(uuid=guest).first()
        if found is None:
            return False
        for handler in handlers():
            handler.merge(guest=found, user=user)
        if found.ledger_key is not None:
            # Not over a key that the account was given a moment ago.
            keyless = User.objects.filter(pk=user.pk, ledger_key__isnull=True)
            keyless.update(ledger_key=found.ledger_key)
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
