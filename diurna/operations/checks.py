"""Django system checks for what can be misconfigured and still start."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning


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


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".invalid", ".test")):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False
