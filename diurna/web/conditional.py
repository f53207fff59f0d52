"""Answers for machines that come again and again: kept by others, and not sent twice.

Feeds, sitemaps and the API carry `ETag` and, where a time is known, `Last-Modified`; who has the
same already gets 304 (RFC 9110, section 13).
"""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date

from diurna.delivery import surrogate
from diurna.newsroom.models import PublicRevision

# May be kept, and is asked for again each time: a publication is never served stale.
_ALWAYS_ASK = "public, max-age=0, must-revalidate"


def conditional(
    request: HttpRequest,
    response: HttpResponse,
    *,
    keys: Iterable[str],
    modified: datetime | None = None,
) -> HttpResponse:
    """The response with its surrogate keys and validators, or 304 for who has it already."""
    response.headers.setdefault("Cache-Control", _ALWAYS_ASK)
    surrogate.tag(response, *keys)
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    set_response_etag(response)
    answer = get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=int(modified.timestamp()) if modified else None,
        response=response,
    )
    if answer is None:
        return response
    surrogate.tag(answer, *keys)
    return answer


def latest_change() -> datetime | None:
    """When any article last became, changed or ceased to be public; None before the first."""
    return PublicRevision.objects.order_by("-at").values_list("at", flat=True).first()
