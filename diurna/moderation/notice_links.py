"""How a notice of illegal content is called, and the signed link by which its giver reads it."""

from typing import Final

from django.conf import settings
from django.urls import reverse

from diurna.common import signed_names
from diurna.moderation.models import Notice

_PURPOSE: Final = "diurna.moderation.notice"


def reference_of(notice: Notice) -> str:
    """Eight characters to name the notice by, such as `7C1F09AB`."""
    return signed_names.reference_of(notice.uuid)


def path_of(notice: Notice) -> str:
    """The path of the page on which its giver reads what became of it."""
    return reverse("notice", args=[signed_names.token_of(notice.uuid, purpose=_PURPOSE)])


def page_of(notice: Notice) -> str:
    """The same as a whole address."""
    return f"{settings.DIURNA_SITE_URL}{path_of(notice)}"


def notice_of(token: str) -> Notice | None:
    """The notice behind such a link; None for a link that is none."""
    name = signed_names.name_in(token, purpose=_PURPOSE)
    if name is None:
        return None
    return Notice.objects.select_related("article").filter(uuid=name).first()
