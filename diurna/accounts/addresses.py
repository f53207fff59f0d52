"""Whose e-mail address it is: the account's that has confirmed it, and nobody's before.

`User.email` holds a confirmed address and nothing else. Until then it holds a placeholder, and the
address that was typed waits in allauth's `EmailAddress`, unverified; several accounts may wait for
the same one. So nobody can take an address by typing it, and a sign-up with an address that is
taken goes the same way as any other (docs/decisions/addresses-belong-to-who-confirms.md).
"""

import uuid
from typing import Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from diurna.accounts.day_counts import Event, count
from diurna.accounts.models import EMAIL_MAX_LENGTH, User, UserManager

# RFC 2606 keeps `.invalid` free of real hosts: a letter to a placeholder goes nowhere.
PLACEHOLDER_DOMAIN: Final = "unconfirmed.invalid"
# Each one costs a password hash at sign-in; more accounts than these wait for one address only
# where somebody plays with the form.
WAITING_CONSIDERED: Final = 3


def placeholder_address(account: uuid.UUID) -> str:
    """What stands in `User.email` until an address is confirmed."""
    return f"{account.hex}@{PLACEHOLDER_DOMAIN}"


def typed_address(typed: str) -> str | None:
    """The address that somebody has typed, as it is stored; None for what can be none."""
    address = UserManager.normalize_email(typed)
    try:
        if len(address) > EMAIL_MAX_LENGTH:
            return None
        validate_email(address)
    except ValidationError:
        return None
    return address


def has_confirmed_address(user: User) -> bool:
    """Whether the account has proved that its letters arrive."""
    return not user.email.endswith(f"@{PLACEHOLDER_DOMAIN}")


def address_of(user: User) -> str:
    """The confirmed address, else the one that waits for it; empty where there is neither."""
    if has_confirmed_address(user):
        return user.email
    waiting = EmailAddress.objects.filter(user=user).order_by("-pk").first()
    return str(waiting.email) if waiting is not None else ""


def owner_of(address: str) -> User | None:
    """The account that has confirmed this address, also one that was closed."""
    wanted = UserManager.normalize_email(address)
    if wanted.endswith(f"@{PLACEHOLDER_DOMAIN}"):
        return None  # nobody confirms a placeholder, even if it stands in `User.email`
    return User.objects.filter(email=wanted).first()


def waiting_for(address: str) -> list[User]:
    """The newest accounts that were opened with this address and have not confirmed it."""
    return list(
        User.objects.filter(
            email__endswith=f"@{PLACEHOLDER_DOMAIN}",
            emailaddress__email=UserManager.normalize_email(address),
            emailaddress__verified=False,
        ).order_by("-pk")[:WAITING_CONSIDERED]
    )


def is_taken(address: EmailAddress) -> bool:
    """Whether another account has confirmed this address meanwhile."""
    owner = owner_of(address.email)
    return owner is not None and owner.pk != address.user_id


def take(user: User, address: str) -> bool:
    """Make a confirmed address the account's own; False where another account was faster."""
    was_confirmed = has_confirmed_address(user)
    user.email = UserManager.normalize_email(address)
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
            if not was_confirmed:
                count(Event.CONFIRMED)
    except IntegrityError:
        user.refresh_from_db(fields=["email"])
        return False
    return True
