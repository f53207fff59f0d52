"""A child process that ends when its supervisor does, however that one ended.

The supervisor keeps one end of a pipe and hands the other down by number. When the supervisor is
gone, the kernel closes its end, and the child asks itself to stop.
"""

import os
import signal
import threading

VARIABLE = "DIURNA_LIFELINE"


def hold() -> None:
    """Watch the lifeline, if this process was given one, in a thread of its own."""
    number = os.environ.pop(VARIABLE, "")
    if number.isdigit():
        threading.Thread(target=_watch, args=(int(number),), name="lifeline", daemon=True).start()


def _watch(handle: int) -> None:
    # Nothing is ever written: the read ends when the other end is closed.
    while os.read(handle, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
