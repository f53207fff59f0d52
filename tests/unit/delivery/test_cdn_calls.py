"""What each kind of CDN is asked, over HTTP to a stub; its own machines are not at hand."""

import json
import logging
from collections.abc import Iterator

import pytest

from diurna.delivery.caching import Cdn
from diurna.delivery.cdn_calls import (
    Calls,
    Cloudflare,
    CloudFront,
    Fastly,
    PurgeFailed,
    Varnish,
    calls_of,
)
from tests.factories.cdn_stub import CdnStub, cdn_stub

KEYS = frozenset({"article-1", "front"})
SECRET = "hunter2"


@pytest.fixture
def stub() -> Iterator[CdnStub]:
    with cdn_stub() as running:
        yield running


def fastly(stub: CdnStub) -> Calls:
    return Fastly(Cdn(kind="fastly", service="SU1/Z", key=SECRET), api=stub.address)


def cloudflare(stub: CdnStub) -> Calls:
    return Cloudflare(Cdn(kind="cloudflare", service="zone1", key=SECRET), api=stub.address)


def cloudfront(stub: CdnStub) -> Calls:
    cdn = Cdn(kind="cloudfront", service="E1A2", key="AKIA", secret=SECRET)
    return CloudFront(cdn, api=stub.address)


def varnish(stub: CdnStub) -> Calls:
    cdn = Cdn(kind="varnish", host=stub.host, port=stub.port)
    return Varnish(cdn, site_url="https://news.example")


EACH = pytest.mark.parametrize("made", [fastly, cloudflare, cloudfront, varnish])


def test_fastly_is_asked_by_key(stub: CdnStub) -> None:
    fastly(stub).forget(KEYS)
    (call,) = stub.calls
    assert (call.method, call.path) == ("POST", "/service/SU1%2FZ/purge")
    assert call.headers["surrogate-key"] == "article-1 front"
    assert call.headers["fastly-key"] == SECRET
    # Soft would let the old page serve on.
    assert "fastly-soft-purge" not in call.headers


def test_fastly_is_asked_for_all(stub: CdnStub) -> None:
    fastly(stub).forget(None)
    assert stub.calls[0].path == "/service/SU1%2FZ/purge_all"


def test_cloudflare_is_asked_by_tag(stub: CdnStub) -> None:
    cloudflare(stub).forget(KEYS)
    (call,) = stub.calls
    assert (call.method, call.path) == ("POST", "/client/v4/zones/zone1/purge_cache")
    assert json.loads(call.body) == {"tags": ["article-1", "front"]}
    assert call.headers["authorization"] == f"Bearer {SECRET}"


def test_cloudflare_is_asked_for_all(stub: CdnStub) -> None:
    cloudflare(stub).forget(None)
    assert json.loads(stub.calls[0].body) == {"purge_everything": True}


@pytest.mark.parametrize("answer", [b'{"success": false}', b"[]", b"<html>Sign in", b""])
def test_what_cloudflare_did_not_do_has_failed(stub: CdnStub, answer: bytes) -> None:
    stub.answer = answer
    with pytest.raises(PurgeFailed):
        cloudflare(stub).forget(KEYS)


def test_a_varnish_is_asked_by_key_in_the_name_of_the_site(stub: CdnStub) -> None:
    varnish(stub).forget(KEYS)
    (call,) = stub.calls
    assert (call.method, call.path) == ("PURGE", "/")
    assert call.headers["surrogate-key"] == "article-1 front"
    assert call.headers["host"] == "news.example"


def test_a_varnish_is_asked_for_all(stub: CdnStub) -> None:
    varnish(stub).forget(None)
    assert "surrogate-key" not in stub.calls[0].headers


def test_cloudfront_is_asked_for_all_since_it_knows_no_keys(stub: CdnStub) -> None:
    stub.status, stub.answer = 201, b""
    cloudfront(stub).forget(KEYS)
    (call,) = stub.calls
    assert call.path.endswith("/distribution/E1A2/invalidation")
    assert b"<Items><Path>/*</Path></Items>" in call.body
    assert "AKIA" in call.headers["authorization"]


@pytest.mark.parametrize(("made", "most"), [(fastly, 256), (cloudflare, 30), (varnish, 50)])
def test_many_keys_are_asked_in_calls_that_each_takes(
    stub: CdnStub, made: type[Calls], most: int
) -> None:
    made(stub).forget(frozenset(f"article-{number}" for number in range(most + 1)))
    assert len(stub.calls) == 2
    asked = [
        key
        for call in stub.calls
        for key in (
            json.loads(call.body)["tags"] if call.body else call.headers["surrogate-key"].split()
        )
    ]
    assert len(set(asked)) == len(asked) == most + 1


@EACH
@pytest.mark.parametrize("status", [307, 401, 429, 500])
def test_a_refusal_is_a_failure_in_one_sentence_without_a_secret(
    stub: CdnStub, made: type[Calls], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="diurna")
    stub.status, stub.answer = status, SECRET.encode()
    with pytest.raises(PurgeFailed) as caught:
        made(stub).forget(KEYS)
    assert str(caught.value).endswith(".")
    assert SECRET not in str(caught.value) + caplog.text
    # A redirect would have taken the secret along.
    assert {call.path for call in stub.calls} != {"/elsewhere"}
    assert len(stub.calls) == 1


@EACH
def test_a_cdn_that_is_not_there_is_a_failure_without_a_secret(
    stub: CdnStub, made: type[Calls]
) -> None:
    calls = made(CdnStub(port=9))
    with pytest.raises(PurgeFailed) as caught:
        calls.forget(KEYS)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("fastly", Fastly),
        ("cloudflare", Cloudflare),
        ("cloudfront", CloudFront),
        ("varnish", Varnish),
    ],
)
def test_each_kind_of_the_setting_has_its_calls(kind: str, expected: type[Calls]) -> None:
    cdn = Cdn(kind=kind, service="s", key="k", secret="x", host="127.0.0.1")
    assert isinstance(calls_of(cdn, site_url="https://news.example"), expected)
