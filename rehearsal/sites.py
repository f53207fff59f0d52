"""Throw-away sites to judge: the demonstration, and the same pages as of a real site."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import urllib3

from rehearsal.tools import REPOSITORY

BUILD_SECONDS: Final = 900
START_SECONDS: Final = 90
STOP_SECONDS: Final = 20

# An article nobody links to by hand, so that only its own page changes.
_WITHDRAW: Final = """
from diurna.newsroom.models import Article, RelatedArticle
linked = RelatedArticle.objects.values("related_id")
article = Article.objects.published().exclude(pk__in=linked).last()
path = article.address_path()
article.unpublish()
print("withdrawn:" + path)
"""
_TURN_RIGHT_TO_LEFT: Final = """
from diurna.newsroom.models import NewsroomSettings
NewsroomSettings.objects.update(language="ar")
"""


class SiteFailed(Exception):
    """A site could not be built or started; the message has the last lines of its output."""


@dataclass(frozen=True)
class Site:
    """A running site; `withdrawn` is the path of an article that was taken off, or empty."""

    address: str
    withdrawn: str = ""


def build(home: Path, port: int) -> str:
    """Build the demonstration in `home`; returns the path of an article withdrawn from it."""
    _run(["demo", "--site-url", f"http://localhost:{port}"], home)
    said = _run(["manage", "shell", "-c", _WITHDRAW], home)
    # The sizes of the pictures are made by tasks; a page names only those that are there.
    _run(["manage", "db_worker", "--batch"], home)
    return next(
        line.removeprefix("withdrawn:")
        for line in said.splitlines()
        if line.startswith("withdrawn:")
    )


def copy_as_real(demonstration: Path, home: Path, port: int) -> None:
    """The demonstration's pages as a real site: no banner, no `noindex`. For measuring only."""
    shutil.copytree(demonstration / "demo", home)
    site = json.loads((home / "site.json").read_text())
    site |= {"demo": False, "site_url": f"http://localhost:{port}"}
    (home / "site.json").write_text(json.dumps(site))


def turn_right_to_left(home: Path) -> None:
    """Make the newsroom's language Arabic, so that every page runs right to left."""
    _run(["manage", "shell", "-c", _TURN_RIGHT_TO_LEFT], home)


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """`diurna serve` for the length of the block; the site's address without a slash at the end."""
    log = home.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_diurna(), "serve", "--port", str(port)],
            env=_environment(home),
            cwd=REPOSITORY,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/healthz", process, log)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _diurna() -> list[str]:
    return [sys.executable, "-m", "diurna.cli"]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {**kept, "DIURNA_HOME": str(home), "PYTHONUTF8": "1"}


def _run(arguments: list[str], home: Path) -> str:
    done = subprocess.run(
        [*_diurna(), *arguments],
        env=_environment(home),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-1500:]
        raise SiteFailed(f"`diurna {' '.join(arguments[:2])}` failed:\n{said}")
    return done.stdout


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib3.request("GET", address, timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.3)
        else:
            return
    raise SiteFailed(f"`diurna serve` did not answer:\n{log.read_text()[-1500:]}")
