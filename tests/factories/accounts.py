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
from wagtail.models import Page, WorkflowPage

from diurna.accounts.actions import vouch_for_address
from diurna.accounts.models import User
from diurna.accounts.roles import WORKFLOW_NAME, Role, ensure_roles, grant_role
from tests import first_rows

PASSWORD = "a long enough sentence"

_numbers = count(1)
# What bringing the roles made of an empty site.
_ensured: list[first_rows.Founding] = []


def make_person(
    role: Role | str | None = None, *, sections: Iterable[Page] = (), email: str | None = None
) -> User:
    """Somebody with a password, and with a role if one is named; no second factor yet."""
    user = User.objects.create_user(email or f"person{next(_numbers)}@news.example", PASSWORD)
    vouch_for_address(user)
    if role is not None:
        if not _roles_are_there():
            first_rows.done_again(_ensured, ensure_roles)
        grant_role(user=user, role=role, sections=sections)
    # Wagtail and Django keep rights on the object; the tests ask afresh.
    return User.objects.get(pk=user.pk)


def _roles_are_there() -> bool:
    """Whether `ensure_roles` was called since the site has this front; its last step says so."""
    ways = WorkflowPage.objects.filter(workflow__name=WORKFLOW_NAME)
    return ways.filter(page__sites_rooted_here__is_default_site=True).exists()


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
