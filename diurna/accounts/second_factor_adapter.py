"""Second factors named after the newsroom, their secrets encrypted in the database."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext

from diurna.accounts.letters import newsroom_name
from diurna.accounts.models import User

# Fernet takes 32 bytes, base64-encoded (cryptography.io/en/latest/fernet).
FERNET_KEY_BYTES = 32


class SecondFactorAdapter(DefaultMFAAdapter):
    """A copy of the database alone makes no codes; `SECRET_KEY` is kept apart from it."""

    def get_totp_issuer(self) -> str:
        """The newsroom's name, which the authenticator app shows beside the code."""
        return newsroom_name()

    def _get_site_name(self) -> str:
        return newsroom_name()

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.email if isinstance(user, User) else str(user)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner calls it something else."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        if not there:
            return gettext("Passkey")
        return gettext("Passkey %(number)d") % {"number": there + 1}

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
