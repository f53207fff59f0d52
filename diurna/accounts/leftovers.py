"""What is left of an account outside its own tables: in sessions, and in letters kept as files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from diurna.accounts.addresses import owner_of, waiting_for
from diurna.accounts.models import User


def addresses_of(user: User) -> set[str]:
    """The addresses that are this account's and no other's.

    One that was only typed may be a stranger's, and what names the stranger is not ours to delete.
    """
    found = {user.email}
    for address in EmailAddress.objects.filter(user=user).values_list("email", flat=True):
        others = {owner_of(address), *waiting_for(address)} - {None, user}
        if not others:
            found.add(address)
    return found


def sessions_of(user: User, addresses: Iterable[str]) -> list[str]:
    """The keys of all sessions that hold the account or its addresses, half-done sign-ins too.

    Looks into every session there is, so keep it out of transactions.
    """
    words = [json.dumps(address.lower())[1:-1] for address in addresses]
    return [
        session.session_key
        for session in Session.objects.iterator()
        if _is_about(session.get_decoded(), user, words)
    ]


def _is_about(content: dict[str, Any], user: User, words: list[str]) -> bool:
    if str(user.pk) in (
        content.get(SESSION_KEY),
        content.get("account_authentication_methods_user"),
    ):
        return True
    waiting = content.get("account_login")
    if isinstance(waiting, dict) and waiting.get("user_pk") == user_pk_to_url_str(user):
        return True
    text = json.dumps(content, default=str).lower()
    return any(word in text for word in words)


def delete_letters(addresses: Iterable[str]) -> None:
    """Delete letters to these addresses that are kept as files, where no mail is configured."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder is None or not Path(folder).is_dir():
        return
    words = [address.lower().encode() for address in addresses]
    for path in Path(folder).iterdir():
        if path.is_file() and any(word in path.read_bytes().lower() for word in words):
            path.unlink(missing_ok=True)
