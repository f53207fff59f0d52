"""The application process: Granian's WSGI server on a socket that the supervisor holds.

    python -m diurna.operations.application TARGET --socket FD [--cert FILE --key FILE]

Granian's own command starts a master and forks workers, so that Python is loaded twice, and it
gives up when two workers die within seconds. Here the worker runs in this process; whoever started
it starts it again. The listening socket stays open meanwhile: who connects during a restart waits
for a moment instead of being turned away.
"""

import argparse
import asyncio
import gc
import importlib
import resource
import sys
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server import mt

from diurna.common.errors import DiurnaError
from diurna.operations.gateway import Gateway
from diurna.operations.threads import Threads

# So many requests are worked on at once; pages that lie ready need no thread.
THREADS = 64
# Threads that idle end, and with them their database connections.
THREAD_IDLE_SECONDS = 30
BACKLOG = 1024
# Connections beyond this wait in the kernel's queue. Browsers keep theirs open for a while, so
# there are many more of them than requests at once.
BACKPRESSURE = 4096
FILES = 3 * BACKPRESSURE
# A thread that computes lets others in after this; a finished page must not wait for one that is
# being drawn.
SWITCH_SECONDS = 0.0005
STOP_SECONDS = 5
EXIT_MISCONFIGURED = 2


class OneProcessServer(mt.MTServer):
    """Granian's threaded server, on Python with a global lock, on a given socket, for WSGI by our
    own gateway.

    Upstream offers it for free-threaded Python only, where one process is enough for all cores;
    one process is what an embedded installation wants.
    """

    def __init__(self, *args: Any, socket: int, application: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given_socket = socket
        threads = Threads(THREADS, idle_seconds=THREAD_IDLE_SECONDS, name="request")

        def scheduler(loop: asyncio.AbstractEventLoop, *_callback: Any, **_how: Any) -> Gateway:
            return Gateway(loop, application, threads)

        # The one place where Granian's worker can be given another way to call an application.
        mt._new_cbscheduler = scheduler

    def _check_gil(self) -> None:
        """Any Python will do."""

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(self._given_socket, False, self.backlog)
        self._sfd = self._given_socket


def main() -> None:
    """Load the application named on the command line and serve it until SIGTERM or SIGINT."""
    arguments = _arguments()
    _allow_files()
    # Nearly all that is made while loading stays, so looking for garbage meanwhile is wasted: it
    # took a fifth of the time to the first page.
    gc.disable()
    application = load(arguments.target)

    from diurna.operations import garbage, lifeline

    lifeline.hold()
    garbage.begin()
    server = OneProcessServer(
        arguments.target,
        socket=arguments.socket,
        application=application,
        interface=Interfaces.RSGI,
        workers=1,
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
    sys.setswitchinterval(SWITCH_SECONDS)
    server.serve(target_loader=lambda: _never_called, wrap_loader=False)


async def _never_called(_scope: Any, _proto: Any) -> None:
    """What Granian believes it calls; the gateway does instead."""


def _allow_files() -> None:
    """As many open files as this account may have: each connection is one, and 1,024 is usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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
