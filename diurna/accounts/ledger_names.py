"""Under which name a reader stands in the log: another one for each article, known to nobody else.

Imports no Django: the names are defined by `docs/reference/ledger.md` alone.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Final

KEY_SIZE: Final = 32
# The first 16 bytes of the HMAC, base64url without padding.
NAME_BYTES: Final = 16
NAME_LENGTH: Final = 22


def new_key() -> bytes:
    """A key for the names of one reader; who destroys it cuts every tie to the log."""
    return secrets.token_bytes(KEY_SIZE)


def voter_name(key: bytes, on: str) -> str:
    """The name of the reader with this key on one target (`article:<uuid>`), 22 characters."""
    digest = hmac.digest(key, on.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest[:NAME_BYTES]).rstrip(b"=").decode()
