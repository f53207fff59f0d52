"""What can be misconfigured and still start."""

import pytest
from pytest_django.fixtures import Settings

from diurna.operations.checks import (
    SEARCH_BACKEND,
    public_site_has_https,
    search_asks_the_database,
)


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


def test_a_search_that_would_find_nothing_is_an_error(settings: Settings) -> None:
    """What readers ask is the database, whatever else is filled."""
    assert search_asks_the_database() == []
    opensearch = {"BACKEND": "modelsearch.backends.opensearch3"}
    settings.WAGTAILSEARCH_BACKENDS = {"default": opensearch}
    assert [message.id for message in search_asks_the_database()] == ["diurna.E001"]
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": SEARCH_BACKEND},
        "beside": opensearch,
    }
    assert search_asks_the_database() == []
