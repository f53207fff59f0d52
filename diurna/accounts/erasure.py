"""Erasing a reader: what is the reader's goes, what is the log's stays and leads to nobody.

The key of the reader's names in the log is destroyed, and the votes let go of the reader; an entry
can then be tied to nobody, by nobody. Who has worked at the desk leaves an account that names
nobody, since the newsroom answers for who changed what. The list outside the database
(`common.erasures`) has it done again after a restore.
"""

import logging
import uuid
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts import day_counts, leftovers
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import handlers, tables
from diurna.accounts.roles import RIGHTS, Role
from diurna.accounts.shown_names import touch_account
from diurna.common.erasures import note_reader_erasure, reader_hash
from diurna.common.errors import Refused
from diurna.common.forgetting import forget_deleted

logger = logging.getLogger(__name__)

# No host of this name exists (RFC 2606), so no letter to it arrives anywhere.
ERASED_DOMAIN: Final = "erased.invalid"


def erase_account(*, user: User, at: datetime | None = None) -> None:
    """Erase an account with everything that is held of it; committed when this returns.

    The row itself is deleted, or emptied where the newsroom's own records go on naming it. Raises
    Refused for the only administrator: nobody could let another one in.
    """
    _demand_another_administrator(user)
    _erase_account(user, at or timezone.now(), again=False)
    logger.info("An account was erased at its owner's request.")


def _erase_account(user: User, at: datetime, *, again: bool) -> None:
    addresses = leftovers.addresses_of(user)
    # Outside the transaction: this looks into every session there is.
    sessions = leftovers.sessions_of(user, addresses)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        name, picture = user.uuid, user.picture.name
        touch_account(user)
        stays = will_stay(user)
        for handler in handlers():
            handler.erase(user)
        Session.objects.filter(session_key__in=sessions).delete()
        if stays:
            _empty(user, at)
        else:
            user.delete()
        if not again:
            day_counts.count(day_counts.Event.DELETED, at=at)
        transaction.on_commit(lambda: delete_picture(picture), robust=True)
        transaction.on_commit(lambda: leftovers.delete_letters(addresses), robust=True)
        _finish(name, at)


def will_stay(user: User) -> bool:
    """Whether the newsroom's own records name the account, so that an emptied row would stay."""
    return any(handler.keeps(user) for handler in handlers())


def erase_guest(*, guest: Guest, at: datetime | None = None) -> None:
    """Erase what is held of a browser that wrote without an account."""
    with transaction.atomic():
        guest = Guest.objects.select_for_update().get(pk=guest.pk)
        for handler in handlers():
            handler.erase(guest)
        name = guest.uuid
        guest.delete()
        _finish(name, at or timezone.now())
    logger.info("What was held of a guest was erased at the guest's request.")


def erase_readers(hashes: Collection[str]) -> int:
    """Erase those whom a list of erasures names (`reader_hash`), for a restore; how many."""
    if not hashes:
        return 0
    users = [pk for pk, name in _names(User) if reader_hash(name) in hashes]
    guests = [pk for pk, name in _names(Guest) if reader_hash(name) in hashes]
    for pk in users:
        _erase_account(User.objects.get(pk=pk), timezone.now(), again=True)
    for pk in guests:
        erase_guest(guest=Guest.objects.get(pk=pk))
    return len(users) + len(guests)


def _names(model: type[User] | type[Guest]) -> Iterator[tuple[int, uuid.UUID]]:
    return model._default_manager.values_list("pk", "uuid").iterator()


def delete_picture(name: str | None) -> None:
    """Delete a reader's picture file, if there is one."""
    if name:
        default_storage.delete(name)


def _finish(name: uuid.UUID, at: datetime) -> None:
    # Written before the commit: a list that names one too many does no harm.
    note_reader_erasure(Path(settings.DIURNA_HOME), name, at=at)
    forget_deleted(tables=tables())


def _empty(user: User, at: datetime) -> None:
    """Leave a row that says nothing but that somebody was there."""
    user.uuid = uuid.uuid4()
    user.email = f"{user.uuid.hex}@{ERASED_DOMAIN}"
    user.display_name = _("Former member of the newsroom")
    user.picture.name = ""
    user.ledger_key = None
    user.shows_activity = user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.date_joined = at.replace(hour=0, minute=0, second=0, microsecond=0)
    user.set_unusable_password()
    user.save()


def _demand_another_administrator(user: User) -> None:
    administers = Q(is_superuser=True) | Q(groups__name=RIGHTS[Role.ADMINISTRATOR].group)
    administrators = User.objects.filter(administers, is_active=True).distinct()
    if administrators.filter(pk=user.pk).exists() and administrators.count() == 1:
        raise Refused(
            _(
                "You are this newsroom’s only administrator. Please make somebody else one first;"
                " your account can be erased then."
            )
        )
