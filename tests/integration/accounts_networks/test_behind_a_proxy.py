"""Votes through the whole WSGI stack: behind no proxy, a named one, and one that nobody named."""

import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from diurna.delivery.proxies import TrustedProxies
from diurna.newsroom.models import Article
from diurna.operations import networks
from diurna.points.models import Cast, Reason
from diurna.points.models.settings import NETWORK_LIMIT
from tests.factories.newsroom import make_article

PROXY = "10.0.0.7"
Vote = Callable[..., dict[str, Any]]


def voting(article: Article, settings: LazySettings, trusted: str) -> Vote:
    """Votes of new guests, as the server hands them to the outermost layer."""
    settings.DIURNA_TRUSTED_PROXIES = (ip_network(trusted),) if trusted else ()
    application = TrustedProxies(get_wsgi_application(), settings.DIURNA_TRUSTED_PROXIES)

    def vote(remote: str, forwarded: str = "", value: int = 1) -> dict[str, Any]:
        body = json.dumps({"value": value}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "PUT",
            "PATH_INFO": f"/api/v1/articles/{article.uuid}/vote",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": remote,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
        }
        if forwarded:
            environ["HTTP_X_FORWARDED_FOR"] = forwarded
        return answer_of(application, environ)

    return vote


def answer_of(application: Any, environ: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an answer, which has to be 200."""
    seen: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]], _error: Any = None) -> None:
        seen.append(status)

    parts: Iterable[bytes] = application(environ, start)
    body = b"".join(parts)
    assert seen == [f"{HTTPStatus.OK.value} OK"], body
    answer: dict[str, Any] = json.loads(body)
    return answer


def is_red() -> bool:
    """Whether `doctor` has something to say about networks."""
    return any(not finding.well for finding in networks.examine_rests())


@pytest.fixture
def article(db: None) -> Iterator[Article]:
    """An article, in a transaction that no request ends by closing its connection."""
    request_started.disconnect(close_old_connections)
    yield make_article()
    request_started.connect(close_old_connections)


def test_without_a_proxy_the_eleventh_guest_of_a_network_does_not_count(
    article: Article, settings: LazySettings
) -> None:
    vote = voting(article, settings, trusted="")
    said = [vote("8.8.8.8") for _ in range(NETWORK_LIMIT + 1)]
    assert [one["counted"] for one in said] == [True] * NETWORK_LIMIT + [False]
    assert said[-1]["reason"] == Reason.NETWORK
    assert said[-1]["sentence"]
    assert vote("9.9.9.9")["counted"]
    assert not is_red()


@pytest.mark.parametrize("remote", ["127.0.0.1", PROXY, "8.8.4.4"])
def test_behind_a_proxy_with_nothing_set_the_eleventh_guest_still_counts(
    remote: str, article: Article, settings: LazySettings
) -> None:
    vote = voting(article, settings, trusted="")
    assert not is_red()
    said = [vote(remote, forwarded="8.8.8.8") for _ in range(NETWORK_LIMIT + 3)]
    assert all(one["counted"] for one in said)
    assert is_red()


def test_behind_another_proxy_than_the_named_one_it_still_counts(
    article: Article, settings: LazySettings
) -> None:
    vote = voting(article, settings, trusted="10.0.0.99")
    said = [vote(PROXY, forwarded="8.8.8.8") for _ in range(NETWORK_LIMIT + 3)]
    assert all(one["counted"] for one in said)
    assert is_red()


def test_behind_a_named_proxy_the_rules_are_about_the_forwarded_address(
    article: Article, settings: LazySettings
) -> None:
    vote = voting(article, settings, trusted=PROXY)
    crowd = [vote(PROXY, forwarded=f"8.8.8.{host}") for host in range(1, NETWORK_LIMIT + 2)]
    assert [one["counted"] for one in crowd] == [True] * NETWORK_LIMIT + [False]
    others = [vote(PROXY, forwarded=f"9.9.{net}.1") for net in range(NETWORK_LIMIT + 1)]
    assert all(one["counted"] for one in others)
    # What a client writes left of its own address proves nothing.
    assert not vote(PROXY, forwarded="9.9.77.1, 8.8.8.200")["counted"]
    assert not is_red()


def test_a_forged_header_from_elsewhere_changes_nothing(
    article: Article, settings: LazySettings
) -> None:
    vote = voting(article, settings, trusted=PROXY)
    forged = [vote("8.8.8.8", forwarded=f"9.9.{net}.1") for net in range(1, NETWORK_LIMIT + 2)]
    assert [one["counted"] for one in forged] == [True] * NETWORK_LIMIT + [False]
    assert not is_red()
    # The networks that were named there have not voted.
    assert vote(PROXY, forwarded="9.9.1.1")["counted"]
    assert Cast.objects.values("network").distinct().count() == 2


def test_no_address_is_stored(article: Article, settings: LazySettings) -> None:
    voting(article, settings, trusted=PROXY)(PROXY, forwarded="8.8.8.8")
    stored = Cast.objects.values().get()
    assert stored["network"] is not None
    assert not any("8.8.8" in str(value) for value in stored.values())
    assert int.from_bytes(bytes([8, 8, 8])) not in stored.values()
    assert int.from_bytes(bytes([8, 8, 8, 8])) not in stored.values()
