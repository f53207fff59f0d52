"""Passwords are hashed a few at a time."""

import threading
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

# Each takes 100 MB while it works (Django's parameters), and a process answers some 64 requests at
# once: without a gate, as many sign-ins would take all memory of a small machine.
AT_ONCE: Final = 2
_gate = threading.BoundedSemaphore(AT_ONCE)


class GatedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's argon2, with its parameters, for `AT_ONCE` passwords of a process at a time."""

    def encode(self, password: str, salt: str) -> str:
        """The hash, once it is its turn."""
        with _gate:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password, once it is its turn."""
        with _gate:
            return super().verify(password, encoded)
