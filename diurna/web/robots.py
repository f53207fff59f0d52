"""What crawlers are told: where to look, and that the demonstration is nothing to be found."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from diurna.common.areas import PRIVATE_PREFIXES
from diurna.web.addresses import absolute
from diurna.web.conditional import conditional

KEEP_OUT = "User-agent: *\nDisallow: /\n"


def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt` (RFC 9309)."""
    text = KEEP_OUT if settings.DIURNA_DEMO else _rules()
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return conditional(request, response, keys=["robots"])


def _rules() -> str:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}" for prefix in PRIVATE_PREFIXES]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}"]
    lines += [f"Sitemap: {absolute('/news-sitemap.xml')}"]
    return "\n".join(lines) + "\n"


class DemonstrationIsNoNews:
    """Says `noindex` with every answer of the demonstration: its articles are made up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with `X-Robots-Tag` on a demonstration."""
        response = self.get_response(request)
        if settings.DIURNA_DEMO:
            response.headers["X-Robots-Tag"] = "noindex"
        return response
