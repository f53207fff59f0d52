"""What is done to accounts: invite somebody, make the demonstration's editor.

Merging and erasing have files of their own, `merging` and `erasure`.
"""

import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.day_counts import Event, count
from diurna.accounts.erasure import erase_account, erase_guest
from diurna.accounts.invitations import invitation_link
from diurna.accounts.merging import merge_guest
from diurna.accounts.models import User, UserManager
from diurna.accounts.roles import Role, ensure_roles, grant_role, parse_role, roles_of
from diurna.common.errors import Invalid, Refused

__all__ = [
    "InviteResult",
    "create_demo_editor",
    "erase_account",
    "erase_guest",
    "invite_editor",
    "merge_guest",
    "vouch_for_address",
]

DEMO_EMAIL = "editor@demo.invalid"
DEMO_NAME = "Demonstration editor"
# 16 bytes are 128 bits, written as 22 characters.
DEMO_PASSWORD_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class InviteResult:
    """An invitation: the one-time link, for whom, as what, and whether the account is new."""

    link: str
    email: str
    roles: tuple[Role, ...]
    created: bool


def invite_editor(
    *,
    email: str,
    site_url: str,
    role: Role | str | None = None,
    forget_second_factor: bool = False,
) -> InviteResult:
    """Make the account if it is not there, give it the role, and make a one-time link to enter.

    The link lives 24 hours and dies when it is used. Without a role, the first account of a site
    becomes publisher and administrator (somebody has to be able to let the others in), a later
    one editor, and one that has roles keeps them. `forget_second_factor` is for who has lost phone
    and recovery codes: whoever follows the link then enrols a new one.

    Raises Invalid for what is no address or no role, Refused for an account that was closed.
    """
    address = _valid_address(email)
    wanted = None if role is None else parse_role(role)
    with transaction.atomic():
        ensure_roles()
        is_first = not User.objects.exists()
        user, created = _account(address)
        if not user.is_active:
            raise Refused(
                f"The account {address} was closed; please open it again on the desk"
                " (Settings, Users) before inviting."
            )
        for each in _roles_to_grant(user, wanted, is_first=is_first):
            grant_role(user=user, role=each)
        granted = tuple(sorted(roles_of(user)))
        if forget_second_factor:
            Authenticator.objects.filter(user=user).delete()
    link = invitation_link(user, site_url)
    return InviteResult(link=link, email=address, roles=granted, created=created)


def create_demo_editor() -> tuple[str, str]:
    """Make the demonstration's editor, with a fresh password: (address, password).

    Raises Refused anywhere but in the demonstration.
    """
    if not settings.DIURNA_DEMO:
        raise Refused(
            "Only the demonstration has a ready-made editor; please use `diurna editor add EMAIL`."
        )
    password = secrets.token_urlsafe(DEMO_PASSWORD_BYTES)
    with transaction.atomic():
        ensure_roles()
        user, _created = _account(DEMO_EMAIL)
        user.display_name = DEMO_NAME
        user.set_password(password)
        user.save()
        for role in (Role.PUBLISHER, Role.ADMINISTRATOR):
            grant_role(user=user, role=role)
    return DEMO_EMAIL, password


def vouch_for_address(user: User) -> None:
    """Count the account's address, and no other, as its own: whoever invites has vouched for it.

    Nobody vouches for the placeholder of a reader whose address is not confirmed yet.
    """
    if not has_confirmed_address(user):
        return
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _valid_address(email: str) -> str:
    address = UserManager.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid(
            f"“{email}” is not an e-mail address; write one like ada@news.example."
        ) from error
    return address


def _account(address: str) -> tuple[User, bool]:
    """The account with this address and whether it was made now, without a password."""
    user = User.objects.filter(email=address).first()
    created = user is None
    if user is None:
        user = User.objects.create_user(address)
        count(Event.REGISTERED)
        count(Event.CONFIRMED)
    vouch_for_address(user)
    return user, created


def _roles_to_grant(user: User, wanted: Role | None, *, is_first: bool) -> tuple[Role, ...]:
    if wanted is not None:
        return (wanted,)
    if is_first:
        return (Role.PUBLISHER, Role.ADMINISTRATOR)
    return () if roles_of(user) else (Role.EDITOR,)
