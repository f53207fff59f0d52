"""Links that open one thing for whoever has them: its name, signed for one purpose.

Nothing is stored for them. Keys that were in use before (`SECRET_KEY_FALLBACKS`) are known still.
"""

from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer

# Letters, digits, "-" and "_" are what base64 is written in; mail programs break none of them.
_SEPARATOR: Final = "."
# Enough to be told apart on the telephone: one in four thousand million.
_REFERENCE_DIGITS: Final = 8


def token_of(name: UUID, *, purpose: str) -> str:
    """The name with its signature, to stand in an address."""
    return Signer(salt=purpose, sep=_SEPARATOR).sign(name.hex)


def name_in(token: str, *, purpose: str) -> UUID | None:
    """The name in such a token; None for one that was not signed here for this purpose."""
    try:
        return UUID(hex=Signer(salt=purpose, sep=_SEPARATOR).unsign(token))
    except (BadSignature, ValueError):
        return None


def reference_of(name: UUID) -> str:
    """Eight characters to call the thing by, such as `7C1F09AB`."""
    return name.hex[:_REFERENCE_DIGITS].upper()
