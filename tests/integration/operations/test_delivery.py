"""What doctor and /metrics say of kept pages, other machines and a CDN."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from diurna.delivery import keeping
from diurna.delivery.caching import Cdn
from diurna.delivery.touches import TouchRing
from diurna.operations import delivery
from diurna.operations.delivery import examine_delivery
from diurna.operations.findings import Finding
from tests.factories.cdn_stub import CdnStub, cdn_stub
from tests.factories.delivery import page_store

pytestmark = pytest.mark.django_db


def finding(home: Path, code: str) -> Finding | None:
    return next((one for one in examine_delivery(home) if one.code == code), None)


@pytest.fixture
def several_machines(settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, cache_url="redis://127.0.0.1:9/0")


@pytest.fixture
def stub(settings: Settings) -> Iterator[CdnStub]:
    with cdn_stub() as running:
        settings.DIURNA_DELIVERY_CDN = Cdn(kind="varnish", host=running.host, port=running.port)
        yield running


def test_where_pages_can_be_kept_doctor_says_how_many(tmp_path: Path) -> None:
    TouchRing(tmp_path / "run" / "touches").close()
    said = finding(tmp_path, "D026")
    assert said is not None
    assert said.well
    assert "128 MB" in said.sentence


def test_doctor_makes_no_ring_that_the_site_could_not_open(tmp_path: Path) -> None:
    said = finding(tmp_path, "D026")
    assert said is not None
    assert said.well
    assert not (tmp_path / "run").exists()


def test_a_ring_that_cannot_be_mapped_is_to_be_done(tmp_path: Path) -> None:
    (tmp_path / "run" / "touches").mkdir(parents=True)
    said = finding(tmp_path, "D026")
    assert said is not None
    assert not said.well
    assert "touches cannot be mapped (Is a directory)" in said.sentence


def test_a_store_that_is_switched_off_is_an_option(settings: Settings, tmp_path: Path) -> None:
    settings.DIURNA_DELIVERY_MEMORY = 0
    said = finding(tmp_path, "D026")
    assert said is not None
    assert (said.well, said.optional) == (True, True)
    assert "DELIVERY_MEMORY" in said.sentence


def test_one_machine_has_nobody_to_hear(tmp_path: Path) -> None:
    assert finding(tmp_path, "D027") is None


@pytest.mark.parametrize(("ago", "well"), [(0, True), (5, False)])
def test_a_machine_that_hears_nobody_is_to_be_done(
    several_machines: None, tmp_path: Path, ago: int, well: bool
) -> None:
    TouchRing(tmp_path / "run" / "touches").know(time.monotonic_ns() - ago * 10**9)
    said = finding(tmp_path, "D027")
    assert said is not None
    assert said.well is well
    assert ("CACHE_URL" in said.sentence) is not well


def test_before_the_first_start_nothing_is_wrong(several_machines: None, tmp_path: Path) -> None:
    said = finding(tmp_path, "D027")
    assert said is not None
    assert said.well


def test_a_cdn_is_asked_with_a_key_that_no_page_has(stub: CdnStub, tmp_path: Path) -> None:
    said = finding(tmp_path, "D028")
    assert said is not None
    assert said.well
    assert stub.calls[0].headers["surrogate-key"] == "doctor"


def test_a_cdn_that_does_not_listen_is_to_be_done(stub: CdnStub, tmp_path: Path) -> None:
    stub.status = 403
    said = finding(tmp_path, "D028")
    assert said is not None
    assert not said.well
    assert "status 403" in said.sentence
    assert "10 seconds" in said.sentence


def test_cloudfront_is_not_emptied_to_ask(settings: Settings, tmp_path: Path) -> None:
    settings.DIURNA_DELIVERY_CDN = Cdn(kind="cloudfront", service="E1", key="k", secret="s")
    said = finding(tmp_path, "D028")
    assert said is not None
    assert said.well


def metrics_of(client: Client) -> str:
    return client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()


def test_the_figures_of_the_store_are_metrics(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "diurna_pages_" not in metrics_of(client)
    monkeypatch.setattr(keeping, "figures", lambda: {"hits": 7, "overtaken": 1, "bytes": 4096})
    text = metrics_of(client)
    assert "diurna_pages_hits_total 7.0" in text
    assert "diurna_pages_overtaken_total 1.0" in text
    assert "diurna_pages_bytes 4096.0" in text
    assert "diurna_relay_" not in text


def test_every_figure_of_the_store_has_its_metric(tmp_path: Path) -> None:
    pages = page_store(lambda _environ, _start: [], tmp_path)
    assert set(keeping._figures(pages)) == {*delivery._COUNTED, *delivery._STATES}


def test_whether_the_machines_hear_one_another_is_a_metric(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(keeping, "figures", lambda: {"hits": 7})
    ring = TouchRing(tmp_path / "run" / "touches")
    monkeypatch.setattr("diurna.operations.delivery.ring_at", lambda _home: ring)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, cache_url="redis://127.0.0.1:9/0")
    ring.know(time.monotonic_ns())
    assert "diurna_relay_connected 1.0" in metrics_of(client)
    ring.know(1)
    assert "diurna_relay_connected 0.0" in metrics_of(client)


def test_what_a_cdn_was_told_is_a_metric(client: Client, stub: CdnStub) -> None:
    assert "diurna_cdn_given_up_total" in metrics_of(client)
