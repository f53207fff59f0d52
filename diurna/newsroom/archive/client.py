"""The one client that asks other sites for what stories cite."""

from importlib.metadata import version
from typing import Final

from django.conf import settings

from diurna.common.http_client import GuardedClient

# A page with a long report is 2 MB; a file of a public body is seldom more than this.
MAX_BYTES: Final = 10_000_000
SECONDS: Final = 30.0


def open_client() -> GuardedClient:
    """A client that says who asks: the newsroom's address, so that a site can ask back."""
    return GuardedClient(
        user_agent=f"Diurna/{version('diurna')} (a newsroom; {settings.DIURNA_SITE_URL})"
    )


def tool() -> str:
    """What makes the copies, as it stands in them."""
    return f"Diurna {version('diurna')}, warcio {version('warcio')}"
