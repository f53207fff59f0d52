"""The application process: Granian's WSGI server on a socket that the supervisor holds.

    python -m diurna.operations.application TARGET --socket FD [--cert FILE --key FILE]

Granian's own command starts a master and forks workers, so that Python is loaded twice, and it
gives up when two workers die within seconds. Here the worker runs in this process; whoever started
it starts it again. The listening socket stays open meanwhile: who connects during a restart waits
for a moment instead of being turned away.
"""

import argparse
import gc
import importlib
import sys
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server.mt import MTServer

from diurna.common.errors import DiurnaError

BLOCKING_THREADS = 64
# Threads that idle end, and with them their database connections.
THREAD_IDLE_SECONDS = 30
BACKLOG = 1024
# Requests beyond this wait in the kernel's queue, not in memory.
BACKPRESSURE = 128
STOP_SECONDS = 5
EXIT_MISCONFIGURED = 2


class OneProcessServer(MTServer):
    """Granian's threaded server, on Python with a global lock and on a given socket.

    Upstream offers it for free-threaded Python only, where one process is enough for all cores;
    one process is what an embedded installation wants.
    """

    def __init__(self, *args: Any, socket: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given_socket = socket

    def _check_gil(self) -> None:
        """Any Python will do."""

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(self._given_socket, False, self.backlog)
        self._sfd = self._given_socket


def main() -> None:
    """Load the application named on the command line and serve it until SIGTERM or SIGINT."""
    arguments = _arguments()
    # Nearly all that is made while loading stays, so looking for garbage meanwhile is wasted: it
    # took a fifth of the time to the first page.
    gc.disable()
    application = load(arguments.target)

    from diurna.operations import lifeline

    lifeline.hold()
    gc.collect()
    # From here on the collector need not look at what was loaded.
    gc.freeze()
    gc.enable()
    server = OneProcessServer(
        arguments.target,
        socket=arguments.socket,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        blocking_threads_idle_timeout=THREAD_IDLE_SECONDS,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        http=HTTPModes.auto if arguments.cert else HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        ssl_cert=arguments.cert,
        ssl_key=arguments.key,
        workers_kill_timeout=STOP_SECONDS,
    )
    # What is to be stopped in order (the clock) has registered itself with atexit.
    server.serve(target_loader=lambda: application, wrap_loader=False)


def load(target: str) -> Any:
    """The application that `module:name` names; ends the process if its settings cannot work."""
    from django.core.exceptions import ImproperlyConfigured

    module, _, name = target.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (DiurnaError, ImproperlyConfigured) as error:
        sys.stderr.write(f"Error: {error}\n")
        # The supervisor gives up on this status: trying again would not help.
        sys.exit(EXIT_MISCONFIGURED)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="diurna.operations.application")
    parser.add_argument("target")
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--cert", type=Path)
    parser.add_argument("--key", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
