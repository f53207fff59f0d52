"""The application process, with a small application in place of Django."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from diurna.operations.supervisor import listen

HELLO = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REMOTE_ADDR']} {environ['PATH_INFO']}".encode("latin-1")]
"""
COMMAND = [sys.executable, "-m", "diurna.operations.application"]
STOP_SECONDS = 60


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    (tmp_path / "hello.py").write_text(HELLO)
    with listen("127.0.0.1", 0) as listener:
        process = subprocess.Popen(
            [*COMMAND, "hello:application", "--socket", str(listener.fileno())],
            pass_fds=[listener.fileno()],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )
        yield process, f"http://127.0.0.1:{listener.getsockname()[1]}"
    process.kill()
    process.wait()


def test_it_answers_on_the_socket_it_was_given(
    running: tuple["subprocess.Popen[bytes]", str],
) -> None:
    _, address = running
    with urllib.request.urlopen(f"{address}/caf%C3%A9", timeout=30) as answer:
        # WSGI: the address without a port, the path decoded and handed over as Latin-1.
        assert answer.read() == "127.0.0.1 /café".encode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(
    running: tuple["subprocess.Popen[bytes]", str], number: signal.Signals
) -> None:
    process, address = running
    urllib.request.urlopen(address, timeout=30).close()
    process.send_signal(number)
    assert process.wait(STOP_SECONDS) == 0


def test_settings_that_cannot_work_are_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "diurna.config.wsgi:application", "--socket", "0"],
        env={
            "PATH": os.environ["PATH"],
            "DIURNA_HOME": str(tmp_path),
            "CACHE_URL": "memcached://host",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Error: CACHE_URL starts with 'memcached'; write valkey://")
    assert done.stderr.count("\n") == 1
