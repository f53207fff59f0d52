"""The signed links of letters: each opens one door, for who got the letter.

Without a session or a cookie, since a letter is read where nobody is signed in.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

from diurna.accounts.models import User
from diurna.comments.models import LetterAddress, Subscription

# As long as an account's own confirmation (config/settings/signin.py).
CONFIRMATION_LIVES: Final = timedelta(days=3)

# Whom letters go to: an account, or the address of a guest.
Recipient = User | LetterAddress

_OFF: Final = "diurna.letters.off"
_SETTINGS: Final = "diurna.letters.settings"
_CONFIRM: Final = "diurna.letters.confirm"
# Letters, digits, "-" and "_" are what base64 is written in; mail programs break none of them.
_SEPARATOR: Final = "."
_KINDS: Final[dict[str, type[User] | type[LetterAddress] | type[Subscription]]] = {
    "s": Subscription,
    "u": User,
    "a": LetterAddress,
}


def end_link(what: Subscription | Recipient) -> str:
    """The address that ends one subscription, or all of a reader, with one POST (RFC 8058)."""
    kind = next(kind for kind, model in _KINDS.items() if isinstance(what, model))
    token = Signer(salt=_OFF, sep=_SEPARATOR).sign(f"{kind}{what.uuid.hex}")
    return _public(reverse("account_unsubscribe", args=[token]))


def what_ends(token: str) -> Subscription | Recipient | None:
    """What such a link ends; None where that is gone already. Raises BadSignature."""
    told = Signer(salt=_OFF, sep=_SEPARATOR).unsign(token)
    model = _KINDS.get(told[:1])
    uuid = _uuid(told[1:])
    if model is None:
        raise BadSignature("No such kind.")
    found: Subscription | Recipient | None = model._default_manager.filter(uuid=uuid).first()
    return found


def settings_link(recipient: Recipient) -> str:
    """The page of all that somebody has subscribed to; members sign in there."""
    if isinstance(recipient, User):
        return _public(reverse("account_notifications"))
    token = Signer(salt=_SETTINGS, sep=_SEPARATOR).sign(recipient.uuid.hex)
    return _public(reverse("account_notifications_guest", args=[token]))


def settings_of(token: str) -> LetterAddress | None:
    """Whose page it is; None where the address is gone. Raises BadSignature."""
    uuid = _uuid(Signer(salt=_SETTINGS, sep=_SEPARATOR).unsign(token))
    return LetterAddress.objects.filter(uuid=uuid).first()


def confirmation_link(address: LetterAddress) -> str:
    """The page on which the owner of an address says yes; it works for three days."""
    token = TimestampSigner(salt=_CONFIRM, sep=_SEPARATOR).sign(address.uuid.hex)
    return _public(reverse("account_notifications_confirm", args=[token]))


def confirmation_of(token: str) -> LetterAddress | None:
    """Whose it is; None where nothing waits for it. Raises BadSignature, also when it is old."""
    signer = TimestampSigner(salt=_CONFIRM, sep=_SEPARATOR)
    uuid = _uuid(signer.unsign(token, max_age=CONFIRMATION_LIVES))
    return LetterAddress.objects.filter(uuid=uuid).first()


def _uuid(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError as error:
        raise BadSignature("No name.") from error


def _public(path: str) -> str:
    return f"{settings.DIURNA_SITE_URL}{path}"
