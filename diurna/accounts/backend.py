"""Who signs in with an address and a password; the time it takes tells nothing of the address."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from diurna.accounts.addresses import owner_of, waiting_for
from diurna.accounts.models import User


class AddressBackend(AuthenticationBackend):
    """allauth's back end with its own search for the account.

    Two hashes at least, always: one for the account that owns the address and one for an account
    that waits for it, made up where there is none. Else a wrong password would be refused sooner
    for an address that nobody has, and whoever signs up with a stranger's address could see
    afterwards whether that had an account.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        email: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """The account with this address and password; the owner's goes first.

        `username` is what Django's own functions call the address.
        """
        address = email or username
        if not address or not password:
            return None
        owner = owner_of(address)
        found = owner if _fits(owner, password) else None
        candidates: list[User | None] = [*waiting_for(address)] or [None]
        for account in candidates:
            if _fits(account, password) and found is None:
                found = account
        if found is not None and not self.user_can_authenticate(found):
            # allauth then shows the page about closed accounts, since the password was right.
            self._stash_user(found)
            return None
        return found


def _fits(account: User | None, password: str) -> bool:
    """Whether this is the account's password; for no account, the same work for nothing."""
    if account is None:
        User().set_password(password)
        return False
    return account.check_password(password)
