"""The application, with a line in a file for each request that reaches Django.

What the page store answers itself leaves no line, so the lines are the pages that were drawn. The
file is that of `DIURNA_BENCH_DRAWN`; several processes may write to it.
"""

import os
from typing import Any

from django.core.signals import request_started

from diurna.config.wsgi import application

__all__ = ["application"]

_file = os.open(os.environ["DIURNA_BENCH_DRAWN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _note(*, environ: dict[str, Any], **_kwargs: Any) -> None:
    # One write of one short line, which the kernel does not mix with others'.
    os.write(_file, f"{os.getpid()} {environ.get('PATH_INFO', '')}\n".encode())


# That this process has loaded, for who waits for several.
_note(environ={})
request_started.connect(_note)
