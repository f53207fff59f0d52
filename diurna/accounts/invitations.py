"""One-time links: how an editor first gets in, and gets back in.

A link is a signature over the account's password and last sign-in (Django's password reset token,
with its own salt), so it dies once it has been used or either has changed, and after
`PASSWORD_RESET_TIMEOUT` in any case. Nothing is stored.
"""

import uuid

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from diurna.accounts.models import User


class InvitationTokens(PasswordResetTokenGenerator):
    """Tokens that open nothing but the page of an invitation."""

    key_salt = "diurna.accounts.invitations"


_tokens = InvitationTokens()


def invitation_link(user: User, site_url: str) -> str:
    """The full address of a fresh one-time link for this account."""
    path = reverse("account_welcome", args=[user.uuid.hex, _tokens.make_token(user)])
    return f"{site_url.rstrip('/')}{path}"


def invited(account: str, token: str) -> User | None:
    """Whose link this is; None if it was never ours, is used up or too old."""
    try:
        user = User.objects.filter(uuid=uuid.UUID(hex=account), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and _tokens.check_token(user, token) else None
