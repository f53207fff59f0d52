"""A name that is none of ours is a stranger's doing."""

import logging

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_wrong_host_fills_no_log(
    client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks for open doors asks thousands of times, and each had a traceback."""
    logger = logging.getLogger("django.security.DisallowedHost")
    # pytest listens to every logger, and Python writes only what nobody listens to.
    ours = [one for one in logger.handlers if not type(one).__module__.startswith("_pytest")]
    monkeypatch.setattr(logger, "handlers", ours)
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    assert capsys.readouterr().err == ""
