"""A name that is none of ours is a stranger's doing."""

import pytest
from django.test import Client


def test_a_wrong_host_fills_no_log(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks for open doors asks thousands of times, and each had a traceback."""
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    assert capsys.readouterr().err == ""
