"""People for tests, with roles and second factors."""

from collections.abc import Iterable
from itertools import count

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from wagtail.models import Page

from diurna.accounts.actions import vouch_for_address
from diurna.accounts.models import User
from diurna.accounts.roles import Role, ensure_roles, grant_role

PASSWORD = "a long enough sentence"

_numbers = count(1)


def make_person(
    role: Role | str | None = None, *, sections: Iterable[Page] = (), email: str | None = None
) -> User:
    """Somebody with a password, and with a role if one is named; no second factor yet."""
    user = User.objects.create_user(email or f"person{next(_numbers)}@news.example", PASSWORD)
    vouch_for_address(user)
    if role is not None:
        ensure_roles()
        grant_role(user=user, role=role, sections=sections)
    # Wagtail and Django keep rights on the object; the tests ask afresh.
    return User.objects.get(pk=user.pk)


def enrol(user: User) -> str:
    """Give somebody an authenticator app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return str(secret)


def code_for(secret: str) -> str:
    """What the authenticator app with this secret shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))
