"""What is public is sent small; what belongs to one person is not touched."""

import gzip

import brotli
import pytest
from django.test import Client

from diurna.delivery.compression import encoding_for
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0", ""),
        ("identity", ""),
        ("", ""),
        # RFC 9110, 12.5.3: weights, and a star for what is not named.
        ("br;q=0.5, gzip", "gzip"),
        ("gzip;q=0.8, br;q=0.8", "br"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=0.5, identity", ""),
        ("gzip, identity;q=0.5", "gzip"),
        ("identity;q=1, *;q=0", ""),
        ("br;q=1.001, gzip", "gzip"),
        ("br ; q=0, gzip ; q=0.001", "gzip"),
        ("brotli, gzipped", ""),
        (", ".join(["deflate"] * 100) + ", gzip", "gzip"),
    ],
)
def test_the_best_that_is_taken(accepted: str, expected: str) -> None:
    assert encoding_for(accepted) == expected


def test_a_page_is_the_same_in_every_encoding(client: Client) -> None:
    path = make_article("Crane", body=[("text", "<p>Rope.</p>" * 300)]).address_path()
    plain = client.get(path)
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    smaller = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(small.content) == plain.content
    assert brotli.decompress(smaller.content) == plain.content
    assert len(smaller.content) < len(plain.content) / 2
    for response in (plain, small, smaller):
        assert response["Vary"] == "Accept-Encoding"
    assert int(small["Content-Length"]) == len(small.content)


def test_the_same_page_is_always_the_same_bytes(client: Client) -> None:
    path = make_article("Crane", body=[("text", "<p>Rope.</p>" * 300)]).address_path()
    first, again = (client.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.content == again.content


def test_who_has_a_compressed_feed_already_gets_304(client: Client) -> None:
    make_article("Crane", body=[("text", "<p>Rope.</p>" * 300)])
    asked = {"Accept-Encoding": "br"}
    first = client.get("/feed/", headers=asked)
    assert first["Content-Encoding"] == "br"
    assert first["ETag"].startswith('W/"')
    again = client.get("/feed/", headers={**asked, "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_what_belongs_to_one_person_is_never_compressed(client: Client) -> None:
    make_article("Crane")
    response = client.get("/account/login/", headers={"Accept-Encoding": "gzip, br"})
    assert len(response.content) > 1024
    assert "Content-Encoding" not in response.headers
