"""The supervisor with small programs in place of the application and the worker."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diurna.operations import supervisor as module
from diurna.operations.supervisor import CannotListen, Plan, Supervisor, listen

# Answers every connection on the socket it was given.
APPLICATION = """
import os, socket, sys
directory = sys.argv[1]
with open(f"{directory}/application.pids", "a") as pids:
    pids.write(f"{os.getpid()}\\n")
listener = socket.socket(fileno=int(sys.argv[2]))
while True:
    connection, _ = listener.accept()
    connection.sendall(b"up")
    connection.close()
"""
WORKER = """
import os, sys
directory = sys.argv[1]
os.unlink(f"{directory}/wake")
with open(f"{directory}/worker.pids", "a") as pids:
    pids.write(f"{os.getpid()}\\n")
"""
PATIENCE_SECONDS = 60.0


class Stage:
    """A directory, a socket, what was said, and a supervisor that runs until `script` ends."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.listener = listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.said: list[str] = []
        self.ready = threading.Event()
        self.over = threading.Event()

    def run(self, script: Callable[[], None], application: str = APPLICATION) -> int:
        """Run the supervisor in this thread and the script in another."""
        plan = Plan(
            application=[sys.executable, "-c", application, str(self.directory)],
            worker=[sys.executable, "-c", WORKER, str(self.directory)],
            wake_file=self.directory / "wake",
            environ=dict(os.environ),
        )
        supervisor = Supervisor(
            plan, self.listener, say=self.said.append, ready=self.ready.set, is_up=self.is_up
        )
        thread = threading.Thread(target=self._script, args=(script,))
        thread.start()
        try:
            return supervisor.run()
        finally:
            self.over.set()
            thread.join()

    def is_up(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(2) == b"up"
        except OSError:
            return False

    def pids(self, name: str) -> list[int]:
        path = self.directory / f"{name}.pids"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    def _script(self, script: Callable[[], None]) -> None:
        try:
            script()
        finally:
            if not self.over.is_set():
                os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(module, "FIRST_DELAY_SECONDS", 0.05)
    own = Stage(tmp_path)
    yield own
    own.listener.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_serves_and_stops_everything_when_asked(stage: Stage) -> None:
    assert stage.run(lambda: stage.wait_for(stage.ready.is_set)) == 0
    (pid,) = stage.pids("application")
    assert not is_alive(pid)
    assert stage.said == []


def test_an_application_that_dies_is_started_again_and_again(stage: Stage) -> None:
    def kill_it_twice() -> None:
        stage.wait_for(stage.ready.is_set)
        for number in (1, 2):
            os.kill(stage.pids("application")[-1], signal.SIGKILL)
            stage.wait_for(lambda number=number: len(stage.pids("application")) > number)
            stage.wait_for(stage.is_up)

    assert stage.run(kill_it_twice) == 0
    assert [line.partition(";")[0] for line in stage.said] == [
        "The application ended (signal SIGKILL)",
        "The application ended (signal SIGKILL)",
    ]


def test_who_connects_during_a_restart_is_served_after_it(stage: Stage) -> None:
    answers: list[bytes] = []

    def kill_and_connect() -> None:
        stage.wait_for(stage.ready.is_set)
        os.kill(stage.pids("application")[-1], signal.SIGKILL)
        with socket.create_connection(
            ("127.0.0.1", stage.port), timeout=PATIENCE_SECONDS
        ) as connection:
            answers.append(connection.recv(2))

    stage.run(kill_and_connect)
    # Either it was the dying process that took the connection, or the next one answered.
    assert answers in ([b"up"], [b""])


def test_the_delay_doubles_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    child = module.Child("It", [sys.executable, "-c", "raise SystemExit(3)"], {}, [], said.append)
    for _ in range(7):
        child.start()
        assert child.process is not None
        child.process.wait()
        assert child.look() == 3
        child.start()
        assert child.process is None, "started before its delay was over"
        clock[0] = child.not_before
    assert [line.split()[-2] for line in said] == ["1", "2", "4", "8", "16", "30", "30"]


def test_one_that_was_well_for_long_starts_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    child = module.Child("It", [sys.executable, "-c", "raise SystemExit(3)"], {}, [], said.append)
    for lived in (0.0, 0.0, module.STEADY_SECONDS):
        child.start()
        assert child.process is not None
        child.process.wait()
        clock[0] += lived
        child.look()
        clock[0] = child.not_before
    assert [line.split()[-2] for line in said] == ["1", "2", "1"]


def test_a_wrong_configuration_ends_the_start(stage: Stage) -> None:
    def wait() -> None:
        assert stage.over.wait(PATIENCE_SECONDS)

    assert stage.run(wait, application="raise SystemExit(2)") == 2


def test_the_worker_comes_when_there_is_work(stage: Stage) -> None:
    def ask_twice() -> None:
        stage.wait_for(stage.ready.is_set)
        assert stage.pids("worker") == []
        for number in (1, 2):
            (stage.directory / "wake").touch()
            stage.wait_for(lambda number=number: len(stage.pids("worker")) == number)

    assert stage.run(ask_twice) == 0
    assert stage.said == []


def test_a_child_ends_with_its_supervisor_however_that_ends(tmp_path: Path) -> None:
    supervised = (
        "import os, sys, time\n"
        "from diurna.operations import lifeline\n"
        "lifeline.hold()\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(60)\n"
    )
    reader, writer = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-c", supervised],
        env={**os.environ, "DIURNA_LIFELINE": str(reader)},
        pass_fds=[reader],
        stdout=subprocess.PIPE,
    )
    os.close(reader)
    assert child.stdout is not None
    assert child.stdout.readline()
    assert child.poll() is None
    os.close(writer)
    assert child.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    child.stdout.close()


def test_a_taken_port_is_a_sentence_with_the_remedy() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"Port {port} is taken .* --port {port + 1}\."):
            listen("127.0.0.1", port, patience=0)


def test_a_port_that_is_given_back_a_moment_later_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = listen("127.0.0.1", 0)
    port = before.getsockname()[1]
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: before.close())
    with listen("127.0.0.1", port) as after:
        assert after.getsockname()[1] == port


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotListen, match=r"no address 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_the_supervisor_loads_neither_django_nor_anything_large() -> None:
    program = (
        "import sys, diurna.cli.serving\n"
        "large = {'django', 'wagtail', 'granian', 'cryptography', 'rich', 'ssl', 'asyncio'}\n"
        "sys.exit(', '.join(sorted(large & set(sys.modules))) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == ""
    assert done.returncode == 0
