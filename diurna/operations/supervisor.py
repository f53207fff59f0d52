"""Keeps one application process and, when there is work, one task worker alive.

Standard library only: the supervisor never imports Django, so that it costs a few megabytes. A
child that dies is started again, at first after a second, then after twice as long each time, at
most after half a minute, for ever. SIGINT and SIGTERM stop everything; a second one at once.
See docs/decisions/supervisor.md.
"""

import contextlib
import errno
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diurna.common.errors import DiurnaError
from diurna.operations import lifeline

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
# A child that lived this long was well: the next delay starts from the beginning.
STEADY_SECONDS = 60.0
POLL_SECONDS = 1.0
# While the first page is awaited, the look-out is closer.
STARTING_POLL_SECONDS = 0.05
# Requests and tasks that are running get this long to finish; a task that did not is run again
# after the next start.
STOP_SECONDS = 6.0
LISTEN_BACKLOG = 1024
PORT_PATIENCE_SECONDS = 3.0
_PORT_STEP_SECONDS = 0.1
# A configuration that cannot work does not get better by trying again.
EXIT_MISCONFIGURED = 2


class CannotListen(DiurnaError):
    """The address is taken, or not ours."""

    code = "cannot_listen"


def listen(host: str, port: int, *, patience: float = PORT_PATIENCE_SECONDS) -> socket.socket:
    """A listening socket. Raises CannotListen with a sentence that says what to do.

    A server that was killed a moment ago lets go of its port a little later; who starts it again
    waits for that, `patience` seconds at most.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return _bound(host, port)
        except PermissionError as error:
            raise CannotListen(
                f"Only the administrator may use port {port}; choose one above 1023,"
                " for example --port 8000."
            ) from error
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
                raise CannotListen(
                    f"This machine has no address {host} ({error.strerror});"
                    " choose another with --host."
                ) from error
            if time.monotonic() >= deadline:
                raise CannotListen(
                    f"Port {port} is taken by another program; choose another with --port,"
                    f" for example --port {port + 1}."
                ) from error
        time.sleep(_PORT_STEP_SECONDS)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(LISTEN_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to run: commands (without a shell), their environment, and when the worker is due.

    `application` finds the listening socket's number after its last argument.
    """

    application: Sequence[str]
    worker: Sequence[str]
    wake_file: Path
    environ: Mapping[str, str]


class Child:
    """One process that is to live, or to come when called."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        handles: Sequence[int],
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self.not_before = 0.0
        self._command = command
        self._environ = environ
        self._handles = handles
        self._say = say
        self._started = 0.0
        self._delay = FIRST_DELAY_SECONDS

    def start(self) -> None:
        """Start the process if it does not run and its delay is over."""
        if self.process is not None or time.monotonic() < self.not_before:
            return
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self._command,
            env=self._environ,
            pass_fds=self._handles,
            # Ctrl-C reaches the supervisor only, which then stops its children in order.
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def look(self) -> int | None:
        """The exit status if the process has ended since the last look; plans the next start."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        self.process = None
        now = time.monotonic()
        if status == 0:
            self._delay = FIRST_DELAY_SECONDS
            return status
        if now - self._started >= STEADY_SECONDS:
            self._delay = FIRST_DELAY_SECONDS
        self.not_before = now + self._delay
        self._say(f"{self.name} ended ({_reason(status)}); starting again in {self._delay:g} s.")
        self._delay = min(2 * self._delay, LONGEST_DELAY_SECONDS)
        return status

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def is_gone(self) -> bool:
        """Whether nothing runs any more."""
        return self.process is None or self.process.poll() is not None


class Supervisor:
    """Runs a plan until it is asked to stop."""

    def __init__(
        self,
        plan: Plan,
        listener: socket.socket,
        *,
        say: Callable[[str], None],
        ready: Callable[[], None],
        is_up: Callable[[], bool],
    ) -> None:
        self._plan = plan
        self._ready = ready
        self._is_up = is_up
        self._line, self._children_line = os.pipe2(os.O_CLOEXEC)
        environ = {**plan.environ, lifeline.VARIABLE: str(self._line)}
        number = listener.fileno()
        self._application = Child(
            "The application",
            [*plan.application, str(number)],
            environ,
            [number, self._line],
            say,
        )
        self._worker = Child("The task worker", plan.worker, environ, [self._line], say)

    def run(self) -> int:
        """Supervise until SIGINT or SIGTERM; the exit status for the command."""
        with _signal_pipe() as pipe:
            try:
                return self._run(pipe)
            finally:
                self._stop(pipe)
                os.close(self._line)
                os.close(self._children_line)

    def _run(self, pipe: int) -> int:
        is_ready = False
        while True:
            self._application.start()
            if is_ready and self._plan.wake_file.exists():
                self._worker.start()
            poll = POLL_SECONDS if is_ready else STARTING_POLL_SECONDS
            if _asked_to_stop(pipe, poll):
                return 0
            self._worker.look()
            if self._application.look() == EXIT_MISCONFIGURED and not is_ready:
                return EXIT_MISCONFIGURED
            if not is_ready and self._application.process is not None and self._is_up():
                is_ready = True
                self._ready()

    def _stop(self, pipe: int) -> None:
        children = (self._application, self._worker)
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while not all(child.is_gone() for child in children):
            if _asked_to_stop(pipe, STARTING_POLL_SECONDS) or time.monotonic() > deadline:
                for child in children:
                    child.signal(signal.SIGKILL)
                break
        for child in children:
            if child.process is not None:
                child.process.wait()


@contextlib.contextmanager
def _signal_pipe() -> Iterator[int]:
    """A pipe from which the numbers of arriving signals can be read, as bytes."""
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
    # A handler must exist for the number to be written; what it does is nothing.
    before = {number: signal.signal(number, lambda *_: None) for number in watched}
    previous = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(previous)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)


def _asked_to_stop(pipe: int, seconds: float) -> bool:
    """Wait for a signal; a child's end only cuts the wait short."""
    readable, _, _ = select.select([pipe], [], [], seconds)
    if not readable:
        return False
    return any(number in (signal.SIGINT, signal.SIGTERM) for number in os.read(pipe, 64))


def _reason(status: int) -> str:
    if status < 0:
        return f"signal {signal.Signals(-status).name}"
    return f"exit status {status}"
