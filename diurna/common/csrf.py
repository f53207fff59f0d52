"""One rule against forged requests for each side of the line.

Desk and account pages carry Django's token. Public pages are the same for everyone and cannot: for
them the browser's own word decides, `Sec-Fetch-Site` first, then `Origin`, as Go's
`net/http.CrossOriginProtection` does (algorithm: words.filippo.io/csrf, Go 1.25).
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from diurna.common.areas import SAFE_METHODS, is_api, is_private
from diurna.common.problems import PROBLEM_TYPE, problem

# "none" is a request that the person made, such as a typed address; "same-site" is not enough:
# a neighbouring sub-domain may be somebody else's.
OWN_FETCH_SITES = frozenset({"same-origin", "none"})


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that an unsafe request was made by another site.

    Neither header: not a browser of the last years (all send at least `Origin` with a POST), so
    there are no cookies of a visitor to misuse.
    """
    if request.method in SAFE_METHODS:
        return False
    # Not `request.headers`, which translates all of them first: this is asked for every vote.
    return was_made_elsewhere(request.META, request.get_host)


def was_made_elsewhere(meta: Mapping[str, Any], own_host: Callable[[], str]) -> bool:
    """The same of an unsafe request that is no more than its WSGI environment."""
    fetch_site = meta.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        return fetch_site not in OWN_FETCH_SITES
    origin = meta.get("HTTP_ORIGIN")
    if origin is None:
        return False
    # Only the host is compared: behind a proxy that ends TLS the scheme seen here may differ.
    return urlsplit(origin).netloc.lower() != own_host().lower()


class CrossSiteProtection(CsrfViewMiddleware):
    """Django's token under the private addresses, the browser's word everywhere else."""

    def process_request(self, request: HttpRequest) -> None:
        """Read the token's cookie where there is one to read."""
        if is_private(request.path):
            super().process_request(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        """Refuse what another site has made this browser send."""
        if is_private(request.path):
            return super().process_view(request, callback, callback_args, callback_kwargs)
        if comes_from_elsewhere(request):
            return refusal(request)
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Set the token's cookie under the private addresses only."""
        if is_private(request.path):
            return super().process_response(request, response)
        return response


def refusal(request: HttpRequest, reason: str = "") -> HttpResponseForbidden:
    """The answer to a forged request; also Django's `CSRF_FAILURE_VIEW`.

    Problem details under the API, else plain words without a template: nothing that belongs to a
    person is shown to a page that may have been opened by somebody else.
    """
    sentence = _(
        "This request did not come from this site, or the page was open for too long. "
        "Go back, load the page again and try once more."
    )
    if is_api(request.path):
        details = problem(HTTPStatus.FORBIDDEN, sentence, code="cross_site")
        return HttpResponseForbidden(details.content, content_type=PROBLEM_TYPE)
    return HttpResponseForbidden(sentence, content_type="text/plain; charset=utf-8")
