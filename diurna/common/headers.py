"""What every response says to the browser about what it may do.

Django's `SecurityMiddleware` sends the referrer policy, `nosniff`, the opener policy and, under
HTTPS, HSTS. This adds the content security policy, the permissions policy and, for what belongs to
one person, the word that nobody keeps it.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from diurna.common.areas import embed_hosts, gif_origins, is_desk, is_private

CSP = "Content-Security-Policy"

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("browsing-topics", "camera", "geolocation", "microphone", "payment", "usb")
)

Directives = dict[str, tuple[str, ...]]


def media_sources() -> tuple[str, ...]:
    """Where pictures, sound and film come from: this site, and a media store elsewhere."""
    store = urlsplit(settings.MEDIA_URL)
    return ("'self'", f"{store.scheme}://{store.netloc}") if store.netloc else ("'self'",)


def reader_policy() -> Directives:
    """For pages that are kept: no nonce is possible, so no inline script or style either."""
    frames = tuple(f"https://{host}" for host in embed_hosts()) or ("'none'",)
    searched, shown = gif_origins()
    return {
        "default-src": ("'none'",),
        "script-src": ("'self'",),
        "style-src": ("'self'",),
        "img-src": (*media_sources(), *shown, "data:"),
        "media-src": media_sources(),
        "font-src": ("'self'",),
        "connect-src": ("'self'", *searched),
        "manifest-src": ("'self'",),
        "frame-src": frames,
        "form-action": ("'self'",),
        "base-uri": ("'none'",),
        "frame-ancestors": ("'none'",),
    }


def desk_policy() -> Directives:
    """For Wagtail's desk.

    Wagtail 8 still writes inline scripts (date and time choosers, inline panels) and its editor
    inline styles, so both are allowed here; everything else stays with this site.
    """
    return {
        **reader_policy(),
        "script-src": ("'self'", "'unsafe-inline'"),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": (*media_sources(), "data:", "blob:"),
        "connect-src": ("'self'",),
        "frame-src": ("'self'", *(f"https://{host}" for host in embed_hosts())),
        "frame-ancestors": ("'self'",),
    }


def preview_policy() -> Directives:
    """For a reader page that the desk shows in a frame before it is published."""
    return {**reader_policy(), "frame-ancestors": ("'self'",)}


def written(policy: Directives) -> str:
    """The policy as the header wants it."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


class SecurityHeaders:
    """Adds the policies to every response that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with the policies."""
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if not is_desk(request.path):
            headers.setdefault(CSP, written(reader_policy()))
        elif headers.get(CSP) == written(reader_policy()):
            # Wagtail makes a preview by asking for the public page within the desk's own request:
            # the page comes back with a reader page's policy, and only the frame has to be allowed.
            headers[CSP] = written(preview_policy())
        else:
            headers.setdefault(CSP, written(desk_policy()))
        if is_private(request.path):
            headers.setdefault("Cache-Control", "private, no-store")
        return response
