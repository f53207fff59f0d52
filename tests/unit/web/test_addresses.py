"""Whole addresses are what `urljoin` makes of them."""

from typing import Any
from urllib.parse import urljoin

import pytest

from diurna.web.addresses import absolute


@pytest.mark.parametrize("site", ["https://example.org", "https://example.org:8443"])
@pytest.mark.parametrize(
    "address",
    ["/", "/a/b/?c=d#e", "/a/../b/", "/.well-known/x", "//elsewhere.example/a", "a/b", "", "#x",
     "https://elsewhere.example/a", "/media/images/1.width-1200.jpg", "/a/./b"],
)  # fmt: skip
def test_an_address_is_joined_to_the_site(site: str, address: str, settings: Any) -> None:
    settings.DIURNA_SITE_URL = site
    assert absolute(address) == urljoin(f"{site}/", address)
