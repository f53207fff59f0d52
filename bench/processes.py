"""Server processes of a bench: started on a socket that is given to them, pinned, and weighed."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.header import tool
from bench.homes import HOST, ROOT

LOOPBACK: Final = "127.0.0.1"
BACKLOG: Final = 1024
START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 20.0
APPLICATION: Final = "diurna.config.wsgi:application"
# The same, with a line in a file for each page that is drawn.
COUNTED: Final = "bench.drawn:application"
KB: Final = 1024


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A listening socket on a free port, as the supervisor holds one."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, 0))
        listener.listen(BACKLOG)
        yield listener


def port_of(listener: socket.socket) -> int:
    """The port of a socket."""
    port: int = listener.getsockname()[1]
    return port


@contextmanager
def applications(
    environ: Mapping[str, str],
    listener: socket.socket,
    *,
    count: int = 1,
    core: int | None = None,
    target: str = APPLICATION,
) -> Iterator[list[int]]:
    """Application processes, as `diurna serve` starts one, on one socket; their process ids.

    With `core`, all of them stay on that core, where the system has `taskset`.
    """
    command = [*pinned(core), sys.executable, "-m", "diurna.operations.application", target]
    command += ["--socket", str(listener.fileno())]
    with contextlib.ExitStack() as stack:
        pids = [
            stack.enter_context(started(command, environ, handles=[listener.fileno()]))
            for _number in range(count)
        ]
        if count > 1:
            # One that answers says nothing about the others on its socket.
            wait_until(lambda: _have_loaded(environ, pids), "An application", environ)
        wait_until(
            lambda: status_of(port_of(listener), "/healthz") == 200, "The application", environ
        )
        yield pids


def _have_loaded(environ: Mapping[str, str], pids: Sequence[int]) -> bool:
    """Whether each of them has told so in the file of `bench.drawn`, which several have to run."""
    file = Path(environ["DIURNA_BENCH_DRAWN"])
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return {str(pid) for pid in pids} <= {line.split(" ")[0] for line in text.splitlines()}


@contextmanager
def started(
    command: Sequence[str], environ: Mapping[str, str], *, handles: Sequence[int] = ()
) -> Iterator[int]:
    """A process, stopped at the end; its id. What it says goes into `bench.log` of the home."""
    path = Path(environ["DIURNA_HOME"]) / "bench.log"
    with path.open("ab") as log:
        process = subprocess.Popen(
            command,
            env=dict(environ),
            cwd=ROOT,
            pass_fds=handles,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(is_so: Callable[[], bool], what: str, environ: Mapping[str, str]) -> None:
    """Call `is_so` until it is true; ends the bench with the log where that takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.1)
    log = Path(environ["DIURNA_HOME"]) / "bench.log"
    text = log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""
    sys.exit(f"{what} did not answer within {START_SECONDS:.0f} s.\n{text}")


def status_of(port: int, path: str) -> int:
    """The status of one answer; 0 where there is none."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=START_SECONDS)
    try:
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", HOST)
        connection.endheaders()
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def pinned(core: int | None) -> list[str]:
    """The words before a command that keep it on a core; none where that is not possible."""
    path = tool("taskset")
    return [path, "-c", str(core)] if path and core is not None else []


def two_cores() -> tuple[int | None, int | None]:
    """A core for the server and another for the load; None where one has to do for both."""
    present = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (present[0], present[1]) if len(present) > 1 else (None, None)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace")
            parents[int(path.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def processor_seconds(pids: Sequence[int]) -> float:
    """What these processes and all below them have used, in seconds."""
    ticks = 0
    for below in {child for pid in pids for child in tree(pid)}:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{below}/stat").read_text(encoding="utf-8", errors="replace")
            fields = text.rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> dict[int, float]:
    """The memory of a process and of each below it, in MB: what is shared is shared out (PSS)."""
    told = {}
    for below in tree(pid):
        with contextlib.suppress(OSError):
            told[below] = pss_kb(Path(f"/proc/{below}/smaps_rollup").read_text("ascii")) / KB
    return told


def pss_kb(rollup: str) -> int:
    """The proportional set size that a `smaps_rollup` tells, in KB; 0 where it has none."""
    return next((int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:"), 0)
