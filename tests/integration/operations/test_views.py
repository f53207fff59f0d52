"""Addresses for machines: health, readiness, metrics."""

import time
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from diurna.delivery.proxies import FORWARDED, TrustedProxies
from diurna.operations import clock, health

pytestmark = pytest.mark.django_db

TOKEN = "t" * 20


def test_healthz_answers_without_the_database(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_readyz_names_what_holds(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "home": "ok", "clock": "ok"}


def test_readyz_says_503_when_the_clock_hangs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = clock.Clock(())
    hanging.beat = time.monotonic() - 2 * health.CLOCK_LATE_SECONDS
    monkeypatch.setattr(hanging, "is_running", lambda: True)
    monkeypatch.setattr(clock, "_clock", hanging)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["clock"].startswith("last round ")


def test_readyz_says_503_when_the_home_is_gone(client: Client, settings: Settings) -> None:
    settings.DIURNA_HOME = settings.DIURNA_HOME / "gone"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["home"] == "No such file or directory"


def test_metrics_for_this_machine(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    text = answer.content.decode()
    for name in ("diurna_info", "diurna_sqlite_gate_longest_wait_seconds", "diurna_tasks{"):
        assert name in text


def test_metrics_are_hidden_from_others(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404


def test_metrics_for_who_has_the_token(client: Client, settings: Settings) -> None:
    settings.DIURNA_METRICS_TOKEN = TOKEN
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=bearer).status_code == 200
    wrong = {"Authorization": "Bearer " + "x" * 20}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=wrong).status_code == 404
    # With a token, an unnamed proxy on this machine opens nothing.
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_for_reading_only(client: Client, path: str) -> None:
    assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


@pytest.mark.parametrize(("sent", "status"), [({}, 200), ({"HTTP_X_FORWARDED_FOR": "x"}, 404)])
def test_metrics_behind_the_layer_of_proxies_are_for_this_machine_only(
    sent: dict[str, str], status: int, client: Client
) -> None:
    passed_on: list[dict[str, Any]] = []

    def inner(environ: dict[str, Any], _start: object) -> list[bytes]:
        passed_on.append(environ)
        return []

    request = RequestFactory(REMOTE_ADDR="127.0.0.1").get("/metrics", **sent)
    TrustedProxies(inner, ())(request.environ, lambda *_: None)
    marked = {FORWARDED: passed_on[0][FORWARDED]}
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1", **marked)
    assert answer.status_code == status
