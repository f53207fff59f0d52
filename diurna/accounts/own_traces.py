"""What the tables of accounts themselves hold of a reader: the account, its keys to the door."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from diurna.accounts.models import Guest
from diurna.accounts.personal_data import Handler, Reader


def _export(reader: Reader) -> dict[str, Any]:
    if isinstance(reader, Guest):
        return {
            "uuid": reader.uuid,
            "created_at": reader.created_at,
            "has_ledger_key": reader.ledger_key is not None,
        }
    return {
        "uuid": reader.uuid,
        "email": reader.email,
        "display_name": reader.display_name,
        "date_joined": reader.date_joined,
        "last_login": reader.last_login,
        "is_active": reader.is_active,
        "is_staff": reader.is_staff,
        "picture": reader.picture.url if reader.picture else None,
        "shows_activity": reader.shows_activity,
        # The names that come of this key are with the votes. The key itself would tie whoever finds
        # this file to every vote, also after an erasure.
        "has_ledger_key": reader.ledger_key is not None,
        "has_password": reader.has_usable_password(),
        "roles": list(reader.groups.order_by("name").values_list("name", flat=True)),
        "permissions": list(reader.user_permissions.values_list("codename", flat=True)),
        "addresses": list(
            EmailAddress.objects.filter(user=reader)
            .order_by("pk")
            .values("email", "verified", "primary")
        ),
        "second_factors": [
            _factor(factor) for factor in Authenticator.objects.filter(user=reader).order_by("pk")
        ],
        "sessions": list(
            UserSession.objects.filter(user=reader)
            .order_by("created_at")
            .values("created_at", "last_seen_at", "ip", "user_agent")
        ),
    }


def _factor(factor: Authenticator) -> dict[str, Any]:
    """A second factor without its secrets."""
    return {
        "type": factor.type,
        "name": str(factor),
        "created_at": factor.created_at,
        "last_used_at": factor.last_used_at,
    }


def _erase(reader: Reader) -> None:
    if isinstance(reader, Guest):
        return
    known = UserSession.objects.filter(user=reader)
    Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()
    EmailAddress.objects.filter(user=reader).delete()
    Authenticator.objects.filter(user=reader).delete()
    reader.groups.clear()
    reader.user_permissions.clear()


HANDLER = Handler(
    name="account",
    holds=frozenset(
        {
            "accounts.User_groups.user",
            "accounts.User_user_permissions.user",
            "account.EmailAddress.user",
            "mfa.Authenticator.user",
            "usersessions.UserSession.user",
        }
    ),
    also_holds=frozenset({"sessions.Session"}),
    export=_export,
    erase=_erase,
)
