"""A real site, with the real processes: init, invite, look, serve, stop.

Its tables are there when `diurna init` begins: the migrations have made them in an empty file, once
for all tests (tests/migrated.py).
"""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.factories.sites import free_port

START_SECONDS = 60.0
STOP_SECONDS = 60.0
COMMAND = [sys.executable, "-m", "diurna.cli"]

pytestmark = pytest.mark.skipif(
    "DIURNA_TEST_DATABASE_URL" in os.environ,
    reason="brings its own database; runs with the others on SQLite",
)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("site") / "home"
    return {"PATH": os.environ["PATH"], "DIURNA_HOME": str(home)}


@pytest.fixture(scope="module")
def site(environ: dict[str, str]) -> dict[str, str]:
    """The environment of a site that `diurna init` made."""
    migrated.begin(Path(environ["DIURNA_HOME"]))
    run(environ, "init", "--site-url", "http://localhost:8000", "--local", "--name", "The Gull")
    return environ


@pytest.fixture(scope="module")
def served(site: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running `diurna serve` and its address."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", f"--port={port}"], env=site, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Your site is at http://localhost:8000"), line
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
        process.wait()
    process.stdout.close()


def run(environ: dict[str, str], *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def read(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=START_SECONDS) as answer:
        return answer.status, answer.read().decode()


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def test_an_invited_editor_gets_a_link(site: dict[str, str]) -> None:
    text = run(site, "editor", "add", "ada@news.example")
    assert re.search(r"http://localhost:8000/account/\S+", text)


def test_the_doctor_sees_the_mail_that_nobody_sends(site: dict[str, str]) -> None:
    text = run(site, "doctor", status=1)
    assert re.search(r"^todo\s+mail .*EMAIL_URL", text, re.MULTILINE)
    assert re.search(r"^ok\s+database ", text, re.MULTILINE)


def test_manage_works_on_the_site(site: dict[str, str]) -> None:
    text = run(
        site,
        "manage",
        "shell",
        "--no-imports",
        "-c",
        "from wagtail.models import Site\nprint(Site.objects.get())",
    )
    assert "The Gull" in text


def test_there_is_no_second_site_in_the_same_home(site: dict[str, str]) -> None:
    assert "already" in run(site, "init", "--site-url", "https://news.example", status=1)


def test_the_site_is_served(served: tuple["subprocess.Popen[str]", str]) -> None:
    _, address = served
    status, page = read(address)
    assert status == 200
    assert "The Gull" in page
    assert "Demonstration: written by a script" not in page
    assert read(f"{address}/readyz")[0] == 200
    for what in (r'href="(/theme-[^"]+\.css)"', r'src="(/static/[^"]+\.js)"'):
        found = re.search(what, page)
        assert found is not None, what
        assert read(address + found[1])[0] == 200


def test_it_cannot_be_served_twice(
    site: dict[str, str], served: tuple["subprocess.Popen[str]", str]
) -> None:
    assert "served already" in run(site, "serve", f"--port={free_port()}", status=1)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found in /proc")
def test_a_killed_application_comes_back(served: tuple["subprocess.Popen[str]", str]) -> None:
    process, address = served
    (before,) = children_of(process.pid)[:1]
    os.kill(before, signal.SIGKILL)
    # The socket stays open, so this simply takes a little longer.
    assert read(f"{address}/healthz")[0] == 200
    assert before not in children_of(process.pid)


def test_ctrl_c_stops_everything(served: tuple["subprocess.Popen[str]", str]) -> None:
    process, address = served
    children = children_of(process.pid) if Path("/proc/self/task").is_dir() else []
    process.send_signal(signal.SIGINT)
    assert process.wait(STOP_SECONDS) == 0
    deadline = time.monotonic() + STOP_SECONDS
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
    with pytest.raises(OSError, match="refused"):
        read(address)
