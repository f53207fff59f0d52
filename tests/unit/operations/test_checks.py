"""What can be misconfigured and still start."""

import pytest
from pytest_django.fixtures import Settings

from diurna.operations.checks import public_site_has_https


@pytest.mark.parametrize(
    ("site_url", "warns"),
    [
        ("http://news.example", True),
        ("http://203.0.113.9", False),
        ("http://8.8.8.8", True),
        ("https://news.example", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://192.168.1.5:8000", False),
    ],
)
def test_a_public_site_without_https_is_warned_of(
    settings: Settings, site_url: str, warns: bool
) -> None:
    settings.DIURNA_SITE_URL = site_url
    messages = public_site_has_https()
    assert [message.id for message in messages] == (["diurna.W001"] if warns else [])
