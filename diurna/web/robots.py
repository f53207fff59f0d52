"""What crawlers are told: where to look, and that a demonstration or a copy is not to be found."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from diurna.common.areas import PRIVATE_PREFIXES
from diurna.web.addresses import absolute
from diurna.web.conditional import conditional

KEEP_OUT = "User-agent: *\nDisallow: /\n"


def is_no_news() -> bool:
    """Whether this is no site of its own: the demonstration, or a copy to try things on."""
    return bool(settings.DIURNA_DEMO or settings.DIURNA_COPY)


def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt` (RFC 9309)."""
    text = KEEP_OUT if is_no_news() else _rules()
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return conditional(request, response, keys=["robots"])


def _rules() -> str:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}" for prefix in PRIVATE_PREFIXES]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}"]
    lines += [f"Sitemap: {absolute('/news-sitemap.xml')}"]
    return "\n".join(lines) + "\n"


class DemonstrationIsNoNews:
    """Says `noindex` with every answer of what is no news."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with `X-Robots-Tag` on what is no news."""
        response = self.get_response(request)
        if is_no_news():
            response.headers["X-Robots-Tag"] = "noindex"
        return response
