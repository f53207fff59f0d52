"""How a notice of illegal content is called, and the signed link by which its giver reads it."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from diurna.moderation.models import Notice

_SALT: Final = "diurna.moderation.notice"
# Letters, digits, "-" and "_" are what base64 is written in; mail programs break none of them.
_SEPARATOR: Final = "."
# Enough to be told apart on the telephone: one in four thousand million.
_REFERENCE_DIGITS: Final = 8


def reference_of(notice: Notice) -> str:
    """Eight characters to name the notice by, such as `7C1F09AB`."""
    return notice.uuid.hex[:_REFERENCE_DIGITS].upper()


def path_of(notice: Notice) -> str:
    """The path of the page on which its giver reads what became of it."""
    token = Signer(salt=_SALT, sep=_SEPARATOR).sign(notice.uuid.hex)
    return reverse("notice", args=[token])


def page_of(notice: Notice) -> str:
    """The same as a whole address."""
    return f"{settings.DIURNA_SITE_URL}{path_of(notice)}"


def notice_of(token: str) -> Notice | None:
    """The notice behind such a link; None for a link that is none."""
    try:
        uuid = UUID(hex=Signer(salt=_SALT, sep=_SEPARATOR).unsign(token))
    except (BadSignature, ValueError):
        return None
    return Notice.objects.select_related("article").filter(uuid=uuid).first()
