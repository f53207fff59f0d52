"""Where a write comes from: HMACs of network, address and sending site, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import RequestFactory

from diurna.accounts.network_keys import KEY_USED
from diurna.accounts.networks import Origin, origin_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIGNED_64 = range(-(2**63), 2**63)

pytestmark = pytest.mark.django_db


def origin(address: str, **environ: Any) -> Origin:
    return origin_of(RequestFactory().put("/", REMOTE_ADDR=address, **environ))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.7", "198.51.100.200", True),
        ("198.51.100.7", "198.51.101.7", False),
        ("::ffff:198.51.100.7", "198.51.100.200", True),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
    ],
)
def test_a_network_is_a_24_or_a_48(one: str, other: str, same: bool) -> None:
    first, second = origin(one), origin(other)
    assert first.network in SIGNED_64
    assert first.address in SIGNED_64
    assert (first.network == second.network) is same
    assert first.address != second.address
    assert first.address != first.network


def test_the_same_address_is_the_same_however_it_is_written() -> None:
    assert origin("2001:db8::1").address == origin("2001:0DB8:0:0::0001").address
    assert origin("::ffff:198.51.100.7").address == origin("198.51.100.7").address


@pytest.mark.parametrize("address", ["", "unix:", "somewhere", "198.51.100"])
def test_without_an_address_there_is_no_network(address: str) -> None:
    found = origin(address)
    assert found.network is found.address is found.earlier_network is None


def test_after_the_key_was_replaced_the_network_is_known_by_its_earlier_name() -> None:
    with time_machine.travel(NOW, tick=False):
        before = origin("198.51.100.7")
    with time_machine.travel(NOW + KEY_USED, tick=False):
        after = origin("198.51.100.7")
    assert before.earlier_network is None
    assert after.network != before.network
    assert after.address != before.address
    assert after.earlier_network == before.network
    with time_machine.travel(NOW + 2 * KEY_USED + timedelta(seconds=1), tick=False):
        assert before.network not in vars(origin("198.51.100.7")).values()


@pytest.mark.parametrize(
    ("headers", "is_known"),
    [
        ({}, False),
        ({"HTTP_REFERER": "https://forum.example/thread/7"}, True),
        ({"HTTP_REFERER": "https://FORUM.example:8443/"}, True),
        ({"HTTP_REFERER": "https://news.example/world/a-story/"}, False),
        ({"HTTP_REFERER": "http://testserver/world/a-story/"}, False),
        ({"HTTP_REFERER": "nonsense"}, True),
        ({"HTTP_REFERER": "http://[broken"}, False),
        ({"HTTP_REFERER": f"https://{'x' * 300}.example/"}, False),
        (
            {
                "HTTP_REFERER": "https://news.example/world/a-story/",
                "HTTP_CAME_FROM": "forum.example",
            },
            True,
        ),
        ({"HTTP_CAME_FROM": "news.example"}, False),
    ],
)
def test_only_another_site_is_a_referrer(
    headers: dict[str, str], is_known: bool, settings: LazySettings
) -> None:
    settings.DIURNA_SITE_URL = "https://news.example"
    found = origin("198.51.100.7", **headers).referrer
    assert (found is not None) is is_known
    assert found is None or found in SIGNED_64


def test_a_site_is_the_same_from_any_of_its_pages() -> None:
    pages = ("https://forum.example/a", "http://forum.example/b?c=d", "https://Forum.Example:1/")
    found = {origin("198.51.100.7", HTTP_REFERER=page).referrer for page in pages}
    assert len(found) == 1
    assert origin("198.51.100.7", HTTP_CAME_FROM="forum.example").referrer in found
