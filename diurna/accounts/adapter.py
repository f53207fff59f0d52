"""Where Diurna differs from allauth's own way of signing people in."""

import base64
from datetime import timedelta
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from wagtail.models import Site

from diurna.accounts.second_factor import has_desk_access, has_second_factor

# Fernet takes 32 bytes, base64-encoded (cryptography.io/en/latest/fernet).
FERNET_KEY_BYTES = 32


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people whom the newsroom has invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: readers' accounts are not built yet, and editors come by invitation."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for those who may enter it, their own account for everyone else."""
        name = "wagtailadmin_home" if has_desk_access(request.user) else "account_home"
        return resolve_url(name)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again, except for who enrols right after signing in.

        allauth counts only what was asked again; whoever has typed the password a minute ago, and
        was sent straight on to enrolment, would have to type it twice.
        """
        request = self.request
        fresh = timezone.now() - timedelta(seconds=app_settings.REAUTHENTICATION_TIMEOUT)
        if app == "allauth.mfa" and not has_second_factor(request.user, before=fresh):
            records = get_authentication_records(request, request.user)
            if any(record["at"] > fresh.timestamp() for record in records):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors named after the newsroom, their secrets encrypted in the database.

    A copy of the database alone then makes no codes; `SECRET_KEY` is kept apart from it.
    """

    def get_totp_issuer(self) -> str:
        """The newsroom's name, which the authenticator app shows beside the code."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        site = Site.objects.filter(is_default_site=True).first()
        return str((site and site.site_name) or settings.WAGTAIL_SITE_NAME)

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The stored secret in the clear; raises `cryptography.fernet.InvalidToken`."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """Writes with the present `SECRET_KEY`, reads with former ones too."""
    keys: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(secret: str) -> bytes:
    kdf = HKDF(SHA256(), length=FERNET_KEY_BYTES, salt=None, info=b"diurna second factors")
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))
