"""Whose word is believed about who is asking."""

from ipaddress import ip_network
from typing import Any

import pytest

from diurna.delivery.proxies import FORWARDED_HEADERS, TrustedProxies, client_address

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("::1"))


def passed_on(trusted: tuple[Any, ...], **environ: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        return []

    TrustedProxies(application, trusted)({"wsgi.url_scheme": "http", **environ}, lambda *_: None)
    return seen


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.0.0.1", "10.2.2.2", "10.2.2.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, garbage", "10.0.0.1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_proxy_of_ours(
    remote: str, forwarded: str, client: str
) -> None:
    assert client_address(remote, forwarded, TRUSTED) == client


def test_a_stranger_is_not_believed() -> None:
    seen = passed_on(
        TRUSTED,
        REMOTE_ADDR="203.0.113.9",
        HTTP_X_FORWARDED_FOR="127.0.0.1",
        HTTP_X_FORWARDED_PROTO="https",
    )
    assert seen["REMOTE_ADDR"] == "203.0.113.9"
    assert seen["wsgi.url_scheme"] == "http"


def test_a_proxy_of_ours_is_believed() -> None:
    seen = passed_on(
        TRUSTED,
        REMOTE_ADDR="::1",
        HTTP_X_FORWARDED_FOR="203.0.113.9",
        HTTP_X_FORWARDED_PROTO="https",
    )
    assert seen["REMOTE_ADDR"] == "203.0.113.9"
    assert seen["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_nothing_behind_sees_the_headers(trusted: tuple[Any, ...]) -> None:
    seen = passed_on(trusted, REMOTE_ADDR="10.0.0.1", **dict.fromkeys(FORWARDED_HEADERS, "x"))
    assert not set(FORWARDED_HEADERS) & set(seen)
