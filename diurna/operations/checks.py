"""Django system checks for what can be misconfigured and still start."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

# What fills the index that `newsroom.search.asking` asks.
SEARCH_BACKEND: Final = "diurna.newsroom.search.backend"


def public_site_has_https(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """diurna.W001: a site that others can reach is served without encryption."""
    parts = urlsplit(settings.DIURNA_SITE_URL)
    if parts.scheme == "https" or _is_private(parts.hostname or ""):
        return []
    return [
        Warning(
            f"The site's public address, {settings.DIURNA_SITE_URL}, has no HTTPS: passwords and"
            " sessions cross the network in the clear.",
            hint="Put a proxy with a certificate in front and set SITE_URL to the https address.",
            id="diurna.W001",
        )
    ]


def search_asks_the_database(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """diurna.E001: readers' search asks an index that nobody fills, and finds nothing."""
    backends = getattr(settings, "WAGTAILSEARCH_BACKENDS", {})
    if backends.get("default", {}).get("BACKEND") == SEARCH_BACKEND:
        return []
    return [
        Error(
            "Readers' search asks the database, and WAGTAILSEARCH_BACKENDS has another back end"
            " under the name “default”, so that nothing would be found.",
            hint=f"Set {SEARCH_BACKEND} under “default”; another one may stand beside it under a"
            " name of its own, and is filled too.",
            id="diurna.E001",
        )
    ]


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".invalid", ".test")):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False
