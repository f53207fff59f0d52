"""The line between what is the same for everyone and what belongs to one person."""

from django.conf import settings

# Nothing outside these has a session, a token or a cookie: a page out there is kept once and sent
# to everyone.
PRIVATE_PREFIXES = ("/account/", "/newsroom/")


def is_private(path: str) -> bool:
    """Whether the address belongs to one signed-in person: the desk and the account pages."""
    return path.startswith(PRIVATE_PREFIXES)


def is_desk(path: str) -> bool:
    """Whether the address is part of the desk."""
    return path.startswith("/newsroom/")


def embed_hosts() -> tuple[str, ...]:
    """Hosts whose players may be framed once a reader has clicked, such as `www.youtube.com`."""
    return tuple(getattr(settings, "DIURNA_EMBED_HOSTS", ()))
