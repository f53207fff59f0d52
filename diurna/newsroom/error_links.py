"""How an error report is called, and the signed link by which whoever made it reads the outcome."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from diurna.common import signed_names
from diurna.newsroom.models import ErrorReport

_PURPOSE: Final = "diurna.newsroom.error_report"


def reference_of(report: ErrorReport) -> str:
    """Eight characters to name the report by, such as `7C1F09AB`."""
    return signed_names.reference_of(report.uuid)


def path_of(report: ErrorReport) -> str:
    """The path of its receipt."""
    token = signed_names.token_of(report.uuid, purpose=_PURPOSE)
    return reverse("error-receipt", args=[token])


def page_of(report: ErrorReport) -> str:
    """The same as a whole address."""
    return f"{settings.DIURNA_SITE_URL}{path_of(report)}"


def name_in(token: str) -> UUID | None:
    """The name of the report that a receipt is for, be it there or not; None for no receipt."""
    return signed_names.name_in(token, purpose=_PURPOSE)
