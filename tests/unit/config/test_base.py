"""The settings themselves, read in a process of their own as at a start."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diurna.common.home import SiteFile, write_site

NAMES = (
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "DEBUG",
    "DIURNA_DEMO",
    "DIURNA_SITE_URL",
    "SECURE_HSTS_SECONDS",
    "SECRET_KEY",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
)
PROGRAM = f"""
import json
from diurna.config.settings import base
print(json.dumps({{name: getattr(base, name) for name in {NAMES!r}}}))
"""


def settings(home: Path, **environ: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PATH": os.environ["PATH"], "DIURNA_HOME": str(home), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_the_default_serves_this_machine_only(tmp_path: Path) -> None:
    read = settings(tmp_path)
    assert read["DEBUG"] is False
    assert read["DIURNA_DEMO"] is False
    assert read["DIURNA_SITE_URL"] == "http://localhost:8000"
    assert read["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert (read["SESSION_COOKIE_NAME"], read["SESSION_COOKIE_SECURE"]) == ("session", False)
    assert read["SECURE_HSTS_SECONDS"] == 0
    assert read["SECRET_KEY"] == (tmp_path / "secret_key").read_text().strip()


def test_https_binds_cookies_to_the_host(tmp_path: Path) -> None:
    read = settings(tmp_path, SITE_URL="https://news.example")
    assert read["ALLOWED_HOSTS"][0] == "news.example"
    assert (read["SESSION_COOKIE_NAME"], read["SESSION_COOKIE_SECURE"]) == ("__Host-session", True)
    assert (read["CSRF_COOKIE_NAME"], read["CSRF_COOKIE_SECURE"]) == ("__Host-csrf", True)
    assert read["SECURE_HSTS_SECONDS"] > 0


@pytest.mark.parametrize("demo", [True, False])
def test_the_home_says_what_it_is(tmp_path: Path, demo: bool) -> None:
    write_site(tmp_path, SiteFile.new(demo=demo, site_url="https://news.example"))
    read = settings(tmp_path)
    assert read["DIURNA_DEMO"] is demo
    assert read["DIURNA_SITE_URL"] == "https://news.example"
    # Nobody should be kept from a demonstration by what a browser remembers of it.
    assert (read["SECURE_HSTS_SECONDS"] == 0) is demo


def test_a_supplied_key_is_used_and_none_is_made(tmp_path: Path) -> None:
    assert settings(tmp_path, SECRET_KEY="k" * 60)["SECRET_KEY"] == "k" * 60
    assert not (tmp_path / "secret_key").exists()
