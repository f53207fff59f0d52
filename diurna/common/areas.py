"""The line between what is the same for everyone and what belongs to one person."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

# Nothing outside these has a token, and reading there knows neither session nor cookie: a page out
# there is kept once and sent to everyone.
PRIVATE_PREFIXES = ("/account/", "/newsroom/")
API_PREFIX: Final = "/api/"
# Methods that only read (RFC 9110, 9.2.1); the others are unsafe.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_private(path: str) -> bool:
    """Whether the address belongs to one signed-in person: the desk and the account pages."""
    return path.startswith(PRIVATE_PREFIXES)


def knows_the_person(request: HttpRequest) -> bool:
    """Whether this request has session, user and messages.

    Under the private prefixes, and where somebody writes to a public address (a vote): what is
    read there stays the same for everyone.
    """
    return is_private(request.path) or request.method not in SAFE_METHODS


def is_desk(path: str) -> bool:
    """Whether the address is part of the desk."""
    return path.startswith("/newsroom/")


def is_api(path: str) -> bool:
    """Whether a program asks, which reads problem details better than a page."""
    return path.startswith(API_PREFIX)


def embed_hosts() -> tuple[str, ...]:
    """Hosts whose players may be framed once a reader has clicked, such as `www.youtube.com`."""
    return tuple(getattr(settings, "DIURNA_EMBED_HOSTS", ()))


def gif_origins() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where GIFs may be searched, and where they come from, once a reader has pressed.

    Both empty without a key of GIPHY.
    """
    if not settings.DIURNA_GIPHY_KEY:
        return (), ()
    return (settings.DIURNA_GIPHY_API,), settings.DIURNA_GIPHY_MEDIA
